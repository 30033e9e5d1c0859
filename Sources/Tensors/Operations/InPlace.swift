import Kernels

// Changes of a tensor's own memory. Every view sees them; `backward` refuses values it had saved before.
//
// Recorded are sums and scalings (x += y, x *= 2) of memory that no other tensor, view or saved value holds: the
// patterns that accumulate a loss. Everything else that would lose a gradient is refused with a sentence.

extension Tensor {
  /// self += scale · other, which broadcasts to this shape. The type stays.
  @discardableResult
  public func addInPlace(_ other: Tensor, scale: Double = 1) throws -> Tensor {
    let isRecorded = try checkInPlace("add_", other, canRecord: true)
    let other = try inPlaceOperand("add_", other)
    if !type.isFloatingPoint { try type.check(scale, "add_") }
    let source = try separated(other)
    kernels.accumulate(source.expanded(to: shape), scale: scale, into: buffer)
    buffer.storage.noteChange(by: "add_")
    guard isRecorded else { return self }
    let before = Tensor(buffer: buffer, origin: origin)
    origin = recordedChange("add_", before, { gradient in gradient }, other) { [target = other.shape] gradient in
      try (scale == 1 ? gradient : gradient * scale).summed(to: target)
    }
    return self
  }

  /// self += number. The type stays.
  @discardableResult
  public func addInPlace(_ number: Double) throws -> Tensor { try addInPlace(inPlaceScalar(number, "add_")) }

  /// self *= other, which broadcasts to this shape. The type stays.
  @discardableResult
  public func multiplyInPlace(_ other: Tensor) throws -> Tensor {
    try checkInPlace("mul_", other, canRecord: false)
    let source = try separated(inPlaceOperand("mul_", other))
    kernels.zip(.multiply, buffer, source.expanded(to: shape), into: buffer)
    buffer.storage.noteChange(by: "mul_")
    return self
  }

  /// self *= number. The type stays.
  @discardableResult
  public func multiplyInPlace(_ number: Double) throws -> Tensor {
    let isRecorded = try checkInPlace("mul_", nil, canRecord: true)
    let factor = try inPlaceScalar(number, "mul_")
    kernels.zip(.multiply, buffer, factor.buffer.expanded(to: shape), into: buffer)
    buffer.storage.noteChange(by: "mul_")
    guard isRecorded else { return self }
    origin = recordedChange("mul_", Tensor(buffer: buffer, origin: origin), { try $0 * number }, nil) { $0 }
    return self
  }

  /// Sets every element.
  @discardableResult
  public func fill(_ value: Double) throws -> Tensor {
    try type.check(value, "fill_")
    try checkInPlace("fill_", nil, canRecord: false)
    kernels.fill(buffer, with: value)
    buffer.storage.noteChange(by: "fill_")
    return self
  }

  /// Sets every element to 0.
  @discardableResult
  public func zeroInPlace() throws -> Tensor { try fill(0) }

  /// Sets every element from `other`, which broadcasts to this shape and is converted to this type.
  @discardableResult
  public func copyIn(_ other: Tensor) throws -> Tensor {
    try checkInPlace("copy_", other, canRecord: false)
    try checkBroadcast("copy_", other)
    let source = try separated(other.detached().converted(to: type))
    kernels.copy(source.expanded(to: shape), into: buffer)
    buffer.storage.noteChange(by: "copy_")
    return self
  }

  /// self[indices[i], …] = rows[i, …]: [n, …] by indices [k] (i64, 0-based) from rows [k, …].
  /// The last of repeated indices wins.
  @discardableResult
  public func putRows(_ indices: Tensor, _ rows: Tensor) throws -> Tensor {
    try checkInPlace("index_copy_", rows, canRecord: false)
    guard rank > 0, indices.rank == 1, rows.type == type, rows.shape == shape.replacing(0, with: indices.count) else {
      throw TensorError(
        "index_copy_: rows of shape \(rows.shape) and type \(rows.type.rawValue) by indices of shape \(indices.shape) "
          + "into shape \(shape) and type \(type.rawValue)")
    }
    let checked = try indices.indices(below: shape[0], "index_copy_")
    let source = try separated(rows)
    let packed = try source.rowMajor()
    if buffer.isContiguous {
      kernels.putRows(packed, indices: checked.buffer, into: buffer)
    } else {
      let copy = try buffer.rowMajor()
      kernels.putRows(packed, indices: checked.buffer, into: copy)
      kernels.copy(copy, into: buffer)
    }
    buffer.storage.noteChange(by: "index_copy_")
    return self
  }
}

extension Tensor {
  /// Whether the change has to be recorded.
  /// - Throws: if it would lose a gradient, or if elements of this tensor share memory.
  @discardableResult
  private func checkInPlace(_ operation: StaticString, _ other: Tensor?, canRecord: Bool) throws -> Bool {
    if Swift.zip(shape, buffer.strides).contains(where: { $0 > 1 && $1 == 0 }) {
      throw TensorError("\(operation): this tensor repeats elements (it was expanded); change a clone instead")
    }
    guard GradientMode.isEnabled, isTracked || other?.isTracked ?? false else { return false }
    if requiresGradient {
      throw TensorError("\(operation): this tensor requires a gradient; change it inside no_grad")
    }
    guard canRecord, type.isFloatingPoint, isKnownUniquelyReferenced(&buffer.storage) else {
      throw TensorError(
        "\(operation): the change would lose a gradient; use the form without _, or change it inside no_grad")
    }
    return true
  }

  /// The node of an in-place change: from this tensor as it was, and from the operand.
  private func recordedChange(
    _ operation: StaticString, _ before: Tensor, _ rule: @escaping Node.Gradient, _ other: Tensor?,
    _ otherRule: @escaping Node.Gradient
  ) -> Node? {
    let result = Tensor(buffer: buffer)
    if let other { return result.recorded(operation, before, rule, other, otherRule).origin }
    return result.recorded(operation, before, rule).origin
  }

  private func checkBroadcast(_ operation: StaticString, _ other: Tensor) throws {
    guard other.rank <= rank, (try? Shape.broadcast(operation, shape, other.shape)) == shape else {
      throw TensorError("\(operation): shape \(other.shape) does not broadcast to \(shape)")
    }
  }

  private func inPlaceOperand(_ operation: StaticString, _ other: Tensor) throws -> Tensor {
    try checkBroadcast(operation, other)
    guard ElementType.common(type, other.type) == type else {
      throw TensorError("\(operation): a tensor of type \(type.rawValue) cannot take in \(other.type.rawValue)")
    }
    return try other.converted(to: type)
  }

  private func inPlaceScalar(_ number: Double, _ operation: StaticString) throws -> Tensor {
    try type.check(number, operation)
    return try Tensor.full([], number, type: type)
  }

  /// The operand's elements, copied if they lie in this tensor's memory but are not this very view.
  private func separated(_ other: Tensor) throws -> Buffer {
    let (one, two) = (buffer, other.buffer)
    let isSameView = one.offset == two.offset && one.shape == two.shape && one.strides == two.strides
    return two.storage !== one.storage || isSameView ? two : try two.copied(inOrderOf: two)
  }
}
