import Testing

import Kernels

/// How a test's buffer lies in memory.
enum Layout: CaseIterable {
  case rowMajor
  /// Dense with the dimensions' order reversed: the transpose of a matrix.
  case reversed
  /// Dense with the second dimension innermost: NHWC for images.
  case channelsLast
  /// Every other element of rows with a gap after them, starting inside the storage.
  case scattered
  /// Each row the same: stride 0 in the first dimension.
  case repeatedRows
  /// Each row one number: stride 0 in the last dimension.
  case repeatedColumns
  /// One number: stride 0 in all dimensions.
  case scalar

  /// Layouts in which each element has its own place, so that they can be written to.
  static let writable: [Layout] = [.rowMajor, .reversed, .channelsLast, .scattered]

  /// Strides and the number of elements that the storage needs.
  func strides(_ shape: Shape) -> (strides: Shape, extent: Int) {
    var strides = Shape(repeating: 0, count: shape.rank)
    var order = Array(shape.indices)
    var step = self == .scattered ? 2 : 1
    switch self {
    case .reversed: order.reverse()
    case .channelsLast where shape.rank > 1: order.append(order.remove(at: 1))
    default: break
    }
    for dimension in order.reversed() {
      if self == .scalar || (self == .repeatedRows && dimension == 0)
        || (self == .repeatedColumns && dimension == shape.rank - 1)
      {
        continue
      }
      strides[dimension] = step
      step = step * max(shape[dimension], 1) + (self == .scattered ? 3 : 0)
    }
    return (strides, step + 1)
  }
}

/// A buffer of the layout whose elements, in row-major order, are `element(0), element(1), …`; repeated places keep the
/// last.
func sample<Element>(
  _ shape: Shape, _ layout: Layout = .rowMajor, _ type: ElementType, _ element: (Int) -> Element
) throws -> Buffer {
  let (strides, extent) = layout.strides(shape)
  let offset = layout == .scattered ? 5 : 0
  let storage = try Storage(byteCount: (extent + offset) * MemoryLayout<Element>.stride)
  // Known bytes between the elements too, so that whole storages can be compared.
  storage.pointer.initializeMemory(as: UInt8.self, repeating: 0xa5, count: storage.byteCount)
  let buffer = Buffer(storage: storage, offset: offset, shape: shape, strides: strides, type: type)
  for (index, place) in elementOffsets(shape, strides).enumerated() {
    buffer.pointer.assumingMemoryBound(to: Element.self)[place] = element(index)
  }
  return buffer
}

/// Numbers between −3 and 3, or what `transform` makes of them.
func sample(_ shape: Shape, _ layout: Layout = .rowMajor, seed: UInt64 = 1, _ transform: (Float) -> Float = { $0 })
  throws -> Buffer
{
  var generator = Philox(key: RandomKey(seed: seed, stream: 0))
  return try sample(shape, layout, .float32) { _ in transform(Float(generator.nextUniform()) * 6 - 3) }
}

/// Int64 indices below `bound`.
func sampleIndices(_ shape: Shape, _ layout: Layout = .rowMajor, below bound: Int, seed: UInt64 = 2) throws -> Buffer {
  var generator = Philox(key: RandomKey(seed: seed, stream: 0))
  return try sample(shape, layout, .int64) { _ in Int64.random(in: 0..<Int64(bound), using: &generator) }
}

func sampleTruth(_ shape: Shape, _ layout: Layout = .rowMajor, share: Double = 0.5, seed: UInt64 = 3) throws -> Buffer {
  var generator = Philox(key: RandomKey(seed: seed, stream: 0))
  return try sample(shape, layout, .bool) { _ in generator.nextUniform() < share }
}

/// A buffer of the layout with nothing but `value`s, to be written to.
func target(_ shape: Shape, _ layout: Layout = .rowMajor, _ type: ElementType = .float32) throws -> Buffer {
  switch type {
  case .float32: try sample(shape, layout, type) { _ in Float(-77) }
  case .float64: try sample(shape, layout, type) { _ in -77.0 }
  case .int64: try sample(shape, layout, type) { _ in Int64(-77) }
  case .uint8, .bool: try sample(shape, layout, type) { _ in UInt8(1) }
  }
}

/// The element offsets in row-major order.
func elementOffsets(_ shape: Shape, _ strides: Shape) -> [Int] {
  var offsets = [0]
  for dimension in shape.indices {
    offsets = offsets.flatMap { start in (0..<shape[dimension]).map { start + $0 * strides[dimension] } }
  }
  return offsets
}

extension Buffer {
  /// The elements in row-major order, as doubles.
  var values: [Double] {
    let offsets = elementOffsets(shape, strides)
    func read<Element>(_ type: Element.Type, _ convert: (Element) -> Double) -> [Double] {
      offsets.map { convert(pointer.assumingMemoryBound(to: Element.self)[$0]) }
    }
    return switch type {
    case .float32: read(Float.self) { Double($0) }
    case .float64: read(Double.self) { $0 }
    case .int64: read(Int64.self) { Double($0) }
    case .uint8, .bool: read(UInt8.self) { Double($0) }
    }
  }

  /// All bytes of the storage, also those between the elements.
  var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: storage.pointer, count: storage.byteCount)) }
}

/// Whether two storages are equal, also between the elements. A function, since a test's message would list them all.
func holdSameBytes(_ first: Buffer, _ second: Buffer) -> Bool { first.bytes == second.bytes }

/// Whether two lists agree to within `relative` of the larger value, or `absolute`; NaN agrees with NaN.
func agree(_ first: [Double], _ second: [Double], relative: Double = 0, absolute: Double = 0) -> Bool {
  guard first.count == second.count else { return false }
  return zip(first, second).allSatisfy { a, b in
    a == b || (a.isNaN && b.isNaN) || abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
  }
}

/// Shapes that kernels tend to get wrong: empty, of size 1, odd, of rank 0 and 6, and large enough for all threads.
let shapes: [Shape] = [
  [], [0], [1], [7], [8], [33], [5, 3], [1, 4, 1], [3, 0, 2], [16, 16], [2, 3, 5, 7], [2, 16, 9, 8], [1, 2, 3, 1, 2, 2],
  [300, 257], [2, 3, 70, 201],
]

/// Runs `body` at each instruction level that the processor has.
func atEachLevel(_ body: (Int32) throws -> Void) rethrows {
  for level in 0...InstructionLevel.current { try InstructionLevel.using(level) { try body(level) } }
}
