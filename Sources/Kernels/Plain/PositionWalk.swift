/// Visits every position of `shape` in row-major order and gives the element offset that each of up to four sets of
/// strides has there, in the order of the arguments. A scalar has one position; an empty shape none.
@inline(__always)
func walk(
  _ shape: Shape, _ first: Shape, _ second: Shape? = nil, _ third: Shape? = nil, _ fourth: Shape? = nil,
  _ visit: (SIMD4<Int>) -> Void
) {
  let rank = shape.rank
  guard shape.elementCount > 0 else { return }
  guard rank > 0 else { return visit(.zero) }
  var steps = InlineArray<6, SIMD4<Int>>(repeating: .zero)
  for dimension in 0..<rank {
    steps[dimension] = SIMD4(
      first[dimension], second?[dimension] ?? 0, third?[dimension] ?? 0, fourth?[dimension] ?? 0)
  }
  var position = Shape(repeating: 0, count: rank)
  var row = SIMD4<Int>.zero
  while true {
    var offsets = row
    for _ in 0..<shape[rank - 1] {
      visit(offsets)
      offsets &+= steps[rank - 1]
    }
    var dimension = rank - 2
    while dimension >= 0 {
      position[dimension] += 1
      row &+= steps[dimension]
      if position[dimension] < shape[dimension] { break }
      row &-= steps[dimension] &* SIMD4(repeating: shape[dimension])
      position[dimension] = 0
      dimension -= 1
    }
    guard dimension >= 0 else { return }
  }
}

extension Shape {
  /// The sizes (or strides) of the dimensions for which `isKept` holds, in order.
  func keeping(_ isKept: (Int) -> Bool) -> Shape { Shape(indices.filter(isKept).map { self[$0] }) }
}

extension Buffer {
  /// The first element. Valid while the buffer is.
  @inline(__always)
  func elements<E: PlainElement>(_ type: E.Type = E.self) -> UnsafeMutablePointer<E> {
    pointer.assumingMemoryBound(to: E.self)
  }
}
