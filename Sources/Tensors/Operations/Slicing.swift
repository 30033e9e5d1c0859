import Kernels

// Views of a part of one dimension. Their gradient is 0 outside of the part.

extension Tensor {
  /// Positions `start`, `start + step`, … below `end` of one dimension; negative positions count from its end.
  public func sliced(_ dimension: Int, from start: Int = 0, to end: Int? = nil, step: Int = 1) throws -> Tensor {
    let at = try shape.position(of: dimension, "slice")
    let size = shape[at]
    guard step > 0 else { throw TensorError("slice: the step is \(step), expected 1 or more") }
    let first = start < 0 ? start &+ size : start
    let last = end.map { $0 < 0 ? $0 &+ size : $0 } ?? size
    guard first >= 0, first <= size, last >= first, last <= size else {
      let until = end.map { "\($0)" } ?? "the end"
      throw TensorError(
        "slice: positions \(start < 0 ? start : start &+ 1) to \(until) of dimension \(at + 1), which has size \(size)")
    }
    return slicing(at, from: first, size: (last - first) / step + ((last - first) % step > 0 ? 1 : 0), step: step)
  }

  /// One position of a dimension, which goes: [n, c] → [c] for dimension 0.
  public func selected(_ dimension: Int, _ index: Int) throws -> Tensor {
    let at = try shape.position(of: dimension, "select")
    let size = shape[at]
    guard index >= -size && index < size else {
      let asWritten = index < 0 ? index : index &+ 1
      throw TensorError("select: position \(asWritten) of dimension \(at + 1), which has size \(size)")
    }
    let part = slicing(at, from: index < 0 ? index + size : index, size: 1, step: 1)
    return try part.reshaped(part.buffer.dropping([at]).shape)
  }

  /// Pieces of `size` along a dimension; the last may be smaller.
  public func split(_ size: Int, _ dimension: Int = 0) throws -> [Tensor] {
    let at = try shape.position(of: dimension, "split")
    guard size > 0 else { throw TensorError("split: pieces of size \(size), expected 1 or more") }
    guard shape[at] / size < 1 << 20 else {
      throw TensorError("split: dimension \(at + 1) of shape \(shape) in pieces of size \(size) makes too many")
    }
    return stride(from: 0, to: shape[at], by: size).map { start in
      slicing(at, from: start, size: Swift.min(size, shape[at] - start), step: 1)
    }
  }

  /// A part of a dimension that has been checked.
  func slicing(_ dimension: Int, from start: Int, size: Int, step: Int) -> Tensor {
    if size == shape[dimension] && step == 1 { return self }
    let step = size > 1 ? step : 1  // Of a single position any step is the same, and a huge one is no stride.
    return Tensor(buffer: buffer.slice(dimension, from: start, size: size, step: step)).recorded("slice", self) {
      [whole = buffer.strides, shape] gradient in
      let result = try gradient.buffer.emptyWhole(shape, inOrderOf: whole)
      gradient.kernels.fill(result, with: 0)
      gradient.kernels.copy(gradient.buffer, into: result.slice(dimension, from: start, size: size, step: step))
      return Tensor(buffer: result)
    }
  }
}

extension Buffer {
  /// Memory for the gradient of a whole whose part this is: channels-last where the whole was.
  fileprivate func emptyWhole(_ shape: Shape, inOrderOf strides: Shape) throws -> Buffer {
    let isChannelsLast = shape.rank == 4 && strides == shape.channelsLastStrides
    return try Buffer(type, shape, format: isChannelsLast ? .channelsLast : .rowMajor)
  }
}
