import Kernels
import Tensors

/// Stochastic gradient descent with momentum, as PyTorch's:
///
///     g ← g + λ · w
///     v ← μ · v + (1 − δ) · g          (v ← g at the first update)
///     w ← w − η · v                    (Nesterov: w ← w − η · (g + μ · v))
///
/// with learning rate η, momentum μ, dampening δ, weight decay λ. Sutskever et al., 2013 (ICML), section 2.
public final class SGD: Optimizer {
  public let momentum, dampening: Double
  public let nesterov: Bool

  public init(
    for groups: [ParameterGroup], momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) throws {
    try Check.rate(momentum, "momentum", of: "sgd")
    try Check.rate(dampening, "dampening", of: "sgd")
    guard !nesterov || (momentum > 0 && dampening == 0) else {
      throw TensorError(
        "sgd: nesterov needs momentum above 0 and no dampening; momentum is \(momentum), dampening \(dampening)")
    }
    (self.momentum, self.dampening, self.nesterov) = (momentum, dampening, nesterov)
    try super.init(name: "sgd", for: groups, weightDecay: weightDecay)
  }

  public convenience init(
    for layers: [Layer], momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) throws {
    try self.init(
      for: [ParameterGroup(layers)], momentum: momentum, dampening: dampening, nesterov: nesterov,
      weightDecay: weightDecay)
  }

  public override var memoryNames: [String] { momentum == 0 ? [] : ["velocity"] }

  public override func update(_ updates: [ParameterUpdate], with kernels: any KernelSet) throws {
    try kernels.sgd(updates, momentum: momentum, dampening: dampening, nesterov: nesterov) { update in
      SGDEntry(
        parameter: update.parameter, gradient: update.gradient,
        velocity: momentum == 0 ? nil : try update.slot.memory("velocity").buffer,
        learningRate: update.learningRate, weightDecay: update.slot.weightDecay)
    }
  }
}

extension KernelSet {
  /// One fused call for the parameters that have a velocity, and one for those that get theirs now.
  func sgd(
    _ updates: [ParameterUpdate], momentum: Double, dampening: Double, nesterov: Bool,
    entry: (ParameterUpdate) throws -> SGDEntry
  ) throws {
    let entries = try updates.map { (isFirst: $0.slot.updateCount == 0, entry: try entry($0)) }
    for isFirst in [true, false] {
      let some = entries.filter { $0.isFirst == isFirst }.map(\.entry)
      if some.isEmpty { continue }
      sgd(some, SGDSettings(momentum: momentum, dampening: dampening, nesterov: nesterov, isFirstStep: isFirst))
    }
  }
}
