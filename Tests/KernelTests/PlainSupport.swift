import Testing

import Kernels

/// Buffers from and to arrays of doubles, element by element: no kernel stands between a test and its numbers.
extension PlainKernelsTests {
  /// A row-major buffer; a vector where no shape is given.
  func buffer(_ values: [Double], _ type: ElementType, _ shape: Shape? = nil) throws -> Buffer {
    let result = try Buffer(type, shape ?? [values.count])
    try #require(result.elementCount == values.count)
    for (index, value) in values.enumerated() {
      switch type {
      case .float32: result.pointer.assumingMemoryBound(to: Float.self)[index] = Float(value)
      case .float64: result.pointer.assumingMemoryBound(to: Double.self)[index] = value
      case .int64: result.pointer.assumingMemoryBound(to: Int64.self)[index] = Int64(value)
      case .uint8: result.pointer.assumingMemoryBound(to: UInt8.self)[index] = UInt8(value)
      case .bool: result.pointer.assumingMemoryBound(to: UInt8.self)[index] = value == 0 ? 0 : 1
      }
    }
    return result
  }

  /// All elements in row-major order of a buffer of any strides.
  func numbers(_ buffer: Buffer) -> [Double] {
    var result: [Double] = []
    func visit(_ dimension: Int, _ offset: Int) {
      guard dimension < buffer.shape.rank else {
        result.append(element(buffer, offset))
        return
      }
      for index in 0..<buffer.shape[dimension] { visit(dimension + 1, offset + index * buffer.strides[dimension]) }
    }
    visit(0, 0)
    return result
  }

  private func element(_ buffer: Buffer, _ offset: Int) -> Double {
    switch buffer.type {
    case .float32: Double(buffer.pointer.assumingMemoryBound(to: Float.self)[offset])
    case .float64: buffer.pointer.assumingMemoryBound(to: Double.self)[offset]
    case .int64: Double(buffer.pointer.assumingMemoryBound(to: Int64.self)[offset])
    case .uint8, .bool: Double(buffer.pointer.assumingMemoryBound(to: UInt8.self)[offset])
    }
  }

  /// Whether all pairs are within `tolerance`; NaN equals nothing.
  func isClose(_ first: [Double], _ second: [Double], within tolerance: Double) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) <= tolerance }
  }

  func converted(_ input: Buffer, _ type: ElementType) throws -> [Double] {
    let output = try Buffer(type, input.shape)
    kernels.copy(input, into: output)
    return numbers(output)
  }

  func mapped(_ operation: UnaryOperation, _ values: [Double], _ type: ElementType) throws -> [Double] {
    let input = try buffer(values, type)
    let output = try Buffer(operation == .isFinite ? .bool : type, input.shape)
    kernels.map(operation, input, into: output)
    return numbers(output)
  }

  func zipped(_ operation: BinaryOperation, _ first: [Double], _ second: [Double], _ type: ElementType) throws
    -> [Double]
  {
    let output = try Buffer(operation.isComparison ? .bool : type, [first.count])
    kernels.zip(operation, try buffer(first, type), try buffer(second, type), into: output)
    return numbers(output)
  }

  func integers(_ operation: UnaryOperation, _ values: [Int64]) throws -> [Int64] {
    let vector = try integerBuffer(values)
    kernels.map(operation, vector, into: vector)
    return integers(vector)
  }

  func integers(_ operation: BinaryOperation, _ first: [Int64], _ second: [Int64]) throws -> [Int64] {
    let vector = try integerBuffer(first)
    kernels.zip(operation, vector, try integerBuffer(second), into: vector)
    return integers(vector)
  }

  func reduced(_ operation: Reduction, _ input: Buffer, _ shape: Shape, type: ElementType? = nil) throws -> [Double] {
    let output = try Buffer(type ?? input.type, shape)
    kernels.reduce(operation, input, into: output)
    return numbers(output)
  }

  private func integerBuffer(_ values: [Int64]) throws -> Buffer {
    let result = try Buffer(.int64, [values.count])
    for (index, value) in values.enumerated() { result.pointer.assumingMemoryBound(to: Int64.self)[index] = value }
    return result
  }

  private func integers(_ buffer: Buffer) -> [Int64] {
    (0..<buffer.elementCount).map { buffer.pointer.assumingMemoryBound(to: Int64.self)[$0] }
  }
}
