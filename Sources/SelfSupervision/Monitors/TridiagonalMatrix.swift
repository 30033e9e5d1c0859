import Foundation

/// A symmetric matrix that is zero but for its diagonal and the elements beside it.
struct TridiagonalMatrix {
  var diagonal: [Double]
  /// side[i] stands between rows i and i + 1: one element fewer than the diagonal.
  var side: [Double]

  /// The diagonal after QR steps have made the sides vanish, from the last row up.
  /// Golub, Van Loan, "Matrix computations", section 8.3.3. About 30 · size² operations.
  mutating func eigenvalues() -> [Double] {
    var last = diagonal.count - 1
    // Two or three steps an eigenvalue are the rule. The bound is only there so that nothing can run for ever.
    var stepsLeft = 100 * diagonal.count
    while last > 0, stepsLeft > 0 {
      if isNegligible(last - 1) {
        last -= 1
        continue
      }
      var first = last - 1
      while first > 0, !isNegligible(first - 1) { first -= 1 }
      step(from: first, to: last)
      stepsLeft -= 1
    }
    return diagonal
  }

  private func isNegligible(_ index: Int) -> Bool {
    abs(side[index]) <= Double.ulpOfOne * (abs(diagonal[index]) + abs(diagonal[index + 1]))
  }

  /// One implicit QR step with Wilkinson's shift on rows first…last: a rotation of the first two rows brings an element
  /// outside of the three diagonals, and each further rotation pushes it one row down, until it falls out.
  private mutating func step(from first: Int, to last: Int) {
    let half = (diagonal[last - 1] - diagonal[last]) / 2
    let corner = side[last - 1]
    let shift = diagonal[last] - corner * corner / (half + (half < 0 ? -1 : 1) * hypot(half, corner))
    var (leading, bulge) = (diagonal[first] - shift, side[first])
    for k in first..<last {
      let length = hypot(leading, bulge)
      let (c, s) = length > 0 ? (leading / length, bulge / length) : (1, 0)
      if k > first { side[k - 1] = length }
      let (upper, lower, between) = (diagonal[k], diagonal[k + 1], side[k])
      diagonal[k] = c * c * upper + 2 * c * s * between + s * s * lower
      diagonal[k + 1] = s * s * upper - 2 * c * s * between + c * c * lower
      side[k] = c * s * (lower - upper) + (c * c - s * s) * between
      if k + 1 < last {
        (leading, bulge) = (side[k], s * side[k + 1])
        side[k + 1] *= c
      }
    }
  }
}
