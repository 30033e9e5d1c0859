import Kernels

// Indices are i64 and 0-based; each is checked. Messages name positions as scripts write them, from 1.

extension Tensor {
  /// The slices of the first dimension named by `rows` [k]: [n, …] → [k, …]. Rows may repeat.
  public func taking(rows: Tensor) throws -> Tensor {
    guard rank > 0, rows.rank == 1 else {
      throw TensorError("index_select: shape \(shape) by indices of shape \(rows.shape), expected [n, …] by [k]")
    }
    let indices = try rows.indices(below: shape[0], "index_select")
    let result = try Buffer(type, shape.replacing(0, with: rows.count).checked("index_select"))
    kernels.takeRows(try buffer.rowMajor(), indices: indices.buffer, into: result)
    let saved = Saved(indices)
    return Tensor(buffer: result).recorded("index_select", self) { [shape] gradient in
      let sum = try Tensor.zeros(shape, type: gradient.type)
      gradient.kernels.addRows(try gradient.buffer.rowMajor(), indices: try saved().buffer, into: sum.buffer)
      return sum
    }
  }

  /// output[i][j] = self[i][indices[i][j]] for the last of two dimensions, and so for each; `indices` has this
  /// tensor's sizes except along `dimension`, and its shape is the result's.
  public func gathered(_ dimension: Int, _ indices: Tensor) throws -> Tensor {
    let at = try shape.position(of: dimension, "gather")
    guard indices.rank == rank, indices.shape.replacing(at, with: 0) == shape.replacing(at, with: 0) else {
      throw TensorError("gather: indices of shape \(indices.shape) for shape \(shape) along dimension \(at + 1)")
    }
    let indices = try indices.indices(below: shape[at], "gather")
    let result = try Buffer(type, indices.shape)
    kernels.gather(try buffer.rowMajor(), dimension: at, indices: indices.buffer, into: result)
    let saved = Saved(indices)
    return Tensor(buffer: result).recorded("gather", self) { [shape] gradient in
      let sum = try Tensor.zeros(shape, type: gradient.type)
      let arrived = try gradient.buffer.rowMajor()
      gradient.kernels.scatterAdd(arrived, dimension: at, indices: try saved().buffer, into: sum.buffer)
      return sum
    }
  }

  /// The k largest elements along the last dimension, in falling order, and their positions: [.., n] → [.., k] twice.
  public func topK(_ k: Int) throws -> (values: Tensor, indices: Tensor) {
    guard type.isFloatingPoint || type == .int64, rank > 0 else {
      throw TensorError("topk: shape \(shape) of type \(type.rawValue), expected numbers and at least one dimension")
    }
    guard k >= 0, k <= shape[rank - 1] else {
      throw TensorError("topk: the \(k) largest of \(shape[rank - 1])")
    }
    let target = shape.replacing(rank - 1, with: k)
    let indices = try Buffer(.int64, target), values = try Buffer(type, target)
    if target.elementCount > 0 {
      let columns = shape[rank - 1], rows = count / columns
      kernels.topK(
        try buffer.rowMajor().viewed(as: [rows, columns])!, values: values.viewed(as: [rows, k])!,
        indices: indices.viewed(as: [rows, k])!)
    }
    let positions = Tensor(buffer: indices)
    return (type.isFloatingPoint ? try gathered(-1, positions) : Tensor(buffer: values), positions)
  }

  /// 1 at each label, else 0: [n] → [n, classes], of type f32.
  public func oneHot(_ classes: Int) throws -> Tensor {
    guard classes > 0, rank < Shape.maximumRank else {
      throw TensorError("one_hot: \(classes) classes for labels of shape \(shape)")
    }
    let labels = try indices(below: classes, "one_hot")
    let columns = try Tensor.arange(to: Double(classes), type: .int64)
    return try labels.unsqueezed(-1).equal(columns).converted(to: .float32)
  }

  /// The elements where `mask` (of this shape) is true, in row-major order: [k].
  public func maskedSelect(_ mask: Tensor) throws -> Tensor {
    guard mask.shape == shape else {
      throw TensorError("masked_select: a mask of shape \(mask.shape) for shape \(shape)")
    }
    let packed = try mask.truth().buffer.rowMajor()
    let chosen = withExtendedLifetime(packed.storage) {
      let truths = UnsafeBufferPointer(
        start: packed.pointer.assumingMemoryBound(to: UInt8.self), count: packed.elementCount)
      return truths.indices.filter { truths[$0] != 0 }
    }
    return try flattened().taking(rows: Tensor(chosen, [chosen.count]))
  }

  /// The position of the largest element along a dimension, the first of equals: i64.
  public func argumentOfMaximum(_ dimension: Int, keepDimensions: Bool = false) throws -> Tensor {
    try extremePosition("argmax", dimension, keepDimensions)
  }

  /// The position of the smallest element along a dimension, the first of equals: i64.
  public func argumentOfMinimum(_ dimension: Int, keepDimensions: Bool = false) throws -> Tensor {
    try (-detached()).extremePosition("argmin", dimension, keepDimensions)
  }

  private func extremePosition(_ operation: StaticString, _ dimension: Int, _ keep: Bool) throws -> Tensor {
    let at = try shape.position(of: dimension, operation)
    try requireElements(operation, [at])
    let result = try Buffer(.int64, shape.replacing(at, with: 1))
    let numbers = try numeric()
    numbers.kernels.argumentOfMaximum(numbers.buffer, dimension: at, into: result)
    return Tensor(buffer: keep ? result : result.dropping([at]))
  }

  /// These indices in row-major order, each checked to be at least 0 and below `size`.
  func indices(below size: Int, _ operation: StaticString) throws -> Tensor {
    guard type == .int64 else {
      throw TensorError("\(operation): indices of type \(type.rawValue), expected i64")
    }
    let packed = try buffer.rowMajor()
    try withExtendedLifetime(packed.storage) {
      let values = UnsafeBufferPointer(
        start: packed.pointer.assumingMemoryBound(to: Int.self), count: packed.elementCount)
      if let bad = values.firstIndex(where: { $0 < 0 || $0 >= size }) {
        throw TensorError("\(operation): index \(values[bad] &+ 1) at position \(bad + 1), expected 1 to \(size)")
      }
    }
    return Tensor(buffer: packed)
  }
}
