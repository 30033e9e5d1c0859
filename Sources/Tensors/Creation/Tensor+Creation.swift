import Kernels

extension Tensor {
  /// A tensor of type f32 with these values in row-major order.
  public convenience init(_ values: [Float], _ shape: Shape) throws {
    try self.init(copying: values, shape, .float32)
  }

  /// A tensor of type i64 with these values in row-major order.
  public convenience init(_ values: [Int], _ shape: Shape) throws {
    try self.init(copying: values, shape, .int64)
  }

  /// A tensor of any type with these values in row-major order.
  /// - Throws: if a value is not a whole number in range and `type` is an integer.
  public convenience init(_ values: [Double], _ shape: Shape, type: ElementType = .float32) throws {
    switch type {
    case .float32: try self.init(copying: values.map(Float.init), shape, type)
    case .float64: try self.init(copying: values, shape, type)
    case .int64: try self.init(copying: values.map { try Self.whole($0, as: Int.self) }, shape, type)
    case .uint8: try self.init(copying: values.map { try Self.whole($0, as: UInt8.self) }, shape, type)
    case .bool: try self.init(copying: values.map { UInt8($0 != 0 ? 1 : 0) }, shape, type)
    }
  }

  /// A tensor of shape [] with one value.
  public convenience init(scalar: Double, type: ElementType = .float32) throws {
    self.init(buffer: try Tensor.full([], scalar, type: type).buffer)
  }

  private convenience init<Element>(copying values: [Element], _ shape: Shape, _ type: ElementType) throws {
    try shape.checked("tensor")
    guard values.count == shape.elementCount else {
      throw TensorError("tensor: \(values.count) values for shape \(shape), which has \(shape.elementCount)")
    }
    let buffer = try Buffer(type, shape)
    values.withUnsafeBytes { bytes in
      if let address = bytes.baseAddress { buffer.pointer.copyMemory(from: address, byteCount: bytes.count) }
    }
    self.init(buffer: buffer)
  }

  private static func whole<Integer: FixedWidthInteger>(_ value: Double, as: Integer.Type) throws -> Integer {
    guard let result = Integer(exactly: value) else {
      throw TensorError("tensor: \(value) is not a whole number that fits the type")
    }
    return result
  }
}

extension Tensor {
  public static func zeros(_ shape: Shape, type: ElementType = .float32) throws -> Tensor {
    try filled("zeros", shape, 0, type)
  }

  public static func ones(_ shape: Shape, type: ElementType = .float32) throws -> Tensor {
    try filled("ones", shape, 1, type)
  }

  /// Every element is `value`; integer types need a whole number in range.
  public static func full(_ shape: Shape, _ value: Double, type: ElementType = .float32) throws -> Tensor {
    try filled("full", shape, value, type)
  }

  private static func filled(_ operation: StaticString, _ shape: Shape, _ value: Double, _ type: ElementType) throws
    -> Tensor
  {
    try type.check(value, operation)
    let buffer = try Buffer(type, try shape.checked(operation))
    buffer.kernels.fill(buffer, with: value)
    return Tensor(buffer: buffer)
  }

  /// start, start + step, …, below `end` (above it for a negative step). Shape [⌈(end − start) / step⌉].
  public static func arange(
    from start: Double = 0, to end: Double, step: Double = 1, type: ElementType = .float32
  ) throws -> Tensor {
    guard start.isFinite, end.isFinite, step.isFinite, step != 0 else {
      throw TensorError("arange: from \(start) to \(end) in steps of \(step); expected finite numbers and a step not 0")
    }
    let steps = ((end - start) / step).rounded(.up)
    guard steps < 1e15 else { throw TensorError("arange: from \(start) to \(end) in steps of \(step) is too long") }
    let count = Int(max(0, steps))
    if !type.isFloatingPoint && count > 0 {
      // Whole start and step make whole values; the last is the largest or smallest.
      for value in [start, start + step, start + Double(count - 1) * step] { try type.check(value, "arange") }
    }
    let buffer = try Buffer(type, ([count] as Shape).checked("arange"))
    func fill<Element>(_ convert: (Double) -> Element) {
      withExtendedLifetime(buffer.storage) {
        let target = buffer.pointer.assumingMemoryBound(to: Element.self)
        for index in 0..<count { (target + index).initialize(to: convert(start + Double(index) * step)) }
      }
    }
    switch type {
    case .float32: fill { Float($0) }
    case .float64: fill { $0 }
    case .int64: fill { Int($0) }
    case .uint8: fill { UInt8($0) }
    case .bool: fill { UInt8($0 == 0 ? 0 : 1) }
    }
    return Tensor(buffer: buffer)
  }

  /// The identity matrix. Shape [n, n].
  public static func eye(_ size: Int, type: ElementType = .float32) throws -> Tensor {
    try ([size, size] as Shape).checked("eye")
    let result = try zeros([size, size], type: type)
    var diagonal = result.buffer
    (diagonal.shape, diagonal.strides) = ([size], [size + 1])
    result.kernels.fill(diagonal, with: 1)
    return result
  }
}

extension ElementType {
  /// - Throws: if an integer type cannot hold `value`.
  func check(_ value: Double, _ operation: StaticString) throws {
    let fits =
      switch self {
      case .float32, .float64, .bool: true
      case .int64: Int(exactly: value) != nil
      case .uint8: UInt8(exactly: value) != nil
      }
    guard fits else { throw TensorError("\(operation): \(value) does not fit type \(rawValue)") }
  }
}
