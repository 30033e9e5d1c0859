import Foundation
import Networks
import Tensors

/// The momentum of a target network, rising from `base` to 1 along half a cosine: the target moves ever less.
/// Grill et al., 2020, arXiv:2006.07733, section 3.3: τ = 1 − (1 − base) · (cos(π·k / K) + 1) / 2.
///
/// For steps s = 1, 2, …, K (= `steps`) with k = s − 1: the first step has `base`; after the last it is 1.
public struct CosineDecay: Schedule {
  public let base: Double
  public let steps: Int

  public init(base: Double, steps: Int) throws {
    try FeatureCheck(operation: "cosine_decay").share(base, "base")
    guard steps >= 1 else { throw TensorError("cosine_decay: steps is \(steps), expected at least 1") }
    (self.base, self.steps) = (base, steps)
  }

  public func callAsFunction(_ step: Int) -> Double {
    let progress = Double(min(max(step, 1) - 1, steps)) / Double(steps)
    return 1 - (1 - base) * (cos(.pi * progress) + 1) / 2
  }
}
