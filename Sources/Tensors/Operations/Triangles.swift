import Kernels

extension Tensor {
  /// The part of each matrix [.., m, n] on and below a diagonal (0 the main one, above it positive); 0 elsewhere.
  public func lowerTriangle(diagonal: Int = 0) throws -> Tensor { try triangle("tril", diagonal) { $0.lessOrEqual } }

  /// The part of each matrix [.., m, n] on and above a diagonal (0 the main one, above it positive); 0 elsewhere.
  public func upperTriangle(diagonal: Int = 0) throws -> Tensor { try triangle("triu", diagonal) { $0.greaterOrEqual } }

  private func triangle(
    _ operation: StaticString, _ diagonal: Int, _ comparison: (Tensor) -> (Tensor) throws -> Tensor
  ) throws -> Tensor {
    guard rank >= 2 else { throw TensorError("\(operation): shape \(shape), expected [.., m, n]") }
    let rows = try Tensor.arange(to: Double(shape[rank - 2]), type: .int64).unsqueezed(1)
    let columns = try Tensor.arange(to: Double(shape[rank - 1]), type: .int64)
    // Beyond either corner every diagonal is the same.
    let offset = Swift.min(Swift.max(diagonal, -shape[rank - 2] - 1), shape[rank - 1] + 1)
    return try masked(by: comparison(columns - rows)(Tensor.full([], Double(offset), type: .int64)))
  }

  /// The sums of the elements up to each position of a dimension; of truth values and u8, in i64.
  public func cumulativeSum(_ dimension: Int) throws -> Tensor {
    let x = type == .bool || type == .uint8 ? try converted(to: .int64) : self
    let at = try shape.position(of: dimension, "cumsum")
    let result = Tensor(buffer: try x.buffer.copied(inOrderOf: x.buffer))
    for position in 1..<Swift.max(count > 0 ? shape[at] : 1, 1) {
      let before = result.buffer.slice(at, from: position - 1, size: 1)
      x.kernels.accumulate(before, scale: 1, into: result.buffer.slice(at, from: position, size: 1))
    }
    return result.recorded("cumsum", x) { gradient in try gradient.flipped(at).cumulativeSum(at).flipped(at) }
  }
}
