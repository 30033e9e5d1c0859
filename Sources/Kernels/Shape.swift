/// Up to six sizes or strides, held inline: a tensor's shape costs no allocation.
public struct Shape: RandomAccessCollection, MutableCollection, Sendable {
  /// The most dimensions a tensor can have.
  public static let maximumRank = 6

  private var sizes = InlineArray<6, Int>(repeating: 0)
  public private(set) var count: Int

  /// A shape of `count` equal sizes.
  public init(repeating size: Int, count: Int) {
    precondition(count >= 0 && count <= Self.maximumRank, "Shape: rank \(count) is above \(Self.maximumRank)")
    self.count = count
    for dimension in 0..<count { sizes[dimension] = size }
  }

  /// The sizes in order. What comes from a script is checked for its rank before it gets here.
  public init(_ elements: some Sequence<Int>) {
    count = 0
    for element in elements { append(element) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }
  /// The number of dimensions.
  public var rank: Int { count }

  public subscript(position: Int) -> Int {
    get {
      precondition(position >= 0 && position < count, "Shape: dimension \(position) of \(count)")
      return sizes[position]
    }
    set {
      precondition(position >= 0 && position < count, "Shape: dimension \(position) of \(count)")
      sizes[position] = newValue
    }
  }

  public mutating func append(_ size: Int) {
    precondition(count < Self.maximumRank, "Shape: rank is above \(Self.maximumRank)")
    sizes[count] = size
    count += 1
  }

  public mutating func insert(_ size: Int, at position: Int) {
    append(size)
    var index = count - 1
    while index > position {
      swapAt(index, index - 1)
      index -= 1
    }
  }

  @discardableResult public mutating func remove(at position: Int) -> Int {
    let removed = self[position]
    for index in position..<(count - 1) { sizes[index] = sizes[index + 1] }
    count -= 1
    sizes[count] = 0
    return removed
  }

  /// The product of all sizes: 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for dimension in 0..<count { product *= sizes[dimension] }
    return product
  }

  /// The strides of a dense row-major array of this shape, in elements.
  public var rowMajorStrides: Shape {
    var strides = Shape(repeating: 1, count: count)
    var step = 1
    for dimension in stride(from: count - 1, through: 0, by: -1) {
      strides[dimension] = step
      step *= Swift.max(sizes[dimension], 1)
    }
    return strides
  }

  /// The strides of a dense [n, c, h, w] array whose channels lie next to each other in memory (NHWC).
  public var channelsLastStrides: Shape {
    precondition(count == 4, "channelsLastStrides: rank \(count), expected 4")
    let (channels, height, width) = (sizes[1], sizes[2], sizes[3])
    return [height * width * channels, 1, width * channels, channels]
  }
}

extension Shape {
  /// The sizes as C kernels read them: `maximumRank` numbers, of which the first `rank` count.
  @inline(__always)
  func withPointer<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    sizes.span.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: Hashable {
  public static func == (first: Shape, second: Shape) -> Bool {
    guard first.count == second.count else { return false }
    for dimension in 0..<first.count where first.sizes[dimension] != second.sizes[dimension] { return false }
    return true
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for dimension in 0..<count { hasher.combine(sizes[dimension]) }
  }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[\(map(String.init).joined(separator: ", "))]" }
}
