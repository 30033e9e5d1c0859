import Kernels
import Tensors

/// y = x Wᵀ + b: [n, inputs] → [n, outputs], and likewise with further leading dimensions.
public final class Linear: Layer {
  /// [outputs, inputs]
  public let weight: Tensor
  /// [outputs]
  public let bias: Tensor?

  /// A layer with the given weight [outputs, inputs] and bias [outputs].
  public init(weight: Tensor, bias: Tensor? = nil) throws {
    guard weight.rank == 2 else {
      throw TensorError("linear: weight \(weight.shape) has \(weight.rank) dimensions, expected 2")
    }
    if let bias, bias.shape != [weight.shape[0]] {
      throw TensorError("linear: bias \(bias.shape) does not fit weight \(weight.shape), expected [\(weight.shape[0])]")
    }
    (self.weight, self.bias) = (weight, bias)
  }

  /// A layer with weight and bias drawn uniformly from ±1/√inputs, as PyTorch's.
  public convenience init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    try Check.size(inputs, "the number of inputs", of: "linear")
    try Check.size(outputs, "the number of outputs", of: "linear")
    try self.init(
      weight: Initialization.uniform([outputs, inputs], fanIn: inputs, type: type, using: stream),
      bias: bias ? Initialization.uniform([outputs], fanIn: inputs, type: type, using: stream) : nil)
  }

  public var inputs: Int { weight.shape[1] }
  public var outputs: Int { weight.shape[0] }

  public override var parameters: Named<Tensor> { ["weight": weight, "bias": bias] }
  public override var details: String { "\(inputs), \(outputs)" + (bias == nil ? ", bias = false" : "") }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard input.rank >= 1, input.shape[input.rank - 1] == inputs else {
      let features = input.rank == 0 ? "no dimension for features" : "\(input.shape[input.rank - 1]) features"
      throw TensorError("linear: input \(input.shape) has \(features), the layer expects \(inputs)")
    }
    try Check.type(input, is: weight, of: "linear")
    return try input.linear(weight: weight, bias: bias)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer {
    try Linear(weight: copies.of(weight), bias: copies.of(bias))
  }
}
