import LuaBridge
import Tensors

/// Sums, means, extremes, and what works along one dimension.
@ClassBuilder<Tensor> func reductionMembers() -> [ClassMember] {
  reduction("sum", "The sum.") { try $0.sum($1, keepDimensions: $2) }
  reduction("mean", "The mean.") { try $0.mean($1, keepDimensions: $2) }
  reduction("max", "The largest element.") { try $0.maximum($1, keepDimensions: $2) }
  reduction("min", "The smallest element.") { try $0.minimum($1, keepDimensions: $2) }
  reduction("any", "Whether any element is true.") { try $0.any($1, keepDimensions: $2) }
  reduction("all", "Whether all elements are true.") { try $0.all($1, keepDimensions: $2) }
  reduction("norm", "The Euclidean norm.") { try $0.norm($1, keepDimensions: $2) }
  spread("var", "The variance.") { try $0.variance($1, keepDimensions: $2, unbiased: $3) }
  spread("std", "The standard deviation.") { try $0.standardDeviation($1, keepDimensions: $2, unbiased: $3) }
  Method(
    "argmax", "Where the largest element is, counting from 1.", Argument("dim", "along which dimension", default: -1),
    returns: "an i64 tensor"
  ) { (tensor: Tensor, dimension: LuaIndex) in try tensor.argumentOfMaximum(dimension.zeroBased) + 1 }
  Method(
    "argmin", "Where the smallest element is, counting from 1.", Argument("dim", "along which dimension", default: -1),
    returns: "an i64 tensor"
  ) { (tensor: Tensor, dimension: LuaIndex) in try tensor.argumentOfMinimum(dimension.zeroBased) + 1 }
  Method(
    "topk", "The k largest of each row, in falling order.", Argument("k", "how many", in: 1...),
    returns: ("the values", "their positions, from 1")
  ) { (tensor: Tensor, k: Int) in
    let (values, indices) = try tensor.topK(k)
    return (values, try indices + 1)
  }
  Method(
    "logsumexp", "log Σ exp along a dimension.", Argument("dim", "which", default: -1),
    Argument("keepdim", "keep it with size 1", default: false), returns: "the result", named: true
  ) {
    (tensor: Tensor, dimension: LuaIndex, keep: Bool) in
    try tensor.logSumExp(dimension.zeroBased, keepDimensions: keep)
  }
  Method(
    "softmax", "exp(x) / Σ exp(x) along a dimension.", Argument("dim", "which", default: -1), returns: "the result"
  ) {
    (tensor: Tensor, dimension: LuaIndex) in try tensor.softmax(dimension.zeroBased)
  }
  Method("log_softmax", "The logarithm of the softmax.", Argument("dim", "which", default: -1), returns: "the result") {
    (tensor: Tensor, dimension: LuaIndex) in try tensor.logSoftmax(dimension.zeroBased)
  }
  Method(
    "normalize", "x / max(‖x‖, eps) along a dimension.", Argument("dim", "which", default: -1),
    Argument("eps", "guards against zero", default: 1e-12, in: .nonNegative), returns: "rows of length 1", named: true
  ) {
    (tensor: Tensor, dimension: LuaIndex, epsilon: Double) in
    try tensor.normalized(dimension.zeroBased, epsilon: epsilon)
  }
}

/// A reduction over all dimensions, or over those named.
private func reduction(
  _ name: String, _ summary: String, _ body: @escaping (Tensor, [Int]?, Bool) throws -> Tensor
) -> Method<Tensor> {
  Method(
    name, summary + " Of everything, or along the given dimensions.",
    Argument("dim", "a dimension or a list of them; all when left out", default: nil),
    Argument("keepdim", "keep reduced dimensions with size 1", default: false), returns: "the result", named: true
  ) { (tensor: Tensor, dimensions: Dimensions?, keep: Bool) in try body(tensor, dimensions?.zeroBased, keep) }
}

private func spread(
  _ name: String, _ summary: String, _ body: @escaping (Tensor, [Int]?, Bool, Bool) throws -> Tensor
) -> Method<Tensor> {
  Method(
    name, summary, Argument("dim", "a dimension or a list of them; all when left out", default: nil),
    Argument("keepdim", "keep reduced dimensions with size 1", default: false),
    Argument("unbiased", "divide by n − 1", default: true), returns: "the result", named: true
  ) { (tensor: Tensor, dimensions: Dimensions?, keep: Bool, unbiased: Bool) in
    try body(tensor, dimensions?.zeroBased, keep, unbiased)
  }
}
