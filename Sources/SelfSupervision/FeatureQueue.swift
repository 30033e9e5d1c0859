import Kernels
import Networks
import Tensors

/// The latest rows of features, as negatives for later batches: MoCo's dictionary.
/// He et al., 2020, arXiv:1911.05722, section 3.2 ("dictionary as a queue").
///
/// A ring of `capacity` unit vectors, filled with random directions at first. `enqueue` takes batches of any size, also
/// such that do not divide the capacity or exceed it, and always leaves the latest `capacity` rows. The queue keeps no
/// gradients.
///
/// As a layer it computes nothing; its state, `features` [capacity, dimension] and `next` (i64 scalar: the 0-based row
/// that the next vector replaces), is saved and loaded like any layer's.
public final class FeatureQueue: Layer {
  public let capacity: Int
  public let dimension: Int
  private let features: Tensor
  private let position: Tensor

  /// - Throws: `TensorError` for sizes below 1, and when there is not enough memory.
  public convenience init(
    capacity: Int, dimension: Int, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    guard capacity >= 1 else { throw TensorError("feature_queue: capacity is \(capacity), expected at least 1") }
    guard dimension >= 1 else { throw TensorError("feature_queue: dimension is \(dimension), expected at least 1") }
    guard type.isFloatingPoint else {
      throw TensorError("feature_queue: features are \(type.rawValue), expected f32 or f64")
    }
    let directions = try Tensor.normal(
      [capacity, dimension], mean: 0, standardDeviation: 1, type: type, using: stream)
    self.init(features: try directions.normalized(), position: try Tensor.zeros([], type: .int64))
  }

  private init(features: Tensor, position: Tensor) {
    (capacity, dimension) = (features.shape[0], features.shape[1])
    (self.features, self.position) = (features, position)
  }

  public override var state: Named<Tensor> { ["features": features, "next": position] }
  public override var details: String { "\(capacity), \(dimension)" }

  /// The 0-based row that the next vector replaces.
  public var next: Int {
    // A loaded number may be anything.
    let number = withExtendedLifetime(position) { Int(position.buffer.pointer.load(as: Int64.self)) }
    return (number % capacity + capacity) % capacity
  }

  /// Puts rows [n, dimension], L2-normalised here, in the place of the oldest ones.
  /// - Throws: `TensorError` when shape or type do not fit.
  public func enqueue(_ rows: Tensor) throws {
    guard rows.rank == 2, rows.shape[1] == dimension else {
      throw TensorError("feature_queue: rows \(rows.shape) do not fit, expected [n, \(dimension)]")
    }
    guard rows.type == features.type else {
      throw TensorError("feature_queue: rows are \(rows.type.rawValue), the queue is \(features.type.rawValue)")
    }
    // Of more rows than there is room for, the last ones remain, where they would be had all been written.
    let count = min(rows.shape[0], capacity)
    let skipped = rows.shape[0] - count
    var slot = (next + skipped % capacity) % capacity
    try Tensor.withoutGradient {
      let rows = try rows.sliced(0, from: skipped).normalized()
      var written = 0
      while written < count {
        let length = min(count - written, capacity - slot)
        try features.sliced(0, from: slot, to: slot + length)
          .copyIn(rows.sliced(0, from: written, to: written + length))
        (written, slot) = (written + length, (slot + length) % capacity)
      }
      try position.fill(Double(slot))
    }
  }

  /// All rows as they are now, [capacity, dimension], in no order of age. A copy: rows that are enqueued before
  /// `backward` neither change it nor make the gradient stale.
  public func negatives() throws -> Tensor { try Tensor.withoutGradient { try features.cloned() } }

  public override func makeTwin(_ copies: Copies) throws -> Layer {
    FeatureQueue(features: try copies.of(features), position: try copies.of(position))
  }
}
