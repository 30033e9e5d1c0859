import Kernels

extension Shape {
  /// The sizes if a tensor can have them.
  /// - Throws: if a size is negative or the elements could not be counted in memory.
  @discardableResult
  func checked(_ operation: some CustomStringConvertible) throws -> Shape {
    var product = 16  // the widest element type with room to spare
    for size in self {
      guard size >= 0 else { throw TensorError("\(operation): shape \(self) has a negative size") }
      let (next, overflow) = product.multipliedReportingOverflow(by: Swift.max(size, 1))
      guard !overflow else { throw TensorError("\(operation): shape \(self) has too many elements") }
      product = next
    }
    return self
  }

  /// The position of `dimension`, which counts from 0, or from the end where negative.
  func position(of dimension: Int, _ operation: StaticString) throws -> Int {
    guard dimension >= -rank && dimension < rank else {
      let asWritten = dimension < 0 ? dimension : dimension &+ 1
      throw TensorError("\(operation): dimension \(asWritten) of a tensor with \(rank) dimensions, shape \(self)")
    }
    return dimension < 0 ? dimension + rank : dimension
  }

  /// The positions of several different dimensions in rising order; nil stands for all of them.
  func positions(of dimensions: [Int]?, _ operation: StaticString) throws -> [Int] {
    guard let dimensions else { return Array(0..<rank) }
    let positions = try dimensions.map { try position(of: $0, operation) }.sorted()
    for (one, next) in zip(positions, positions.dropFirst()) where one == next {
      throw TensorError("\(operation): dimension \(one + 1) is given twice")
    }
    return positions
  }

  /// The shape both broadcast to, as in NumPy: sizes are compared from the last one back, and 1 stretches.
  static func broadcast(_ operation: StaticString, _ first: Shape, _ second: Shape) throws -> Shape {
    if first == second { return first }
    var result = first.rank >= second.rank ? first : second
    for back in 1...Swift.max(result.rank, 1) where back <= first.rank && back <= second.rank {
      let (one, two) = (first[first.rank - back], second[second.rank - back])
      guard one == two || one == 1 || two == 1 else {
        throw TensorError(
          "\(operation): shapes \(first) and \(second) do not broadcast (sizes \(one) and \(two), "
            + "dimension \(back) from the end)")
      }
      result[result.rank - back] = one == 1 ? two : one
    }
    return try result.checked(operation)
  }

  /// This shape with one dimension of another size.
  func replacing(_ dimension: Int, with size: Int) -> Shape {
    var result = self
    result[dimension] = size
    return result
  }
}
