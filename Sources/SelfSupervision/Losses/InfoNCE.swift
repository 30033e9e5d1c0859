import Foundation
import Tensors

/// InfoNCE: picks each query's own key among all keys. [n, d], [n, d] → scalar, the mean over queries.
/// van den Oord, Li, Vinyals, 2018, arXiv:1807.03748, equation 4.
///
/// −log( exp(q·k⁺ / τ) / Σ exp(q·k / τ) ) with the temperature τ and every row L2-normalised here (normalised rows stay
/// as they are). What a query is held against besides its own key:
/// - with `negatives` [m, d]: those m, the same for every query. He et al., 2020, arXiv:1911.05722 (MoCo), equation 1;
///   chance is log(m + 1).
/// - without: the other queries' keys, n − 1 of them. One direction only; for CLIP's and MoCo v3's symmetric form add
///   the loss with the arguments exchanged. Chance is log(n).
///
/// Gradients flow into all arguments that are tracked: momentum keys and a queue's negatives are not.
/// - Throws: `TensorError` for shapes or types that do not fit, and for a temperature that is not positive.
public func infoNCE(queries: Tensor, keys: Tensor, negatives: Tensor? = nil, temperature: Double) throws -> Tensor {
  let check = FeatureCheck(operation: "info_nce")
  try check.pair(queries, "queries", keys, "keys")
  try check.temperature(temperature)
  if let negatives {
    try check.matrix(negatives, "negatives")
    try check.sameFeatures(queries, "queries", negatives, "negatives")
  } else if queries.shape[0] == 1 {
    throw TensorError("info_nce: a batch of 1 has no negatives in it; give negatives or at least 2 rows")
  }

  let scaled = try queries.normalized() / temperature
  let keys = try keys.normalized()
  guard let negatives else {
    let labels = try Tensor.arange(to: Double(queries.shape[0]), type: .int64)
    return try scaled.matmul(keys.transposed()).crossEntropy(labels: labels)
  }
  // log(e⁺ + Σ e⁻) − s⁺ = softplus(log Σ e⁻ − s⁺): the same, without joining the two kinds of logits.
  let positive = try (scaled * keys).sum([1])
  let negative = try scaled.matmul(negatives.normalized().transposed()).logSumExp(1)
  return try (negative - positive).softplus().mean()
}

/// What contrastive losses are at when all candidates look alike: the logarithm of their number. A loss that stays here
/// has learned nothing.
public enum ChanceLevel {
  /// `infoNCE` with this many negatives: log(m + 1).
  public static func infoNCE(negatives: Int) -> Double { log(Double(max(negatives, 0)) + 1) }
  /// `infoNCE` within a batch of this many rows: log(n).
  public static func infoNCE(batch: Int) -> Double { log(Double(max(batch, 1))) }
  /// `ntXent` of this many pairs: log(2n − 1).
  public static func ntXent(pairs: Int) -> Double { log(2 * Double(max(pairs, 1)) - 1) }
}
