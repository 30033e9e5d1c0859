import Tensors

/// Parameters that an optimizer treats alike.
public struct ParameterGroup {
  /// The parameters under the names that checkpoints and error messages use.
  public var parameters: [(name: String, tensor: Tensor)]
  /// In place of the optimizer's weight decay; nil keeps the optimizer's.
  public var weightDecay: Double?
  /// Multiplies the learning rate of every step.
  public var learningRateScale: Double

  public init(
    _ parameters: [(name: String, tensor: Tensor)], weightDecay: Double? = nil, learningRateScale: Double = 1
  ) {
    (self.parameters, self.weightDecay, self.learningRateScale) = (parameters, weightDecay, learningRateScale)
  }

  /// All parameters of the layers, each once. With several layers, a name starts with the layer's 0-based position, as
  /// if they stood in one `Sequential`.
  public init(_ layers: [Layer], weightDecay: Double? = nil, learningRateScale: Double = 1) {
    var seen: Set<ObjectIdentifier> = []
    var parameters: [(name: String, tensor: Tensor)] = []
    for (position, layer) in layers.enumerated() {
      for (name, tensor) in layer.namedParameters() where seen.insert(ObjectIdentifier(tensor)).inserted {
        parameters.append((layers.count == 1 ? name : "\(position).\(name)", tensor))
      }
    }
    self.init(parameters, weightDecay: weightDecay, learningRateScale: learningRateScale)
  }

  /// Two groups: weights with the optimizer's decay, and what has at most one dimension (biases, normalisation)
  /// without any: the exclusion of BYOL, Barlow Twins, MAE and others. Empty groups are left out.
  public static func withoutDecayOfVectors(_ layers: [Layer], learningRateScale: Double = 1) -> [ParameterGroup] {
    let all = ParameterGroup(layers, learningRateScale: learningRateScale).parameters
    return [
      ParameterGroup(all.filter { $0.tensor.rank > 1 }, learningRateScale: learningRateScale),
      ParameterGroup(all.filter { $0.tensor.rank <= 1 }, weightDecay: 0, learningRateScale: learningRateScale),
    ].filter { !$0.parameters.isEmpty }
  }
}
