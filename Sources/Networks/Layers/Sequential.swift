import Tensors

/// Layers one after another. Their names are their positions, "0", "1", …, as in PyTorch.
///
/// A batch normalisation and the ReLU after it are computed in one pass.
public final class Sequential: Layer {
  public let layers: [Layer]
  private let size: (depth: Int, total: Int)
  /// How deep networks may nest, and how many layers they may have, one used twice counting twice: walking them is
  /// recursive, and a script that nests in a loop must be told, not exhaust the stack or the day.
  public static let maximumDepth = 100
  public static let maximumTotal = 100_000

  public init(_ layers: [Layer]) throws {
    self.layers = layers
    size = (1 + (layers.map(\.depth).max() ?? 0), 1 + layers.map(\.totalCount).reduce(0, +))
    guard size.depth <= Self.maximumDepth else {
      throw TensorError("sequential: layers are nested \(size.depth) deep, expected at most \(Self.maximumDepth)")
    }
    guard size.total <= Self.maximumTotal else {
      throw TensorError("sequential: there are \(size.total) layers, expected at most \(Self.maximumTotal)")
    }
  }

  public var count: Int { layers.count }

  /// The layer at a 0-based position.
  public subscript(position: Int) -> Layer {
    precondition(layers.indices.contains(position), "Sequential: layer \(position) of \(layers.count)")
    return layers[position]
  }

  public override var depth: Int { size.depth }
  public override var totalCount: Int { size.total }
  public override var children: Named<Layer> {
    Named(layers.enumerated().map { (name: String($0.offset), value: $0.element) })
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    var output = input
    var position = 0
    while position < layers.count {
      if position + 1 < layers.count, layers[position + 1] is ReLU, let norm = layers[position] as? BatchNorm {
        output = try norm.normalized(output, rectify: true)
        position += 2
      } else {
        output = try layers[position](output)
        position += 1
      }
    }
    return output
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer { try Sequential(layers.map { try copies.of($0) }) }
}
