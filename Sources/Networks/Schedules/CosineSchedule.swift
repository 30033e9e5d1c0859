import Foundation
import Tensors

/// Linear warm-up to `base`, then half a cosine down to `final`.
/// Loshchilov, Hutter, 2017, arXiv:1608.03983, equation 5 without restarts; Goyal et al., 2017, arXiv:1706.02677, §2.2.
///
/// For steps s = 1, 2, …, n (= `steps`) and warm-up w:
/// - s ≤ w: base · s / w, so the first step has base / w and step w has base;
/// - s > w: final + (base − final) · (1 + cos(π · (s − 1 − w) / (n − w))) / 2, so step w + 1 has base too, and the
///   last step is one short of `final`: no step is spent at a rate of zero;
/// - s > n: final.
public struct CosineSchedule: Schedule {
  public let base, final: Double
  public let steps, warmup: Int

  public init(base: Double, steps: Int, warmup: Int = 0, final: Double = 0) throws {
    try Check.rate(base, "base", of: "cosine")
    try Check.rate(final, "final", of: "cosine")
    guard steps >= 1 else { throw TensorError("cosine: steps is \(steps), expected at least 1") }
    guard (0...steps).contains(warmup) else {
      throw TensorError("cosine: warmup is \(warmup), expected 0 to steps (\(steps))")
    }
    (self.base, self.steps, self.warmup, self.final) = (base, steps, warmup, final)
  }

  public func callAsFunction(_ step: Int) -> Double {
    let step = max(step, 1)
    if step <= warmup { return base * Double(step) / Double(warmup) }
    if step > steps { return final }
    let progress = Double(step - 1 - warmup) / Double(steps - warmup)
    return final + (base - final) * (1 + cos(.pi * progress)) / 2
  }
}
