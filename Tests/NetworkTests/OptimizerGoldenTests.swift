import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Five steps of every optimizer against PyTorch (Tests/Golden/generate_networks.py, function `optimizers`).
@Suite struct OptimizerGoldenTests {
  static let shapes: [(name: String, shape: Shape)] = [("weight", [4, 3]), ("bias", [4]), ("kernel", [2, 3, 2, 2])]
  static let rates = [0.1, 0.2, 0.05, 0.3, 0.1]

  static let cases: [(String, @Sendable (ParameterGroup) throws -> Optimizer)] = [
    ("sgd", { try SGD(for: [$0]) }),
    ("sgd_decay", { try SGD(for: [$0], weightDecay: 0.05) }),
    ("sgd_momentum", { try SGD(for: [$0], momentum: 0.9) }),
    ("sgd_dampening", { try SGD(for: [$0], momentum: 0.9, dampening: 0.3, weightDecay: 0.05) }),
    ("sgd_nesterov", { try SGD(for: [$0], momentum: 0.9, nesterov: true, weightDecay: 0.05) }),
    (
      "sgd_groups",
      { group in
        let matrices = ParameterGroup(group.parameters.filter { $0.tensor.rank > 1 })
        let vectors = ParameterGroup(
          group.parameters.filter { $0.tensor.rank == 1 }, weightDecay: 0, learningRateScale: 0.5)
        return try SGD(for: [matrices, vectors], momentum: 0.9, weightDecay: 0.05)
      }
    ),
    ("adamw", { try AdamW(for: [$0]) }),
    ("adamw_other", { try AdamW(for: [$0], beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.2) }),
    ("lars", { try LARS(for: [$0], weightDecay: 0.05, trustCoefficient: 0.02) }),
    ("lars_classic", { try LARS(for: [$0], weightDecay: 0.05, trustCoefficient: 0.02, variant: .classic) }),
    ("lars_vectors", { try LARS(for: [$0], weightDecay: 0.05, trustCoefficient: 0.02, adaptsVectors: true) }),
  ]

  static func parameters(type: ElementType) throws -> ParameterGroup {
    ParameterGroup(
      try shapes.enumerated().map { salt, entry in
        let tensor = try hashed(entry.shape, salt: salt, type: type)
        tensor.requiresGradient = true
        return (entry.name, tensor)
      })
  }

  /// The gradients of a step; in the third, the bias has none.
  static func setGradients(_ group: ParameterGroup, step: Int) throws {
    for (salt, (name, tensor)) in group.parameters.enumerated() {
      let missing = step == 2 && name == "bias"
      tensor.gradient = missing ? nil : try hashed(tensor.shape, salt: 100 * (step + 1) + salt, type: tensor.type)
    }
  }

  @Test(arguments: cases.indices, [ElementType.float64, .float32])
  func agreesWithPyTorch(position: Int, type: ElementType) throws {
    let (name, make) = Self.cases[position]
    let golden = try Golden("networks_optimizers")
    let group = try Self.parameters(type: type)
    let optimizer = try make(group)
    for (step, rate) in Self.rates.enumerated() {
      try Self.setGradients(group, step: step)
      try optimizer.step(learningRate: rate)
      for (parameterName, tensor) in group.parameters {
        #expect(tensor.gradient == nil)
        try golden.check("\(name)/\(step)/\(parameterName)", tensor, within: tolerance(type))
      }
    }
    #expect(optimizer.stepCount == 5)
  }

  /// What is saved and loaded after two steps goes on with the same bits.
  @Test(arguments: cases.indices)
  func resumesBitForBit(position: Int) throws {
    let make = Self.cases[position].1
    let group = try Self.parameters(type: .float32)
    let optimizer = try make(group)
    for step in 0..<2 {
      try Self.setGradients(group, step: step)
      try optimizer.step(learningRate: Self.rates[step])
    }
    let resumedGroup = ParameterGroup(
      try group.parameters.map { name, tensor in
        let copy = try tensor.detached().cloned()
        copy.requiresGradient = true
        return (name, copy)
      })
    let resumed = try make(resumedGroup)
    try resumed.load(optimizer.stateDictionary())
    #expect(resumed.stepCount == 2)
    for step in 2..<5 {
      for (some, one) in [(group, optimizer), (resumedGroup, resumed)] {
        try Self.setGradients(some, step: step)
        try one.step(learningRate: Self.rates[step])
      }
    }
    for ((name, tensor), (_, other)) in zip(group.parameters, resumedGroup.parameters) {
      #expect(try tensor.floats() == other.floats(), "\(name)")
    }
  }
}
