import Kernels
import TestSupport
@testable import Tensors
import Testing

/// How gradients travel, accumulate, and are refused.
@Suite struct AutogradTests {
  private func leaf(_ values: [Float], _ shape: Shape) throws -> Tensor {
    let tensor = try Tensor(values, shape)
    try tensor.requireGradient()
    return tensor
  }

  @Test func gradientsAccumulateOnLeaves() throws {
    let x = try leaf([1, 2], [2])
    try (x * x).sum().backward()
    try (x * 3).sum().backward()
    #expect(try x.gradient?.floats() == [5, 7])
  }

  @Test func aDiamondAddsBothPaths() throws {
    let x = try leaf([2], [1])
    let y = try x * 3
    try (y * y + y).backward()
    #expect(try x.gradient?.floats() == [39])
  }

  @Test func sharedGradientBuffersAreNotChanged() throws {
    // The gradient of the sum flows unchanged to a, to b and to the product; adding at one must not show at another.
    let a = try leaf([1, 2], [2]), b = try leaf([3, 4], [2])
    let sum = try a + b
    let seed = try Tensor([1.0, 1], [2])
    try (sum + a * 2).backward(gradient: seed)
    #expect(try a.gradient?.floats() == [3, 3])
    #expect(try b.gradient?.floats() == [1, 1])
    #expect(try seed.floats() == [1, 1])
    try (a + b).backward(gradient: seed)
    #expect(try a.gradient?.floats() == [4, 4])
    #expect(try b.gradient?.floats() == [2, 2])
    #expect(try seed.floats() == [1, 1])
    #expect(a.gradient!.buffer.storage !== b.gradient!.buffer.storage)
  }

  @Test func aGradientHeldByTheCallerIsNotAdopted() throws {
    let x = try leaf([1, 2], [2])
    let seed = try Tensor([5.0, 6], [2])
    try (x + 0).backward(gradient: seed)
    try x.gradient!.fill(0)
    #expect(try seed.floats() == [5, 6])
  }

  @Test func freshGradientsAreAdoptedWithoutACopy() throws {
    let x = try leaf([1.0, 2], [2])
    var made: [UnsafeMutableRawPointer] = []
    func fresh() throws -> Tensor {
      let gradient = try Tensor.ones([2])
      made.append(gradient.buffer.pointer)
      return gradient
    }
    try Tensor.ones([2]).recorded("one", x) { _ in try fresh() }.sum().backward()
    #expect(x.gradient?.buffer.pointer == made[0])
    x.gradient = nil
    try Tensor.ones([2]).recorded("joint", jointly: [nil, x]) { _ in [nil, try fresh()] }.sum().backward()
    #expect(x.gradient?.buffer.pointer == made[1])
    // Held elsewhere, it is copied.
    x.gradient = nil
    let held = try fresh()
    try Tensor.ones([2]).recorded("held", x) { _ in held }.sum().backward()
    #expect(x.gradient?.buffer.pointer != made[2])
  }

  @Test func detachedBranchesGetNothing() throws {
    let x = try leaf([1, 2], [2]), y = try leaf([3, 4], [2])
    try (x * y.detached()).sum().backward()
    #expect(y.gradient == nil)
    #expect(try x.gradient?.floats() == [3, 4])
    #expect(x.detached().buffer.storage === x.buffer.storage)
  }

