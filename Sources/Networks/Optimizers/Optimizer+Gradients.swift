import Kernels
import Tensors

extension Optimizer {
  /// The Euclidean norm of all gradients together; not finite where one of them is not. 0 without gradients.
  public final func gradientNorm() throws -> Double {
    var sum = 0.0
    for slot in slots {
      if let gradient = try checkedGradient(of: slot) {
        sum += Kernels.forType(gradient.type).sumOfSquares(gradient.buffer)
      }
    }
    return sum.squareRoot()
  }

  /// Scales all gradients by limit / norm where their common norm is above `limit`.
  /// Pascanu, Mikolov, Bengio, 2013, arXiv:1211.5063, algorithm 1.
  /// - Returns: the norm before.
  /// - Throws: `TensorError` when the norm is not finite: no scale would repair that.
  @discardableResult
  public final func clipGradients(norm limit: Double) throws -> Double {
    try Check.rate(limit, "norm", of: "clip_gradients")
    let norm = try gradientNorm()
    guard norm.isFinite else { throw TensorError("clip_gradients: the norm of the gradients is \(norm)") }
    guard norm > limit else { return norm }
    for slot in slots {
      // A new tensor each: two parameters may hold the very same gradient.
      if let gradient = slot.parameter.gradient {
        slot.parameter.gradient = try Tensor.withoutGradient { try gradient * (limit / norm) }
      }
    }
    return norm
  }
}
