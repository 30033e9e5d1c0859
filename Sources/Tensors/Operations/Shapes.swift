import Kernels

// Views: the result shares this tensor's memory unless said otherwise.

extension Tensor {
  /// The same elements, in row-major order, under another shape. One size may be −1 and is computed.
  /// Copies only where the strides allow no view.
  public func reshaped(_ target: Shape) throws -> Tensor {
    if target == shape { return self }
    let target = try completed(target)
    let result = try buffer.viewed(as: target) ?? buffer.rowMajor().viewed(as: target)!
    return Tensor(buffer: result).recorded("reshape", self) { [shape] gradient in try gradient.reshaped(shape) }
  }

  private func completed(_ target: Shape) throws -> Shape {
    var result = target
    if let open = target.firstIndex(of: -1) {
      guard target.firstIndex(of: -1) == target.lastIndex(of: -1) else {
        throw TensorError("reshape: more than one size of \(target) is left open with -1")
      }
      result[open] = 1
      try result.checked("reshape")
      guard result.elementCount > 0, count % result.elementCount == 0 else {
        throw TensorError("reshape: \(count) elements of shape \(shape) do not fit \(target)")
      }
      result[open] = count / result.elementCount
    }
    try result.checked("reshape")
    guard result.elementCount == count else {
      throw TensorError("reshape: shape \(shape) has \(count) elements, \(target) has \(result.elementCount)")
    }
    return result
  }

  /// With two dimensions exchanged.
  public func transposed(_ first: Int = -2, _ second: Int = -1) throws -> Tensor {
    let one = try shape.position(of: first, "transpose"), two = try shape.position(of: second, "transpose")
    var order = Array(0..<rank)
    order.swapAt(one, two)
    return permuting(order, "transpose")
  }

  /// With the dimensions in another order: result dimension i is this tensor's dimension `order[i]`.
  public func permuted(_ order: [Int]) throws -> Tensor {
    let positions = try order.map { try shape.position(of: $0, "permute") }
    guard positions.sorted() == Array(0..<rank) else {
      let written = order.map { $0 < 0 ? $0 : $0 + 1 }
      throw TensorError("permute: \(written) does not name each of \(rank) dimensions once")
    }
    return permuting(positions, "permute")
  }

  private func permuting(_ order: [Int], _ operation: StaticString) -> Tensor {
    Tensor(buffer: buffer.permuted(order)).recorded(operation, self) { gradient in
      Tensor(buffer: gradient.buffer.permuted(order.indices.sorted { order[$0] < order[$1] }))
    }
  }

  /// With the dimensions from `first` on made one: [n, c, h, w] → [n, c · h · w] for `from: 1`.
  public func flattened(from first: Int = 0) throws -> Tensor {
    if rank == 0 && (first == 0 || first == -1) { return try reshaped([1]) }
    let first = try shape.position(of: first, "flatten")
    var target = Shape(shape.prefix(first))
    target.append(shape.suffix(from: first).reduce(1, *))
    return try reshaped(target)
  }

  /// Without the dimensions of size 1, or without one of them; one of another size stays.
  public func squeezed(_ dimension: Int? = nil) throws -> Tensor {
    var over = try shape.positions(of: dimension.map { [$0] }, "squeeze")
    over.removeAll { shape[$0] != 1 }
    return over.isEmpty ? self : try reshaped(buffer.dropping(over).shape)
  }

  /// With a new dimension of size 1 at a position from 0 to the rank; negative counts from the end.
  public func unsqueezed(_ dimension: Int) throws -> Tensor {
    guard rank < Shape.maximumRank else {
      throw TensorError("unsqueeze: shape \(shape) has \(Shape.maximumRank) dimensions already")
    }
    guard dimension >= -rank - 1 && dimension <= rank else {
      let asWritten = dimension < 0 ? dimension : dimension &+ 1
      throw TensorError("unsqueeze: dimension \(asWritten), expected 1 to \(rank + 1) for shape \(shape)")
    }
    var target = shape
    target.insert(1, at: dimension < 0 ? dimension + rank + 1 : dimension)
    return try reshaped(target)
  }

  /// Sizes of 1, and missing leading dimensions, repeated up to `target` without copying; −1 keeps a size.
  public func expanded(_ target: Shape) throws -> Tensor {
    var full = target
    for back in 1...max(rank, 1) where back <= rank && back <= target.rank && target[target.rank - back] == -1 {
      full[target.rank - back] = shape[rank - back]
    }
    try full.checked("expand")
    guard full.rank >= rank, (try? Shape.broadcast("expand", shape, full)) == full else {
      throw TensorError("expand: shape \(shape) does not stretch to \(target)")
    }
    if full == shape { return self }
    return Tensor(buffer: buffer.expanded(to: full)).recorded("expand", self) { [shape] gradient in
      try gradient.summed(to: shape)
    }
  }
}
