import Tensors

/// NT-Xent: each view finds the other view of its image among all other views. [n, d], [n, d] → scalar.
/// Chen, Kornblith, Norouzi, Hinton, 2020, arXiv:2002.05709 (SimCLR), equation 1 and algorithm 1.
///
/// Row i of `first` and of `second` are views of one image; rows are L2-normalised here. Each of the 2n views is a
/// query, its partner the positive, the other 2n − 2 the negatives; the result is the mean over the 2n, as in the paper.
/// SimCLR's published code adds the means of the two halves instead, which is twice this: with a plain SGD its learning
/// rates hold for this loss when doubled.
/// - Throws: `TensorError` for shapes or types that do not fit, and for a temperature that is not positive.
public func ntXent(first: Tensor, second: Tensor, temperature: Double) throws -> Tensor {
  let check = FeatureCheck(operation: "nt_xent")
  try check.pair(first, "first", second, "second")
  try check.temperature(temperature)
  let pairs = first.shape[0]
  guard pairs > 1 else { throw TensorError("nt_xent: a batch of 1 pair has no negatives; give at least 2") }

  let views = try Tensor.concatenated([first, second]).normalized()
  let similarities = try (views / temperature).matmul(views.transposed())
  // A view is no candidate for itself.
  let itself = try Tensor.eye(2 * pairs).converted(to: .bool)
  let partners = Array(pairs..<2 * pairs) + Array(0..<pairs)
  return try similarities.maskedFill(itself, -.infinity)
    .crossEntropy(labels: Tensor(partners, [2 * pairs]))
}
