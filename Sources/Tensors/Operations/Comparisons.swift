import Kernels

// Comparisons and logic. Results are bool and have no gradient; shapes broadcast, types are promoted.

extension Tensor {
  public func equal(_ other: Tensor) throws -> Tensor { try compare("eq", .equal, other) }
  public func notEqual(_ other: Tensor) throws -> Tensor { try compare("ne", .notEqual, other) }
  public func less(_ other: Tensor) throws -> Tensor { try compare("lt", .less, other) }
  public func lessOrEqual(_ other: Tensor) throws -> Tensor { try compare("le", .lessOrEqual, other) }
  public func greater(_ other: Tensor) throws -> Tensor { try compare("gt", .greater, other) }
  public func greaterOrEqual(_ other: Tensor) throws -> Tensor { try compare("ge", .greaterOrEqual, other) }

  public func equal(_ number: Double) throws -> Tensor { try equal(scalar(number)) }
  public func notEqual(_ number: Double) throws -> Tensor { try notEqual(scalar(number)) }
  public func less(_ number: Double) throws -> Tensor { try less(scalar(number)) }
  public func lessOrEqual(_ number: Double) throws -> Tensor { try lessOrEqual(scalar(number)) }
  public func greater(_ number: Double) throws -> Tensor { try greater(scalar(number)) }
  public func greaterOrEqual(_ number: Double) throws -> Tensor { try greaterOrEqual(scalar(number)) }

  private func compare(_ operation: StaticString, _ function: BinaryOperation, _ other: Tensor) throws -> Tensor {
    let (first, second) = try Tensor.promoted(detached(), other.detached())
    return try first.zip(operation, function, second)
  }

  /// Whether both are true (not 0).
  public func and(_ other: Tensor) throws -> Tensor { try truth().zip("logical_and", .and, other.truth()) }
  /// Whether one is true (not 0).
  public func or(_ other: Tensor) throws -> Tensor { try truth().zip("logical_or", .or, other.truth()) }
  /// Whether exactly one is true (not 0).
  public func exclusiveOr(_ other: Tensor) throws -> Tensor {
    try truth().zip("logical_xor", .exclusiveOr, other.truth())
  }
  /// Whether each element is 0.
  public func not() throws -> Tensor { try truth().map(.not) }

  /// Whether each element is neither infinite nor NaN.
  public func isFinite() throws -> Tensor {
    guard type.isFloatingPoint else { return try Tensor.full(shape, 1, type: .bool) }
    return try map(.isFinite, type: .bool)
  }

  /// Each element's truth: whether it is not 0.
  func truth() throws -> Tensor { type == .bool ? detached() : try notEqual(0) }

  /// `first` where `condition` is true (not 0), else `second`. All three broadcast.
  public static func select(_ condition: Tensor, _ first: Tensor, _ second: Tensor) throws -> Tensor {
    let (first, second) = try promoted(first, second)
    let mask = try condition.truth()
    let shape = try Shape.broadcast("where", Shape.broadcast("where", mask.shape, first.shape), second.shape)
    let like = first.shape == shape ? first.buffer : second.buffer.expanded(to: shape)
    let result = try like.emptyCopy()
    first.kernels.select(
      mask.buffer.expanded(to: shape), first.buffer.expanded(to: shape), second.buffer.expanded(to: shape),
      into: result)
    let saved = Saved(mask)
    return Tensor(buffer: result).recorded(
      "where",
      first, { [shape = first.shape] gradient in try gradient.masked(by: saved()).summed(to: shape) },
      second, { [shape = second.shape] gradient in try gradient.masked(by: saved().not()).summed(to: shape) })
  }

  /// This where the mask is true, else 0; unlike a product, also where this is infinite or NaN.
  func masked(by mask: Tensor) throws -> Tensor {
    try Tensor.select(mask, self, Tensor.zeros([], type: type))
  }

  /// A copy with `value` where `mask` is true (not 0). The mask broadcasts.
  public func maskedFill(_ mask: Tensor, _ value: Double) throws -> Tensor {
    try Tensor.select(mask, scalar(value), self)
  }
}
