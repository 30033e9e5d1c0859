import Kernels
import Networks
import Tensors

extension MomentumEncoder {
  /// The copy's output [n, …] for a batch that passes through in random order and comes back in its own: shuffled
  /// batch normalisation. He et al., 2020, arXiv:1911.05722, section 3.3.
  ///
  /// It changes something only where normalisation sees parts of the batch (`splitBatchStatistics`).
  /// - Throws: what the network throws, and `TensorError` for an input without rows to shuffle.
  public func shuffled(_ input: Tensor, using random: RandomStream) throws -> Tensor {
    guard input.rank > 0 else { throw TensorError("shuffled: a batch expected, got a single number") }
    return try Tensor.withoutGradient {
      let order = try Tensor.randomPermutation(input.shape[0], using: random)
      let positions = try order.integers()
      var inverse = positions
      for (new, old) in positions.enumerated() { inverse[old] = new }
      return try self(input.taking(rows: order)).taking(rows: Tensor(inverse, [inverse.count]))
    }
  }
}
