import Kernels
import Tensors

/// Adam with decoupled weight decay, as PyTorch's AdamW:
///
///     w ← w − η · λ · w
///     m ← β₁ · m + (1 − β₁) · g
///     v ← β₂ · v + (1 − β₂) · g²
///     w ← w − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// with learning rate η, weight decay λ, and t counting the parameter's updates from 1.
/// Loshchilov, Hutter, 2019, arXiv:1711.05101, algorithm 2.
public final class AdamW: Optimizer {
  public let beta1, beta2, epsilon: Double

  public init(
    for groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01
  ) throws {
    for (beta, name) in [(beta1, "beta1"), (beta2, "beta2")] where !(beta >= 0 && beta < 1) {
      throw TensorError("adamw: \(name) is \(beta), expected 0 to below 1")
    }
    try Check.rate(epsilon, "eps", of: "adamw")
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    try super.init(name: "adamw", for: groups, weightDecay: weightDecay)
  }

  public convenience init(
    for layers: [Layer], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) throws {
    try self.init(
      for: [ParameterGroup(layers)], beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }

  public override var memoryNames: [String] { ["first_moment", "second_moment"] }

  public override func update(_ updates: [ParameterUpdate], with kernels: any KernelSet) throws {
    // One fused call, unless some parameters have missed steps: bias correction counts each one's own updates.
    for (earlier, some) in Dictionary(grouping: updates, by: \.slot.updateCount) {
      let entries = try some.map { update in
        AdamWEntry(
          parameter: update.parameter, gradient: update.gradient,
          firstMoment: try update.slot.memory("first_moment").buffer,
          secondMoment: try update.slot.memory("second_moment").buffer,
          learningRate: update.learningRate, weightDecay: update.slot.weightDecay)
      }
      kernels.adamW(entries, AdamWSettings(beta1: beta1, beta2: beta2, epsilon: epsilon, step: earlier + 1))
    }
  }
}
