import Kernels
import Networks
import Tensors
import Testing

/// What holds for every optimizer, and what a person reads when something is wrong.
@Suite struct OptimizerLawTests {
  static func optimizers(_ groups: [ParameterGroup]) throws -> [Optimizer] {
    [try SGD(for: groups, momentum: 0.9), try AdamW(for: groups), try LARS(for: groups, weightDecay: 0.1)]
  }

  func parameter(_ values: [Double], gradient: [Double]? = nil) throws -> Tensor {
    let tensor = try Tensor(values, [values.count], type: .float32)
    tensor.requiresGradient = true
    tensor.gradient = try gradient.map { try Tensor($0, [values.count], type: .float32) }
    return tensor
  }

  func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch { return "\(error)" }
  }

  @Test func whatHasNoGradientStaysAsItIs() throws {
    for position in 0..<3 {
      let (moving, resting) = (try parameter([1, 2], gradient: [1, 1]), try parameter([3, 4]))
      let optimizer = try Self.optimizers([ParameterGroup([("moving", moving), ("resting", resting)])])[position]
      try optimizer.step(learningRate: 0.1)
      #expect(try moving.floats() != [1, 2])
      #expect(try resting.floats() == [3, 4])
      let names = try optimizer.stateDictionary().map(\.name)
      #expect(!names.contains { $0.hasSuffix(".resting") && !$0.hasPrefix("updates.") })
    }
  }

  @Test func aGradientThatIsNotFiniteIsRefused() throws {
    for (position, name) in ["sgd", "adamw", "lars"].enumerated() {
      for bad in [Double.nan, .infinity, -.infinity] {
        let (first, second) = (try parameter([1, 2], gradient: [1, 1]), try parameter([3, 4], gradient: [1, bad]))
        let optimizer = try Self.optimizers([ParameterGroup([("first", first), ("second", second)])])[position]
        #expect(
          sentence { try optimizer.step(learningRate: 0.1) }
            == "\(name): the gradient of 'second' is not finite; nothing "
            + "was changed (lower the learning rate, or look for a division by zero or a logarithm of zero in the loss)"
        )
        #expect(try first.floats() == [1, 2] && second.floats() == [3, 4])
        #expect(optimizer.stepCount == 0)
        #expect(try !optimizer.gradientNorm().isFinite)
        #expect(
          sentence { try optimizer.clipGradients(norm: 1) }.hasPrefix("clip_gradients: the norm of the gradients is "))
      }
    }
  }

  @Test func clippingKeepsTheDirection() throws {
    let (first, second) = (try parameter([0, 0], gradient: [3, 0]), try parameter([0], gradient: [4]))
    let optimizer = try SGD(for: [ParameterGroup([("first", first), ("second", second)])])
    #expect(try optimizer.clipGradients(norm: 6) == 5)
    #expect(try first.gradient?.floats() == [3, 0])
    #expect(try optimizer.clipGradients(norm: 1) == 5)
    #expect(try abs(optimizer.gradientNorm() - 1) < 1e-6)
    #expect(try first.gradient?.floats() == [0.6, 0])
    // Two parameters with the very same gradient are scaled once each.
    let shared = try Tensor([3.0], [1], type: .float32)
    (first.gradient, second.gradient) = (nil, shared)
    let third = try parameter([0])
    third.gradient = shared
    let another = try SGD(for: [ParameterGroup([("second", second), ("third", third)])])
    try another.clipGradients(norm: 1)
    #expect(try abs(another.gradientNorm() - 1) < 1e-6)
  }

  @Test func vectorsCanBeLeftOutOfDecay() throws {
    let network = try Sequential([Linear(3, 2, using: RandomStream(seed: 1)), BatchNorm1d(2)])
    let groups = ParameterGroup.withoutDecayOfVectors([network])
    #expect(groups.map { $0.parameters.map(\.name) } == [["0.weight"], ["0.bias", "1.weight", "1.bias"]])
    #expect(groups.map(\.weightDecay) == [nil, 0])
    let optimizer = try SGD(for: groups, weightDecay: 0.5)
    #expect(optimizer.slots.map(\.weightDecay) == [0.5, 0, 0, 0])
  }

  @Test func severalLayersHaveDistinctNames() throws {
    let stream = RandomStream(seed: 1)
    let layers: [Layer] = [try Linear(3, 2, using: stream), try Linear(2, 2, using: stream)]
    let optimizer = try SGD(for: layers)
    #expect(optimizer.slots.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
    let grouped = try SGD(for: layers.map { ParameterGroup([$0]) })
    #expect(grouped.slots.map(\.name) == ["group0.weight", "group0.bias", "group1.weight", "group1.bias"])
    #expect(try SGD(for: [layers[0], layers[0]]).slots.count == 2)
  }

  @Test func mistakesAreNamed() throws {
    let linear = try Linear(3, 2, using: RandomStream(seed: 1))
    #expect(sentence { _ = try SGD(for: [ReLU()]) } == "sgd: there are no parameters to optimise")
    #expect(
      sentence { _ = try SGD(for: [ParameterGroup([linear]), ParameterGroup([linear])]) }
        == "sgd: parameter 'group1.weight' is there twice (also as 'group0.weight')")
    #expect(
      sentence { _ = try SGD(for: [linear], nesterov: true) }
        == "sgd: nesterov needs momentum above 0 and no dampening; momentum is 0.0, dampening 0.0")
    #expect(sentence { _ = try AdamW(for: [linear], beta1: 1) } == "adamw: beta1 is 1.0, expected 0 to below 1")
    let optimizer = try LARS(for: [linear])
    #expect(
      sentence { try optimizer.step(learningRate: .nan) }
        == "lars: learning rate is nan, expected a finite number that is not negative")
    linear.weight.gradient = try Tensor.zeros([2])
    #expect(
      sentence { try optimizer.step(learningRate: 1) }
        == "lars: the gradient of 'weight' is f32 [2], expected f32 [2, 3]")
  }

  @Test func loadingStateIsAllOrNothing() throws {
    let tensor = try parameter([1, 2], gradient: [1, 1])
    let optimizer = try SGD(for: [ParameterGroup([("w", tensor)])], momentum: 0.9)
    try optimizer.step(learningRate: 0.1)
    let state = Dictionary(uniqueKeysWithValues: try optimizer.stateDictionary().map { ($0.name, $0.tensor) })
    let velocity = try #require(state["velocity.w"]).floats()
    func with(_ name: String, _ value: Tensor?) -> [String: Tensor] {
      var changed = state
      changed[name] = value
      return changed
    }
    #expect(
      sentence { try optimizer.load(with("velocity.w", nil)) }
        == "sgd.load_state: missing 'velocity.w'; nothing was changed")
    #expect(
      sentence { try optimizer.load(with("velocity.w", try! Tensor.zeros([3]))) }
        == "sgd.load_state: 'velocity.w' is [3], expected [2]; nothing was changed")
    #expect(
      sentence { try optimizer.load(with("steps", try! Tensor([-1], []))) }
        == "sgd.load_state: 'steps' is -1.0, expected a count; nothing was changed")
    #expect(sentence { try optimizer.load(with("first_moment.w", tensor)) }.contains("unexpected 'first_moment.w'"))
    #expect(optimizer.stepCount == 1)
    #expect(try optimizer.stateDictionary().first { $0.name == "velocity.w" }?.tensor.floats() == velocity)
  }

  /// What was loaded is copied: the optimizer it came from goes its own way.
  @Test func loadedMemoriesAreNotShared() throws {
    let (one, other) = (try parameter([1, 2], gradient: [1, 1]), try parameter([1, 2]))
    let first = try SGD(for: [ParameterGroup([("w", one)])], momentum: 0.9)
    let second = try SGD(for: [ParameterGroup([("w", other)])], momentum: 0.9)
    try first.step(learningRate: 0.1)
    try second.load(first.stateDictionary())
    one.gradient = try Tensor([5.0, 5.0], [2], type: .float32)
    try first.step(learningRate: 0.1)
    #expect(try second.stateDictionary().first { $0.name == "velocity.w" }?.tensor.floats() == [1, 1])
  }

  /// A graph from before the step must not be run backward with the new weights.
  @Test func aStepCountsAsAnInPlaceChange() throws {
    let linear = try Linear(2, 2, using: RandomStream(seed: 1))
    let optimizer = try SGD(for: [linear])
    let input = try Tensor.ones([3, 2])
    input.requiresGradient = true
    let loss = try linear(input).sum()
    try linear(input).sum().backward()
    try optimizer.step(learningRate: 0.1)
    #expect(throws: TensorError.self) { try loss.backward() }
  }
}
