import Kernels

// Along one dimension (0-based, negative from the end).

extension Tensor {
  /// eˣ / Σ eˣ.
  public func softmax(_ dimension: Int = -1) throws -> Tensor {
    try softmax("softmax", dimension, logarithm: false)
  }

  /// log(eˣ / Σ eˣ), without overflow.
  public func logSoftmax(_ dimension: Int = -1) throws -> Tensor {
    try softmax("log_softmax", dimension, logarithm: true)
  }

  private func softmax(_ operation: StaticString, _ dimension: Int, logarithm: Bool) throws -> Tensor {
    let at = try shape.position(of: dimension, operation)
    if at != rank - 1 {
      return try transposed(at, -1).softmax(operation, -1, logarithm: logarithm).transposed(at, -1)
    }
    let x = try floating()
    let result = try Buffer(x.type, shape)
    if result.elementCount > 0 { x.kernels.softmax(try x.buffer.rowMajor(), logarithm: logarithm, into: result) }
    let output = Saved(Tensor(buffer: result))
    return Tensor(buffer: result).recorded(operation, x) { gradient in
      let output = try output()
      let slope = try Buffer(output.type, output.shape)
      if slope.elementCount > 0 {
        output.kernels.softmaxGradient(
          output: output.buffer, gradient: try gradient.buffer.rowMajor(), logarithm: logarithm, into: slope)
      }
      return Tensor(buffer: slope)
    }
  }

  /// log Σ eˣ, without overflow. The dimension goes, or stays with size 1.
  public func logSumExp(_ dimension: Int = -1, keepDimensions: Bool = false) throws -> Tensor {
    let at = try shape.position(of: dimension, "logsumexp")
    if at != rank - 1 {
      let kept = try transposed(at, -1).logSumExp(-1, keepDimensions: true).transposed(at, -1)
      return keepDimensions ? kept : try kept.squeezed(at)
    }
    let x = try floating()
    try x.requireElements("logsumexp", [at])
    let kept = Tensor(buffer: try Buffer(x.type, shape.replacing(at, with: 1)))
    if kept.count > 0 { x.kernels.logSumExp(try x.buffer.rowMajor(), into: kept.buffer) }
    let (input, total) = (Saved(x), Saved(kept))
    return Tensor(buffer: keepDimensions ? kept.buffer : kept.buffer.dropping([at])).recorded("logsumexp", x) {
      gradient in
      let total = try total()
      return try (input() - total).exp() * gradient.reshaped(total.shape)
    }
  }

  /// x / max(‖x‖₂, ε): each row on the unit sphere, and 0 where the row is 0.
  public func normalized(_ dimension: Int = -1, epsilon: Double = 1e-12) throws -> Tensor {
    let x = try floating()
    return try x / x.norm([dimension], keepDimensions: true).clamp(low: epsilon)
  }

  /// ⟨x, y⟩ / (max(‖x‖₂, ε) max(‖y‖₂, ε)) along a dimension, which goes; shapes broadcast.
  public func cosineSimilarity(_ other: Tensor, _ dimension: Int = -1, epsilon: Double = 1e-8) throws -> Tensor {
    try (normalized(dimension, epsilon: epsilon) * other.normalized(dimension, epsilon: epsilon)).sum([dimension])
  }
}
