import Kernels

extension Tensor {
  /// The tensors one after the other along a dimension; all other sizes agree. Types are promoted.
  public static func concatenated(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError("cat: no tensors given") }
    let at = try first.shape.position(of: dimension, "cat")
    let type = tensors.reduce(first.type) { ElementType.common($0, $1.type) }
    let parts = try tensors.map { try $0.converted(to: type) }
    var total = 0
    for part in parts {
      guard part.rank == first.rank, part.shape.replacing(at, with: 0) == first.shape.replacing(at, with: 0) else {
        throw TensorError("cat: shapes \(first.shape) and \(part.shape) differ outside dimension \(at + 1)")
      }
      let (sum, overflow) = total.addingReportingOverflow(part.shape[at])
      guard !overflow else { throw TensorError("cat: the result has too many elements") }
      total = sum
    }
    let whole = try first.shape.replacing(at, with: total).checked("cat")
    let isChannelsLast = first.buffer.isChannelsLast && !first.buffer.isContiguous
    let result = try Buffer(type, whole, format: isChannelsLast ? .channelsLast : .rowMajor)
    var starts: [Int] = []
    for part in parts {
      let start = (starts.last ?? 0) + (starts.isEmpty ? 0 : parts[starts.count - 1].shape[at])
      starts.append(start)
      part.kernels.copy(part.buffer, into: result.slice(at, from: start, size: part.shape[at]))
    }
    return Tensor(buffer: result).recorded("cat", jointly: parts) { [sizes = parts.map { $0.shape[at] }] gradient in
      Swift.zip(starts, sizes).map { gradient.slicing(at, from: $0, size: $1, step: 1) }
    }
  }

  /// Tensors of one shape along a new dimension: k of [n, d] → [k, n, d] for dimension 0.
  public static func stacked(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
    guard let first = tensors.first else { throw TensorError("stack: no tensors given") }
    for tensor in tensors where tensor.shape != first.shape {
      throw TensorError("stack: shapes \(first.shape) and \(tensor.shape) differ")
    }
    let at = dimension < 0 ? dimension &+ first.rank &+ 1 : dimension
    return try concatenated(tensors.map { try $0.unsqueezed(at) }, at)
  }

  /// With the order of positions reversed along a dimension.
  public func flipped(_ dimension: Int) throws -> Tensor {
    let at = try shape.position(of: dimension, "flip")
    let order = try Tensor.arange(from: Double(shape[at] - 1), to: -1, step: -1, type: .int64)
    return try transposed(0, at).taking(rows: order).transposed(0, at)
  }
}
