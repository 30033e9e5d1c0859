import Tensors

/// A function of a tensor with parameters to learn: the base of every layer and model.
///
/// A layer lists its members by name, in plain sight; the names, joined with dots from the root, are the keys of its
/// state dictionary and of a checkpoint, and equal torchvision's for its models. A new layer is a subclass that
/// overrides `callAsFunction`, the lists that are not empty, and `makeTwin`:
/// ```swift
/// final class Scale: Layer {
///   let factor: Tensor
///   init(factor: Tensor) { self.factor = factor }
///   override var parameters: Named<Tensor> { ["factor": factor] }
///   override func callAsFunction(_ input: Tensor) throws -> Tensor { try input * factor }
///   override func makeTwin(_ copies: Copies) throws -> Layer { Scale(factor: try copies.of(factor)) }
/// }
/// ```
open class Layer: CustomStringConvertible {
  /// Whether batch normalisation uses the batch's statistics (training) or its running ones. `train()` and `eval()`
  /// set it for a layer and everything below.
  public internal(set) var isTraining = true

  public init() {}

  /// The layer's output for `input`.
  /// - Throws: `TensorError` when the input's shape or type does not fit.
  open func callAsFunction(_ input: Tensor) throws -> Tensor {
    throw TensorError("\(typeName): this layer has no forward function")
  }

  /// What gradients reach and an optimizer changes; this layer's own, without its children's.
  open var parameters: Named<Tensor> { [:] }

  /// What belongs in a checkpoint but is not learned by gradient, such as running statistics; this layer's own.
  open var state: Named<Tensor> { [:] }

  /// The layers that this one is made of.
  open var children: Named<Layer> { [:] }

  /// A copy made of `copies.of(…)` every tensor and child. Called by `twin()`, which also carries over `isTraining`.
  open func makeTwin(_ copies: Copies) throws -> Layer {
    throw TensorError("\(typeName): this layer does not say how it is copied")
  }

  /// The name of this kind of layer in printed models and in error messages.
  open var typeName: String { String(describing: type(of: self)) }

  /// What distinguishes this layer from others of its kind, printed in parentheses: `4, 8, bias = false`.
  open var details: String { "" }

  /// How many layers deep this one nests; 1 for a layer without children.
  open var depth: Int { 1 + (children.map(\.value.depth).max() ?? 0) }

  /// This layer and all below it, one that is used twice counting twice.
  open var totalCount: Int { 1 + children.map(\.value.totalCount).reduce(0, +) }
}
