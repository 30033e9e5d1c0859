import Kernels
import TestSupport
import Tensors
import Testing

@Suite struct InPlaceTests {
  @Test func changesAreSeenByViews() throws {
    let x = try Tensor([1.0, 2, 3, 4, 5, 6], [2, 3])
    try x.selected(0, 1).addInPlace(10)
    try x.transposed().selected(0, 0).multiplyInPlace(2)
    #expect(try x.floats() == [2, 2, 3, 28, 15, 16])
    try x.sliced(1, from: 1).copyIn(Tensor([7.0, 8], [2]))
    #expect(try x.floats() == [2, 7, 8, 28, 7, 8])
    try x.fill(1).addInPlace(Tensor([1.0, 2, 3], [3]), scale: 0.5)
    #expect(try x.floats() == [1.5, 2, 2.5, 1.5, 2, 2.5])
    try x.zeroInPlace().multiplyInPlace(x)
    #expect(try x.floats() == [0, 0, 0, 0, 0, 0])
  }

  @Test func operandsMayOverlap() throws {
    let x = try Tensor([1.0, 2, 3, 4], [2, 2])
    try x.addInPlace(x.transposed())
    #expect(try x.floats() == [2, 5, 5, 8])
    try x.copyIn(x.transposed())
    try x.addInPlace(x)
    #expect(try x.floats() == [4, 10, 10, 16])
    let row = try Tensor([1.0, 2, 3, 4], [4])
    try row.sliced(0, from: 1).copyIn(row.sliced(0, to: 3))
    #expect(try row.floats() == [1, 1, 2, 3])
  }

  @Test func rowsArePut() throws {
    let x = try Tensor.zeros([3, 2])
    try x.putRows(Tensor([2, 0], [2]), Tensor([1.0, 2, 3, 4], [2, 2]))
    #expect(try x.floats() == [3, 4, 0, 0, 1, 2])
    let turned = try Tensor.zeros([2, 3]).transposed()
    try turned.putRows(Tensor([2], [1]), Tensor([1.0, 2], [1, 2]))
    #expect(try turned.floats() == [0, 0, 0, 0, 1, 2])
    let error = #expect(throws: TensorError.self) {
      try x.putRows(Tensor([3], [1]), Tensor([1.0, 2], [1, 2]))
    }
    #expect(error?.description == "index_copy_: index 4 at position 1, expected 1 to 3")
  }

  @Test func integersStayIntegers() throws {
    let x = try Tensor([1, 2, 3], [3])
    try x.addInPlace(2).multiplyInPlace(3)
    #expect(try x.integers() == [9, 12, 15])
    let error = #expect(throws: TensorError.self) { try x.addInPlace(Tensor.ones([3])) }
    #expect(error?.description == "add_: a tensor of type i64 cannot take in f32")
    #expect(throws: TensorError.self) { try x.addInPlace(0.5) }
    #expect(throws: TensorError.self) { try x.fill(0.5) }
  }

  @Test func leavesAreProtected() throws {
    let x = try Tensor.ones([2])
    try x.requireGradient()
    let error = #expect(throws: TensorError.self) { try x.addInPlace(1) }
    #expect(error?.description == "add_: this tensor requires a gradient; change it inside no_grad")
    _ = try Tensor.withoutGradient { try x.addInPlace(1) }
    #expect(try x.floats() == [2, 2])
  }

  @Test func lossesAccumulate() throws {
    let x = try Tensor([1.0, 2], [2])
    try x.requireGradient()
    let total = try Tensor(scalar: 0)
    for factor in [1.0, 2, 3] { try total.addInPlace((x * factor).sum(), scale: 0.5) }
    try total.multiplyInPlace(2)
    #expect(try total.item() == 18)
    try total.backward()
    #expect(try x.gradient?.floats() == [6, 6])
  }

  @Test func lostGradientsAreRefused() throws {
    let x = try Tensor([1.0, 2], [2])
    try x.requireGradient()
    let y = try x.exp()
    let error = #expect(throws: TensorError.self) { try y.addInPlace(1) }
    #expect(
      error?.description
        == "add_: the change would lose a gradient; use the form without _, or change it inside no_grad")
    let plain = try Tensor.ones([2, 2])
    #expect(throws: TensorError.self) { try plain.selected(0, 0).addInPlace(y) }
    #expect(throws: TensorError.self) { try plain.copyIn(y) }
    #expect(throws: TensorError.self) { try plain.multiplyInPlace(y) }
    try plain.copyIn(y.detached())
  }

  @Test func repeatedElementsAreNotWritten() throws {
    let x = try Tensor.ones([1, 2]).expanded([3, 2])
    let error = #expect(throws: TensorError.self) { try x.addInPlace(1) }
    #expect(error?.description == "add_: this tensor repeats elements (it was expanded); change a clone instead")
    #expect(throws: TensorError.self) { try x.fill(1) }
  }

  @Test func shapesAreChecked() throws {
    let x = try Tensor.ones([2])
    let error = #expect(throws: TensorError.self) { try x.addInPlace(.ones([3, 2])) }
    #expect(error?.description == "add_: shape [3, 2] does not broadcast to [2]")
    #expect(throws: TensorError.self) { try x.copyIn(.ones([3])) }
  }
}
