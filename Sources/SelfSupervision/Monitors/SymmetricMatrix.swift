/// A small symmetric matrix of doubles, for its eigenvalues.
package struct SymmetricMatrix {
  package let size: Int
  /// Row-major, both halves.
  private var elements: [Double]

  package init(_ rows: [[Double]]) {
    size = rows.count
    elements = rows.flatMap { $0 }
    precondition(elements.count == size * size, "SymmetricMatrix: \(elements.count) elements of \(size) rows")
  }

  /// Σ v·vᵀ over vectors of one length.
  init(sumOfSquaresOf vectors: [[Double]]) {
    let size = vectors.first?.count ?? 0
    var elements = [Double](repeating: 0, count: size * size)
    for vector in vectors {
      elements.withUnsafeMutableBufferPointer { elements in
        for row in 0..<size { add(vector[row], vector, to: elements.baseAddress! + row * size, count: size) }
      }
    }
    (self.size, self.elements) = (size, elements)
  }

  /// All eigenvalues, in no order. The errors are of the order of rounding errors of the largest.
  package func eigenvalues() -> [Double] {
    var matrix = tridiagonalized()
    return matrix.eigenvalues()
  }

  /// Householder's reduction: reflections that leave the eigenvalues and make all but three diagonals zero.
  /// Golub, Van Loan, "Matrix computations", section 8.3.1. About size³ multiplications.
  private func tridiagonalized() -> TridiagonalMatrix {
    var result = TridiagonalMatrix(diagonal: [], side: [])
    var (matrix, normal, image) = (
      elements, [Double](repeating: 0, count: size), [Double](repeating: 0, count: size)
    )
    for k in 0..<size {
      result.diagonal.append(matrix[k * size + k])
      if k + 1 < size { result.side.append(reflect(below: k, &matrix, &normal, &image)) }
    }
    return result
  }

  /// Reflects what is below row k so that column k keeps one element there, and returns it.
  private func reflect(
    below k: Int, _ matrix: UnsafeMutablePointer<Double>, _ normal: UnsafeMutablePointer<Double>,
    _ image: UnsafeMutablePointer<Double>
  ) -> Double {
    // What remains: the square block below and right of element (k, k).
    let count = size - k - 1
    let (v, p) = (normal + k + 1, image + k + 1)
    let row = { (index: Int) in matrix + (k + 1 + index) * size + k + 1 }
    var squares = 0.0
    for j in 0..<count {
      (v[j], p[j]) = (matrix[k * size + k + 1 + j], 0)
      squares += v[j] * v[j]
    }
    let length = squares.squareRoot()
    let kept = v[0] > 0 ? -length : length
    let scale = squares - kept * v[0]
    guard scale > 0 else { return kept }
    v[0] -= kept
    // With H = 1 − v·vᵀ / scale: H·A·H = A − v·qᵀ − q·vᵀ, where q = p − (p·v / 2 scale) v and p = A·v / scale.
    for i in 0..<count { add(v[i] / scale, row(i), to: p, count: count) }
    var product = 0.0
    for j in 0..<count { product += p[j] * v[j] }
    add(-product / (2 * scale), v, to: p, count: count)
    for i in 0..<count {
      add(-v[i], p, to: row(i), count: count)
      add(-p[i], v, to: row(i), count: count)
    }
    return kept
  }
}

/// target += factor · vector, for so many elements.
private func add(
  _ factor: Double, _ vector: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count { target[index] += factor * vector[index] }
}
