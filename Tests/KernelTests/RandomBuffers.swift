import Kernels

/// Random buffers in many memory orders, and their values in row-major order.
struct RandomBuffers {
  private var generator: Philox

  init(seed: UInt64) { generator = Philox(key: RandomKey(seed: seed, stream: 0)) }

  /// How a buffer lies in memory; the last three are views into something larger.
  enum Layout: CaseIterable { case rowMajor, channelsLast, everySecond, swapped, inset }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

  mutating func choice<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &generator)! }

  mutating func layout() -> Layout { choice(Layout.allCases) }

  /// Uninitialised float32 elements.
  func empty(_ shape: Shape, _ layout: Layout = .rowMajor, type: ElementType = .float32) throws -> Buffer {
    let last = shape.rank - 1
    var outer = shape
    switch layout {
    case .rowMajor: return try Buffer(type, shape)
    case .channelsLast: return try Buffer(type, shape, format: .channelsLast)
    case .everySecond:
      outer[last] = 2 * shape[last] + 1
      var view = try Buffer(type, outer)
      (view.shape, view.strides[last], view.offset) = (shape, 2, 1)
      return view
    case .swapped:
      guard last > 0 else { return try Buffer(type, shape) }
      outer.swapAt(last, last - 1)
      var view = try Buffer(type, outer)
      view.shape.swapAt(last, last - 1)
      view.strides.swapAt(last, last - 1)
      return view
    case .inset:
      outer[0] += 2
      outer[last] += 3
      var view = try Buffer(type, outer)
      view.offset = view.strides[0] + 1
      view.shape = shape
      return view
    }
  }

  /// Uniform in -1 ..< 1, or in the range given.
  mutating func floats(
    _ shape: Shape, _ layout: Layout = .rowMajor, in range: Range<Float> = -1..<1
  ) throws -> Buffer {
    let buffer = try empty(shape, layout)
    buffer.fill { _ in Float.random(in: range, using: &generator) }
    return buffer
  }
}

extension Buffer {
  /// Sets the elements to what `value` gives for their numbers in row-major order.
  func fill(_ value: (Int) -> Float) {
    for (number, place) in places.enumerated() { pointer.assumingMemoryBound(to: Float.self)[place] = value(number) }
  }

  /// The elements in row-major order.
  var floats: [Float] { places.map { pointer.assumingMemoryBound(to: Float.self)[$0] } }
  var integers: [Int] { places.map { Int(pointer.assumingMemoryBound(to: Int64.self)[$0]) } }

  /// The distance of each element from the first, in row-major order.
  private var places: [Int] {
    var places = [0]
    for dimension in 0..<shape.rank {
      let steps = (0..<shape[dimension]).map { $0 * strides[dimension] }
      places = places.flatMap { place in steps.map { place + $0 } }
    }
    return places
  }
}

/// The largest difference of two buffers, over the larger of 1 and the largest expected value; infinite for a NaN.
func difference(_ computed: Buffer, _ expected: Buffer) -> Float {
  precondition(computed.shape == expected.shape, "difference: \(computed.shape) and \(expected.shape)")
  var (largest, scale): (Float, Float) = (0, 1)
  for (first, second) in zip(computed.floats, expected.floats) {
    let distance = abs(first - second)
    largest = distance.isNaN ? .infinity : max(largest, distance)
    scale = max(scale, abs(second))
  }
  return largest / scale
}

/// Whether two buffers hold the same bits.
func haveSameBits(_ first: Buffer, _ second: Buffer) -> Bool {
  first.floats.map(\.bitPattern) == second.floats.map(\.bitPattern)
}
