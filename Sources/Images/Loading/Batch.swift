import Tensors

/// Images on their way into a network.
public struct Batch {
  /// One tensor for each recipe of the loader: [n, 3, height, width], type f32, channels-last in memory.
  public let views: [Tensor]
  /// The classes, counted from 0: [n], type i64.
  public let labels: Tensor
  /// The images' positions in the data set, from 0.
  public let indices: [Int]
}
