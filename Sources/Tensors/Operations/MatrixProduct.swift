import Kernels

extension Tensor {
  /// Matrix product: [m, k] × [k, n] → [m, n]. Leading dimensions are batches and broadcast; a vector counts as one
  /// row on the left and one column on the right.
  public func matmul(_ other: Tensor) throws -> Tensor {
    guard rank > 0, other.rank > 0 else {
      throw TensorError("matmul: shapes \(shape) and \(other.shape), expected at least one dimension each")
    }
    let inner = other.shape[Swift.max(other.rank - 2, 0)]
    guard shape[rank - 1] == inner else {
      throw TensorError(
        "matmul: shapes \(shape) and \(other.shape) differ in the inner size (\(shape[rank - 1]) and \(inner))")
    }
    guard type.isFloatingPoint || other.type.isFloatingPoint else {
      throw TensorError("matmul: types \(type.rawValue) and \(other.type.rawValue), expected f32 or f64")
    }
    if rank == 1 { return try unsqueezed(0).matmul(other).squeezed(other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return try matmul(other.unsqueezed(1)).squeezed(-1) }
    let (first, second) = try Tensor.promoted(self, other)
    if rank > 2 && other.rank == 2 {
      // Rows of all batches in one product.
      let rows = try first.reshaped([shape.dropLast().reduce(1, *), inner])
      return try rows.matrixProduct(second).reshaped(shape.replacing(rank - 1, with: other.shape[1]))
    }
    return try first.matrixProduct(second)
  }

  /// Σ xᵢ yᵢ of two vectors: [n], [n] → scalar.
  public func dot(_ other: Tensor) throws -> Tensor {
    guard rank == 1, other.shape == shape else {
      throw TensorError("dot: shapes \(shape) and \(other.shape), expected two vectors of one size")
    }
    return try (self * other).sum()
  }

  /// xᵢ yⱼ of two vectors: [m], [n] → [m, n].
  public func outer(_ other: Tensor) throws -> Tensor {
    guard rank == 1, other.rank == 1 else {
      throw TensorError("outer: shapes \(shape) and \(other.shape), expected two vectors")
    }
    return try unsqueezed(1) * other
  }

  /// The product of matrices of one type in batches that broadcast.
  private func matrixProduct(_ other: Tensor) throws -> Tensor {
    let (first, second) = (Saved(self), Saved(other))
    return try rawProduct(other).recorded(
      "matmul",
      self, { [shape] gradient in
        try gradient.rawProduct(Tensor(buffer: second().buffer.turned)).summed(to: shape)
      },
      other, { [shape = other.shape] gradient in
        try Tensor(buffer: first().buffer.turned).rawProduct(gradient).summed(to: shape)
      })
  }

  private func rawProduct(_ other: Tensor) throws -> Tensor {
    let batch = try Shape.broadcast("matmul", Shape(shape.dropLast(2)), Shape(other.shape.dropLast(2)))
    let matrix = [shape[rank - 2], other.shape[other.rank - 1]]
    let result = try Buffer(type, Shape(batch + matrix).checked("matmul"))
    guard shape[rank - 1] > 0, result.elementCount > 0 else { return try Tensor.zeros(result.shape, type: type) }
    try kernels.matmul(
      buffer.expanded(to: Shape(batch + shape.suffix(2))),
      other.buffer.expanded(to: Shape(batch + other.shape.suffix(2))), bias: nil, into: result)
    return Tensor(buffer: result)
  }
}

extension Tensor {
  /// x · weightᵀ + bias: [.., in] with weight [out, in] and bias [out] → [.., out].
  public func linear(weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    guard weight.rank == 2, rank > 0, shape[rank - 1] == weight.shape[1] else {
      throw TensorError("linear: input of shape \(shape) for a weight of shape \(weight.shape), expected [.., in] and "
        + "[out, in]")
    }
    guard bias.map({ $0.shape == [weight.shape[0]] }) ?? true else {
      throw TensorError("linear: bias of shape \(bias!.shape) for a weight of shape \(weight.shape)")
    }
    guard type.isFloatingPoint, weight.type == type, bias.map({ $0.type == type }) ?? true else {
      throw TensorError("linear: input \(type.rawValue), weight \(weight.type.rawValue)"
        + (bias.map { ", bias \($0.type.rawValue)" } ?? "") + "; expected f32 or f64, all the same")
    }
    guard rank == 2 else {
      let rows = shape.dropLast().reduce(1, *)
      let result = try reshaped([rows, shape[rank - 1]]).linear(weight: weight, bias: bias)
      return try result.reshaped(shape.replacing(rank - 1, with: weight.shape[0]))
    }
    let result = try Buffer(type, [shape[0], weight.shape[0]])
    if shape[1] == 0 || result.elementCount == 0 {
      kernels.fill(result, with: 0)
      if let bias { kernels.accumulate(bias.buffer.expanded(to: result.shape), scale: 1, into: result) }
    } else {
      try kernels.matmul(buffer, weight.buffer.turned, bias: bias?.buffer.rowMajor(), into: result)
    }
    let (input, saved) = (isTracked ? Saved(weight) : nil, weight.isTracked ? Saved(self) : nil)
    let hasBias = bias?.isTracked ?? false
    return Tensor(buffer: result).recorded("linear", jointly: [self, weight, bias]) { gradient in
      [
        try input.map { try gradient.rawProduct($0()) },
        try saved.map { try Tensor(buffer: gradient.buffer.turned).rawProduct($0()) },
        hasBias ? try gradient.reduced(.sum, [0], keepDimensions: false) : nil,
      ]
    }
  }
}

extension Buffer {
  /// With the last two dimensions exchanged: a matrix's transpose, as a view.
  fileprivate var turned: Buffer {
    var result = self
    result.shape.swapAt(shape.rank - 2, shape.rank - 1)
    result.strides.swapAt(shape.rank - 2, shape.rank - 1)
    return result
  }
}
