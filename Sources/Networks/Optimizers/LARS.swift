import Kernels
import Tensors

/// Layer-wise adaptive rate scaling: each weight's step is proportional to its own norm.
/// You, Gitman, Ginsburg, 2017, arXiv:1708.03888, equation 6; the details are those of two families of public code:
///
///     g ← g + λ · w
///     q = c · ‖w‖ / ‖g‖                (1 where either norm is 0)
///     popular:  v ← μ · v + q · g;      w ← w − η · v        (BYOL, Barlow Twins, VICReg, MoCo v3)
///     classic:  v ← μ · v + η · q · g;  w ← w − v            (SimCLR)
///
/// with learning rate η, momentum μ, weight decay λ, trust coefficient c. The two differ only where η changes. Biases
/// and normalisation (at most one dimension) have λ = 0 and q = 1, unless `adaptsVectors`.
public final class LARS: Optimizer {
  /// Where the learning rate enters.
  public enum Momentum: String, Sendable, CaseIterable {
    /// Outside of the velocity.
    case popular
    /// Inside of the velocity, as SimCLR's code.
    case classic
  }

  public let momentum, trustCoefficient: Double
  public let variant: Momentum
  /// Whether parameters of at most one dimension are decayed and scaled as well.
  public let adaptsVectors: Bool

  public init(
    for groups: [ParameterGroup], momentum: Double = 0.9, weightDecay: Double = 0, trustCoefficient: Double = 0.001,
    variant: Momentum = .popular, adaptsVectors: Bool = false
  ) throws {
    try Check.rate(momentum, "momentum", of: "lars")
    try Check.rate(trustCoefficient, "trust coefficient", of: "lars")
    (self.momentum, self.trustCoefficient) = (momentum, trustCoefficient)
    (self.variant, self.adaptsVectors) = (variant, adaptsVectors)
    try super.init(name: "lars", for: groups, weightDecay: weightDecay)
  }

  public convenience init(
    for layers: [Layer], momentum: Double = 0.9, weightDecay: Double = 0, trustCoefficient: Double = 0.001,
    variant: Momentum = .popular, adaptsVectors: Bool = false
  ) throws {
    try self.init(
      for: [ParameterGroup(layers)], momentum: momentum, weightDecay: weightDecay, trustCoefficient: trustCoefficient,
      variant: variant, adaptsVectors: adaptsVectors)
  }

  public override var memoryNames: [String] { ["velocity"] }

  public override func update(_ updates: [ParameterUpdate], with kernels: any KernelSet) throws {
    try kernels.sgd(updates, momentum: momentum, dampening: 0, nesterov: false) { update in
      let (gradient, trust) = try adapted(update, with: kernels)
      let rate = update.learningRate
      return SGDEntry(
        parameter: update.parameter, gradient: gradient, velocity: try update.slot.memory("velocity").buffer,
        learningRate: variant == .popular ? rate : 1, weightDecay: 0,
        trust: variant == .popular ? trust : trust * rate)
    }
  }

  /// The decayed gradient g + λ · w and the trust ratio q.
  private func adapted(_ update: ParameterUpdate, with kernels: any KernelSet) throws -> (
    gradient: Buffer, trust: Double
  ) {
    guard adaptsVectors || update.slot.parameter.rank > 1 else { return (update.gradient, 1) }
    var (gradient, squaredNorm) = (update.gradient, update.squaredNorm)
    if update.slot.weightDecay != 0 {
      gradient = try update.slot.blank()
      kernels.copy(update.gradient, into: gradient)
      kernels.accumulate(update.parameter, scale: update.slot.weightDecay, into: gradient)
      squaredNorm = kernels.sumOfSquares(gradient)
    }
    let weightNorm = kernels.sumOfSquares(update.parameter).squareRoot()
    guard weightNorm > 0, squaredNorm > 0 else { return (gradient, 1) }
    return (gradient, trustCoefficient * weightNorm / squaredNorm.squareRoot())
  }
}
