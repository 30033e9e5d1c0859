internal import CKernels

extension FastKernels {
  /// Elements are numbered in row-major order, whatever the layout in memory: the same numbers in either.
  public func random(_ distribution: Distribution, key: RandomKey, into output: Buffer) {
    guard output.type == .float32 else { return PlainKernels.shared.random(distribution, key: key, into: output) }
    let count = output.elementCount
    if output.isContiguous { return draw(distribution, key, 0, count, output.floats) }
    // A piece at a time, small enough for the cache, into row-major order; from there to its places.
    let (rank, pieceSize) = (output.shape.rank, 4096)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: pieceSize) { piece in
      var position = Shape(repeating: 0, count: rank)
      for first in stride(from: 0, to: count, by: pieceSize) {
        let length = min(pieceSize, count - first)
        draw(distribution, key, first, length, piece.baseAddress!)
        for index in 0..<length {
          var offset = 0
          for dimension in 0..<rank { offset += position[dimension] * output.strides[dimension] }
          output.floats[offset] = piece[index]
          var dimension = rank - 1
          while dimension >= 0 {
            position[dimension] += 1
            if position[dimension] < output.shape[dimension] { break }
            position[dimension] = 0
            dimension -= 1
          }
        }
      }
    }
  }

  private func draw(
    _ distribution: Distribution, _ key: RandomKey, _ first: Int, _ count: Int, _ output: UnsafeMutablePointer<Float>
  ) {
    let start = UInt64(first)
    switch distribution {
    case .uniform(let low, let high):
      contrast_random_uniform_float(key.seed, key.stream, start, count, low, high, output)
    case .normal(let mean, let deviation):
      contrast_random_normal_float(key.seed, key.stream, start, count, mean, deviation, output)
    case .bernoulli(let probability):
      contrast_random_bernoulli_float(key.seed, key.stream, start, count, probability, output)
    }
  }
}
