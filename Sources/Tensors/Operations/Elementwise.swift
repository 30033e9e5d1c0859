import Kernels

// What all element-wise operations share: promotion of types, broadcasting, and results that keep the order in memory.

extension ElementType {
  /// bool < u8 < i64 < f32 < f64: the type of a result is the larger of its inputs' types.
  private var precedence: Int {
    switch self {
    case .bool: 0
    case .uint8: 1
    case .int64: 2
    case .float32: 3
    case .float64: 4
    }
  }

  static func common(_ first: ElementType, _ second: ElementType) -> ElementType {
    first.precedence >= second.precedence ? first : second
  }

  /// What this type becomes where a result needs fractions.
  var floating: ElementType { isFloatingPoint ? self : .float32 }

  /// The type of a number that meets a tensor of this type: the same, or i64 or f32 beside integers.
  func holding(_ number: Double) -> ElementType {
    isFloatingPoint ? self : Int(exactly: number) != nil ? .int64 : .float32
  }
}

extension Tensor {
  /// A function of each element, without a gradient.
  func map(_ function: UnaryOperation, type: ElementType? = nil) throws -> Tensor {
    let result = try buffer.emptyCopy(type: type)
    kernels.map(function, buffer, into: result)
    return Tensor(buffer: result)
  }

  /// A function of each pair of elements of two tensors of one type, without a gradient. Shapes broadcast.
  func zip(_ operation: StaticString, _ function: BinaryOperation, _ other: Tensor) throws -> Tensor {
    let type = function.isComparison ? ElementType.bool : self.type
    if shape == other.shape {
      let result = try (buffer.isPacked ? buffer : other.buffer).emptyCopy(type: type)
      kernels.zip(function, buffer, other.buffer, into: result)
      return Tensor(buffer: result)
    }
    let common = try Shape.broadcast(operation, shape, other.shape)
    let (first, second) = (buffer.expanded(to: common), other.buffer.expanded(to: common))
    let result = try (shape == common ? first : second).emptyCopy(type: type)
    kernels.zip(function, first, second, into: result)
    return Tensor(buffer: result)
  }

  /// Both tensors in the larger of their types; where the result needs fractions, at least f32.
  static func promoted(_ first: Tensor, _ second: Tensor, floating: Bool = false) throws -> (Tensor, Tensor) {
    if first.type == second.type && (first.type.isFloatingPoint || !floating) { return (first, second) }
    let common = ElementType.common(first.type, second.type)
    let type = floating ? common.floating : common
    return (try first.converted(to: type), try second.converted(to: type))
  }

  /// Both tensors in the larger of their types; truth values count as integers.
  static func promotedNumbers(_ first: Tensor, _ second: Tensor) throws -> (Tensor, Tensor) {
    if first.type == .bool && second.type == .bool { return (try first.numeric(), try second.numeric()) }
    return try promoted(first, second)
  }

  /// This tensor, with truth values as integers.
  func numeric() throws -> Tensor { type == .bool ? try converted(to: .int64) : self }

  /// This tensor in its type, or f32 if that has no fractions.
  func floating() throws -> Tensor { type.isFloatingPoint ? self : try converted(to: .float32) }

  /// A number as a tensor of shape [] to compute with this one.
  func scalar(_ number: Double) throws -> Tensor { try Tensor.full([], number, type: type.holding(number)) }

  /// A gradient of a broadcast result, summed over what was repeated so that it has the input's shape again.
  func summed(to target: Shape) throws -> Tensor {
    if shape == target { return self }
    let leading = rank - target.rank
    let repeated = (0..<rank).filter { $0 < leading || (target[$0 - leading] == 1 && shape[$0] != 1) }
    return try reduced(.sum, repeated, keepDimensions: true).reshaped(target)
  }
}
