import Foundation
import Tensors

/// Whether outputs still differ from image to image, or have collapsed to a point or into a few directions.
///
/// Rows are L2-normalised first, in double.
public struct CollapseReading: Sendable, CustomStringConvertible {
  /// The standard deviation over rows, averaged over features, times √d: about 1 for directions spread evenly over the
  /// sphere, 0 where all outputs are one. Chen, He, 2021, arXiv:2011.10566, section 4.1.
  public let spread: Double
  /// In how many directions the outputs extend, 1 to d: exp of the entropy of the normalised singular values.
  /// Roy, Vetterli, 2007, EUSIPCO, "The effective rank: a measure of effective dimensionality", equation 3.
  public let effectiveRank: Double
  public let rowCount, dimension: Int
  /// How many rows, evenly spaced, the rank was measured on: it costs the cube of the smaller side, so with more than
  /// 256 features 256 rows are taken (and the rank is at most that), otherwise 1024.
  public let rankRowCount: Int

  /// - Throws: `TensorError` unless `outputs` is a matrix [n, d] of at least 2 rows with finite elements.
  public init(of outputs: Tensor) throws {
    let rows = try directions(of: outputs)
    let (rowCount, dimension) = (outputs.shape[0], outputs.shape[1])
    let rankRowCount = min(rowCount, dimension > 256 ? 256 : 1024)
    (self.rowCount, self.dimension, self.rankRowCount) = (rowCount, dimension, rankRowCount)
    spread = meanDeviation(rows, dimension) * Double(dimension).squareRoot()
    effectiveRank = rank(of: (0..<rankRowCount).map { rows[$0 * rowCount / rankRowCount] }, dimension)
  }

  /// The `spread` alone, which is cheap: for a reading many times a second.
  /// - Throws: as above.
  public static func spread(of outputs: Tensor) throws -> Double {
    let dimension = outputs.shape.last ?? 1
    return meanDeviation(try directions(of: outputs), dimension) * Double(dimension).squareRoot()
  }

  /// `spread 0.97 of 1, effective rank 61.3 of 128 (512 rows)`
  public var description: String {
    let most = min(rankRowCount, dimension)
    let sample = rankRowCount == rowCount ? "" : ", rank of \(rankRowCount) of them"
    return String(format: "spread %.2f of 1, effective rank %.1f of %d", spread, effectiveRank, most)
      + " (\(rowCount) rows\(sample))"
  }
}

/// The rows of a matrix as unit vectors.
private func directions(of outputs: Tensor) throws -> [[Double]] {
  try FeatureCheck(operation: "collapse").matrix(outputs, "outputs")
  guard outputs.shape[0] >= 2 else {
    throw TensorError("collapse: outputs \(outputs.shape) have 1 row, expected at least 2")
  }
  let numbers = try outputs.doubles()
  guard numbers.allSatisfy(\.isFinite) else {
    throw TensorError("collapse: outputs have elements that are infinite or NaN")
  }
  let dimension = outputs.shape[1]
  return (0..<outputs.shape[0]).map { normalized(numbers[$0 * dimension..<($0 + 1) * dimension]) }
}

private func normalized(_ row: ArraySlice<Double>) -> [Double] {
  // Scaled by the largest, so that squares neither overflow nor vanish.
  let largest = row.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return Array(row) }
  let length = row.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  return row.map { $0 / largest / length }
}

private func meanDeviation(_ rows: [[Double]], _ dimension: Int) -> Double {
  var means = [Double](repeating: 0, count: dimension)
  for row in rows { for feature in 0..<dimension { means[feature] += row[feature] / Double(rows.count) } }
  var squares = [Double](repeating: 0, count: dimension)
  for row in rows {
    for feature in 0..<dimension {
      squares[feature] += (row[feature] - means[feature]) * (row[feature] - means[feature])
    }
  }
  return squares.reduce(0) { $0 + ($1 / Double(rows.count - 1)).squareRoot() } / Double(dimension)
}

/// The singular values are the roots of the eigenvalues of the smaller of X·Xᵀ and Xᵀ·X.
private func rank(of rows: [[Double]], _ dimension: Int) -> Double {
  let vectors = dimension <= rows.count ? rows : (0..<dimension).map { feature in rows.map { $0[feature] } }
  let values = SymmetricMatrix(sumOfSquaresOf: vectors).eigenvalues().map { max($0, 0).squareRoot() }
  let total = values.reduce(0, +)
  guard total > 0 else { return 1 }
  return exp(values.reduce(0) { entropy, value in value > 0 ? entropy - value / total * log(value / total) : entropy })
}
