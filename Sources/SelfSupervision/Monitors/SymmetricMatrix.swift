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
    elements.withUnsafeMutableBufferPointer { elements in
      for vector in vectors {
        vector.withUnsafeBufferPointer { vector in
          for row in 0..<size { add(vector[row], vector, to: elements, at: row * size) }
        }
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
    matrix.withUnsafeMutableBufferPointer { a in
      normal.withUnsafeMutableBufferPointer { v in
        image.withUnsafeMutableBufferPointer { p in
          for k in 0..<size {
            result.diagonal.append(a[k * size + k])
            if k + 1 < size { result.side.append(reflect(below: k, a, v, p)) }
          }
        }
      }
    }
    return result
  }

  /// Reflects what is below row k so that column k keeps one element there, and returns it.
  private func reflect(
    below k: Int, _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>,
    _ p: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let rest = k + 1..<size
    var squares = 0.0
    for j in rest {
      (v[j], p[j]) = (a[k * size + j], 0)
      squares += v[j] * v[j]
    }
    let length = squares.squareRoot()
    let kept = v[k + 1] > 0 ? -length : length
    let scale = squares - kept * v[k + 1]
    guard scale > 0 else { return kept }
    v[k + 1] -= kept
    // With H = 1 − v·vᵀ / scale: H·A·H = A − v·qᵀ − q·vᵀ, where q = p − (p·v / 2 scale) v and p = A·v / scale.
    for i in rest {
      add(v[i] / scale, UnsafeBufferPointer(rebasing: a[i * size + k + 1..<(i + 1) * size]), to: p, at: k + 1)
    }
    var product = 0.0
    for j in rest { product += p[j] * v[j] }
    for j in rest { p[j] -= product / (2 * scale) * v[j] }
    for i in rest {
      add(-v[i], UnsafeBufferPointer(rebasing: p[rest]), to: a, at: i * size + k + 1)
      add(-p[i], UnsafeBufferPointer(rebasing: v[rest]), to: a, at: i * size + k + 1)
    }
    return kept
  }
}

/// target[start…] += factor · vector.
private func add(
  _ factor: Double, _ vector: UnsafeBufferPointer<Double>, to target: UnsafeMutableBufferPointer<Double>, at start: Int
) {
  for index in 0..<vector.count { target[start + index] += factor * vector[index] }
}
