import Tensors

extension Layer {
  /// An independent copy: same structure and values, own memory, no gradients. Tensors and layers that are shared
  /// inside the original are shared alike inside the copy. Momentum encoders start from it: *copy, never alias*.
  public final func twin() throws -> Self { try Copies().of(self) }
}

/// The copies made so far while a network is being copied: each tensor and each layer is copied once.
public final class Copies {
  private var tensors: [ObjectIdentifier: Tensor] = [:]
  private var layers: [ObjectIdentifier: Layer] = [:]

  init() {}

  /// The copy of a tensor: same values and `requiresGradient`, own memory, no history and no gradient.
  public func of(_ tensor: Tensor) throws -> Tensor {
    if let copy = tensors[ObjectIdentifier(tensor)] { return copy }
    let copy = try Tensor.withoutGradient { try tensor.cloned() }
    copy.requiresGradient = tensor.requiresGradient
    tensors[ObjectIdentifier(tensor)] = copy
    return copy
  }

  public func of(_ tensor: Tensor?) throws -> Tensor? { try tensor.map { try of($0) } }

  /// The copy of a layer, which is of the same class.
  public func of<Kind: Layer>(_ layer: Kind) throws -> Kind {
    if let copy = layers[ObjectIdentifier(layer)] as? Kind { return copy }
    let made = try layer.makeTwin(self)
    guard let copy = made as? Kind, type(of: made) == type(of: layer) else {
      throw TensorError("\(layer.typeName): makeTwin gave a \(made.typeName), expected a \(layer.typeName)")
    }
    copy.isTraining = layer.isTraining
    layers[ObjectIdentifier(layer)] = copy
    return copy
  }

  public func of<Kind: Layer>(_ layer: Kind?) throws -> Kind? { try layer.map { try of($0) } }
}
