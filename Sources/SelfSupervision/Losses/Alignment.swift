import Tensors

// Losses that only pull together. What keeps them from collapsing is outside: a predictor, and targets without gradient.

/// BYOL's regression loss: squared distance of normalised predictions and targets, 2 − 2·cos. [n, d], [n, d] → scalar,
/// the mean over rows, from 0 (aligned) to 4 (opposite).
/// Grill et al., 2020, arXiv:2006.07733, equation 2.
///
/// BYOL's objective is the *sum* over both directions, not their average: `byol(p1, z2) + byol(p2, z1)`. It equals
/// 4 + 4 · SimSiam's. Rows are L2-normalised here, and the targets are detached.
/// - Throws: `TensorError` for shapes or types that do not fit.
public func byol(predictions: Tensor, targets: Tensor) throws -> Tensor {
  try 2 + 2 * negativeCosine("byol", predictions, targets)
}

/// SimSiam's distance: −cos. [n, d], [n, d] → scalar, the mean over rows, from −1 (aligned, or collapsed) to 1.
/// Chen, He, 2021, arXiv:2011.10566, equation 1.
///
/// SimSiam's objective is half the sum over both directions: `(simSiam(p1, z2) + simSiam(p2, z1)) / 2`. Rows are
/// L2-normalised here, and the targets are detached.
/// - Throws: `TensorError` for shapes or types that do not fit.
public func simSiam(predictions: Tensor, targets: Tensor) throws -> Tensor {
  try negativeCosine("simsiam", predictions, targets)
}

private func negativeCosine(_ operation: String, _ predictions: Tensor, _ targets: Tensor) throws -> Tensor {
  try FeatureCheck(operation: operation).pair(predictions, "predictions", targets, "targets")
  // Without the detachment, two encoders that agree on one constant answer would be the nearest way down.
  let targets = try Tensor.withoutGradient { try targets.normalized() }
  return try -(predictions.normalized() * targets).sum([1]).mean()
}
