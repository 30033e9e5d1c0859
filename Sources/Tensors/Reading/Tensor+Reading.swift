import Kernels

extension Tensor {
  /// The value of a tensor with one element.
  public func item() throws -> Double {
    guard count == 1 else {
      throw TensorError("item: shape \(shape) has \(count) elements, expected one")
    }
    return withExtendedLifetime(buffer.storage) { buffer.element(at: buffer.pointer) }
  }

  /// All elements in row-major order, as doubles (f32 and integers up to 2⁵³ exactly; bool as 0 and 1).
  public func doubles() throws -> [Double] {
    try checkReadable()
    let packed = try buffer.rowMajor()
    return withExtendedLifetime(packed.storage) {
      (0..<packed.elementCount).map { packed.element(at: packed.pointer + $0 * packed.type.byteCount) }
    }
  }

  /// All elements in row-major order, as floats.
  public func floats() throws -> [Float] {
    guard type == .float32 else { return try doubles().map(Float.init) }
    try checkReadable()
    let packed = try buffer.rowMajor()
    return withExtendedLifetime(packed.storage) {
      Array(UnsafeBufferPointer(start: packed.pointer.assumingMemoryBound(to: Float.self), count: packed.elementCount))
    }
  }

  /// All elements in row-major order, as integers.
  /// - Throws: if an element is not a whole number in range.
  public func integers() throws -> [Int] {
    guard type != .int64 else {
      try checkReadable()
      let packed = try buffer.rowMajor()
      return withExtendedLifetime(packed.storage) {
        Array(UnsafeBufferPointer(start: packed.pointer.assumingMemoryBound(to: Int.self), count: packed.elementCount))
      }
    }
    return try doubles().map { value in
      guard let whole = Int(exactly: value) else { throw TensorError("integers: \(value) is not a whole number") }
      return whole
    }
  }
}

extension Tensor {
  /// An expanded view can have more elements than memory has room for, and an array that does not fit ends the process.
  private func checkReadable() throws {
    guard count <= 1 << 27 else { throw TensorError("\(count) elements (shape \(shape)) are too many to read out at once") }
  }
}

extension Buffer {
  /// One element as a double. The caller keeps the storage alive.
  func element(at address: UnsafeMutableRawPointer) -> Double {
    switch type {
    case .float32: Double(address.load(as: Float.self))
    case .float64: address.load(as: Double.self)
    case .int64: Double(address.load(as: Int.self))
    case .uint8, .bool: Double(address.load(as: UInt8.self))
    }
  }
}
