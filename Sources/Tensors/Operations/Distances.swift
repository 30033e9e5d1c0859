import Kernels

extension Tensor {
  /// The Euclidean distance of every row to every row of `other`: [n, d], [m, d] → [n, m]. The gradient of a distance
  /// of 0 is 0.
  ///
  /// Up to 25 rows on either side by differences; above, by √(‖x‖² + ‖y‖² − 2⟨x, y⟩), as PyTorch does, which loses
  /// digits of distances that are small beside the norms.
  public func pairwiseDistances(_ other: Tensor) throws -> Tensor {
    guard rank == 2, other.rank == 2, shape[1] == other.shape[1] else {
      throw TensorError("cdist: shapes \(shape) and \(other.shape), expected [n, d] and [m, d]")
    }
    let (first, second) = try Tensor.promoted(self, other, floating: true)
    let result = try Tensor.withoutGradient { try first.distances(second) }
    let (x, y, distance) = (Saved(first), Saved(second), Saved(result))
    // gradient / distance, and 0 where that would be 0 / 0.
    func slope(_ gradient: Tensor) throws -> Tensor {
      let distance = try distance()
      return try (gradient / distance).masked(by: distance.notEqual(0))
    }
    return result.recorded(
      "cdist",
      first, { gradient in
        let slope = try slope(gradient)
        return try slope.sum([1], keepDimensions: true) * x() - slope.matmul(y())
      },
      second, { gradient in
        let slope = try slope(gradient).transposed()
        return try slope.sum([1], keepDimensions: true) * y() - slope.matmul(x())
      })
  }

  private func distances(_ other: Tensor) throws -> Tensor {
    if shape[0] <= 25 && other.shape[0] <= 25 { return try (unsqueezed(1) - other.unsqueezed(0)).norm([2]) }
    let squares = try square().sum([1], keepDimensions: true) + other.square().sum([1]).unsqueezed(0)
    return try (squares - matmul(other.transposed()) * 2).clamp(low: 0).sqrt()
  }
}