  @Test func withoutGradientRecordsNothingAndIsRestoredByErrors() throws {
    let x = try leaf([1, 2], [2])
    #expect(try Tensor.withoutGradient { try (x * 2).isTracked } == false)
    #expect(throws: TensorError.self) {
      try Tensor.withoutGradient { throw TensorError("on purpose") }
    }
    #expect(Tensor.isGradientEnabled)
    #expect(try (x * 2).isTracked)
  }

  @Test func gradientsLieInMemoryAsTheirLeavesDo() throws {
    let weight = try leaf([1, 2, 3, 4, 5, 6], [2, 3])
    try weight.transposed().square().sum().backward()
    #expect(weight.gradient?.buffer.strides == [3, 1])
    let image = Tensor(buffer: try Buffer(.float32, [2, 3, 2, 2], format: .channelsLast))
    try image.fill(1)
    try image.requireGradient()
    try image.flattened(from: 1).square().sum().backward()
    #expect(image.gradient?.buffer.isChannelsLast == true)
    try requireClose(image.gradient!, Tensor.full([2, 3, 2, 2], 2))
  }

  @Test func retainedGraphsCanBeUsedAgain() throws {
    let x = try leaf([3], [1])
    let y = try x * x
    try y.backward(retainGraph: true)
    try y.backward(retainGraph: true)
    #expect(try x.gradient?.floats() == [12])
  }

  @Test func freedGraphsAreRefusedBeforeAnythingChanges() throws {
    let x = try leaf([3], [1])
    let y = try x.exp()
    try (y * 2).backward()
    let before = try x.gradient!.floats()
    let other = try y * 3 + x
    let error = #expect(throws: TensorError.self) { try other.backward() }
    #expect(
      error?.description == "backward: the graph at exp was freed by an earlier backward; "
        + "give that one retain_graph to go through it again")
    #expect(try x.gradient!.floats() == before)
  }

  @Test func staleValuesAreRefusedByName() throws {
    let x = try leaf([1, 2], [2])
    let y = try Tensor([3.0, 4], [2])
    let z = try (x * y).sum()
    try y.addInPlace(1)
    let error = #expect(throws: TensorError.self) { try z.backward() }
    #expect(
      error?.description == "backward: mul needs a tensor of shape [2] as it was, but add_ has changed it in place "
        + "since; change a clone instead")
    // After the error the leaf works as before.
    try (x * y).sum().backward()
    #expect(try x.gradient?.floats() == [4, 5])
  }

  @Test func changesThroughViewsAreSeen() throws {
    let x = try leaf([1, 2], [2])
    let y = try Tensor([3.0, 4, 5, 6], [2, 2])
    let z = try (x * y).sum()
    try y.selected(0, 1).fill(0)
    #expect(throws: TensorError.self) { try z.backward() }
  }

  @Test func backwardNeedsAReason() throws {
    let plain = try Tensor.ones([2])
    #expect(throws: TensorError.self) { try plain.backward() }
    let x = try leaf([1, 2], [2])
    let error = #expect(throws: TensorError.self) { try (x * 2).backward() }
    #expect(
      error?.description == "backward: shape [2] has 2 elements; give a gradient, or reduce to one element")
    let wrong = #expect(throws: TensorError.self) { try (x * 2).backward(gradient: .ones([3])) }
    #expect(wrong?.description == "backward: the gradient has shape [3], expected [2]")
    #expect(throws: TensorError.self) { try (x * 2).backward(gradient: .ones([2], type: .float64)) }
  }

  @Test func aLeafCanBeItsOwnResult() throws {
    let x = try leaf([1], [1])
    try x.backward()
    #expect(try x.gradient?.floats() == [1])
  }

  @Test func integersHaveNoGradient() throws {
    let labels = try Tensor([1, 2], [2])
    labels.requiresGradient = true
    #expect(!labels.requiresGradient)
    let error = #expect(throws: TensorError.self) { try labels.requireGradient() }
    #expect(error?.description == "requires_grad: tensors of type i64 have no gradient, expected f32 or f64")
    let x = try leaf([1.5, 2.5], [2])
    #expect(try x.converted(to: .int64).isTracked == false)
    #expect(try x.greater(2).isTracked == false)
  }

  @Test func aMillionOperationsLiveAndDie() throws {
    let x = try leaf([1], [1])
    var y = x
    for _ in 0..<1_000_000 { y = try y + 1 }
    try y.backward()
    #expect(try x.gradient?.floats() == [1])
    y = x
    for _ in 0..<1_000_000 { y = try y + 1 }
    y = x
    // Diamonds: every node is held twice.
    for _ in 0..<200_000 { y = try y + y * 0 }
    y = x
  }

  @Test func memoryIsFreedOnTheWayBack() throws {
    let x = try leaf([Float](repeating: 1, count: 64), [64])
    weak var saved: Storage?
    weak var node: Node?
    let loss: Tensor
    do {
      let hidden = try x.exp()
      saved = hidden.buffer.storage
      node = hidden.origin
      loss = try (hidden * hidden).sum()
    }
    #expect(saved != nil && node != nil)
    try loss.backward()
    #expect(saved == nil && node == nil)
    _ = loss
  }

  @Test func unneededValuesAreNotKept() throws {
    // relu saves its output; what the sum and the scaling made before it is free at once.
    let x = try leaf([1, 2], [2])
    weak var between: Storage?
    let y: Tensor
    do {
      let sum = try (x + 1) * 2
      between = sum.buffer.storage
      y = try sum.relu()
    }
    #expect(between == nil)
    try y.sum().backward()
    #expect(try x.gradient?.floats() == [2, 2])
  }

  @Test func nothingLeaksInALoop() throws {
    let weight = try leaf([Float](repeating: 0.1, count: 12), [3, 4])
    var storages: [() -> Storage?] = [], nodes: [() -> Node?] = []
    for _ in 0..<5 {
      let input = try Tensor.ones([2, 4])
      let hidden = try input.linear(weight: weight).relu().softmax()
      let loss = try hidden.crossEntropy(labels: Tensor([0, 2], [2]))
      for tensor in [input, hidden, loss] {
        storages.append { [weak storage = tensor.buffer.storage] in storage }
        nodes.append { [weak node = tensor.origin] in node }
      }
      try loss.backward()
      weight.gradient = nil
    }
    #expect(storages.allSatisfy { $0() == nil })
    #expect(nodes.allSatisfy { $0() == nil })
  }
}
