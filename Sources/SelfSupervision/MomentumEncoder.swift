import Kernels
import Networks
import Tensors

/// A copy of a network that follows it slowly: BYOL's target, MoCo's key encoder.
/// He et al., 2020, arXiv:1911.05722, equation 2: θ′ ← m·θ′ + (1 − m)·θ.
///
/// It has the online network's structure and, at first, its values, in memory of its own. What it computes carries no
/// gradient. Parameters are averaged; batch normalisation's running statistics are not: the copy starts in training mode
/// and keeps its own, as in MoCo and BYOL. Where `update` belongs differs: BYOL calls it after the optimizer's step,
/// MoCo before the forward pass.
///
/// As a layer it has one child, `encoder`, so that a checkpoint holds the averages under `encoder.…`.
public final class MomentumEncoder: Layer {
  /// The averaged copy.
  public let encoder: Layer
  /// The network that is followed. Not a child: it is not saved twice.
  public let online: Layer
  private let pairs: [(average: Tensor, value: Tensor)]

  /// - Throws: `TensorError` when the network cannot be copied, or its copy shares memory with it.
  public convenience init(following online: Layer) throws {
    try self.init(encoder: online.twin(), online: online)
    encoder.train()
  }

  private init(encoder: Layer, online: Layer) throws {
    (self.encoder, self.online) = (encoder, online)
    try Self.requireOwnMemory(encoder.stateDictionary(), than: online.stateDictionary())
    let (averages, values) = (encoder.namedParameters(), online.namedParameters())
    guard averages.map(\.name) == values.map(\.name) else {
      throw TensorError("momentum_encoder: the copy has other parameters than the network it follows")
    }
    pairs = zip(averages, values).map { ($0.tensor, $1.tensor) }
    super.init()
    encoder.setRequiresGradient(false)
  }

  public override var children: Named<Layer> { ["encoder": encoder] }

  /// The copy's output, without gradient.
  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    try Tensor.withoutGradient { try encoder(input) }
  }

  /// average ← momentum · average + (1 − momentum) · online, for every parameter, in one pass.
  /// - Parameter momentum: the share of the old averages, 0 to 1.
  public func update(momentum: Double) throws {
    try FeatureCheck(operation: "momentum_encoder").share(momentum, "momentum")
    for type in [ElementType.float32, .float64] {
      let some = pairs.filter { $0.average.type == type }
      guard !some.isEmpty else { continue }
      let averages = some.map(\.average.buffer)
      let values = try some.map { try inOrder(of: $0.average, $0.value) }
      Kernels.forType(type).movingAverage(averages, following: values, decay: momentum)
      for average in averages { average.storage.noteChange(by: "momentum_encoder:update") }
    }
  }

  /// A twin follows the same network.
  public override func makeTwin(_ copies: Copies) throws -> Layer {
    try MomentumEncoder(encoder: copies.of(encoder), online: online)
  }

  /// The value's elements in the average's order, which they have unless someone has replaced a layer's memory.
  private func inOrder(of average: Tensor, _ value: Tensor) throws -> Buffer {
    let (like, buffer) = (average.buffer, value.buffer)
    if like.strides == buffer.strides { return buffer }
    let ordered = Buffer(
      storage: try Storage(byteCount: like.storage.byteCount), offset: like.offset, shape: like.shape,
      strides: like.strides, type: like.type)
    Kernels.forType(like.type).copy(buffer, into: ordered)
    return ordered
  }

  /// An average of memory that it shares with its source stands still, and nothing else would tell.
  private static func requireOwnMemory(
    _ copies: [(name: String, tensor: Tensor)], than originals: [(name: String, tensor: Tensor)]
  ) throws {
    let taken = Set(originals.map { ObjectIdentifier($0.tensor.buffer.storage) })
    for (name, tensor) in copies where taken.contains(ObjectIdentifier(tensor.buffer.storage)) {
      throw TensorError(
        "momentum_encoder: the copy's '\(name)' shares memory with the network it follows; makeTwin must copy it")
    }
  }
}
