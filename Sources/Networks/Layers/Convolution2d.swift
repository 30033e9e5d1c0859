import Kernels
import Tensors

/// Cross-correlation of images with learned kernels: [n, in, h, w] → [n, out, h′, w′], where
/// h′ = ⌊(h + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1.
public final class Convolution2d: Layer {
  /// [out, in / groups, kernel height, kernel width]
  public let weight: Tensor
  /// [out]
  public let bias: Tensor?
  public let geometry: ConvolutionGeometry

  /// A layer with the given weight [out, in / groups, kernel height, kernel width] and bias [out].
  public init(weight: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry = ConvolutionGeometry()) throws {
    guard weight.rank == 4 else {
      throw TensorError("conv2d: weight \(weight.shape) has \(weight.rank) dimensions, expected 4")
    }
    if let bias, bias.shape != [weight.shape[0]] {
      throw TensorError("conv2d: bias \(bias.shape) does not fit weight \(weight.shape), expected [\(weight.shape[0])]")
    }
    try Self.check(geometry, outputChannels: weight.shape[0])
    (self.weight, self.bias, self.geometry) = (weight, bias, geometry)
  }

  /// A layer with weight and bias drawn uniformly from ±1/√(in / groups · kernel area), as PyTorch's.
  public convenience init(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    let geometry = ConvolutionGeometry(
      strideY: stride, strideX: stride, paddingY: padding, paddingX: padding, dilationY: dilation, dilationX: dilation,
      groups: groups)
    let shape = try Self.weightShape(inputChannels, outputChannels, kernel: kernel, geometry)
    let fanIn = shape[1] * kernel * kernel
    try self.init(
      weight: Initialization.uniform(shape, fanIn: fanIn, type: type, using: stream),
      bias: bias ? Initialization.uniform([outputChannels], fanIn: fanIn, type: type, using: stream) : nil, geometry)
  }

  /// A convolution without bias whose output goes through batch normalisation and ReLU: weights from N(0, 2 / fanOut).
  static func rectified(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, type: ElementType,
    using stream: RandomStream
  ) throws -> Convolution2d {
    let geometry = ConvolutionGeometry(strideY: stride, strideX: stride, paddingY: padding, paddingX: padding)
    let shape = try weightShape(inputChannels, outputChannels, kernel: kernel, geometry)
    return try Convolution2d(
      weight: Initialization.rectifiedNormal(shape, type: type, using: stream), geometry)
  }

  public var inputChannels: Int { weight.shape[1] * geometry.groups }
  public var outputChannels: Int { weight.shape[0] }

  public override var parameters: Named<Tensor> { ["weight": weight, "bias": bias] }
  public override var typeName: String { "Conv2d" }
  public override var details: String {
    func pair(_ y: Int, _ x: Int) -> String { y == x ? "\(y)" : "{\(y), \(x)}" }
    var parts = ["\(inputChannels)", "\(outputChannels)", "kernel = \(pair(weight.shape[2], weight.shape[3]))"]
    let g = geometry
    if (g.strideY, g.strideX) != (1, 1) { parts.append("stride = \(pair(g.strideY, g.strideX))") }
    if (g.paddingY, g.paddingX) != (0, 0) { parts.append("padding = \(pair(g.paddingY, g.paddingX))") }
    if (g.dilationY, g.dilationX) != (1, 1) { parts.append("dilation = \(pair(g.dilationY, g.dilationX))") }
    if g.groups != 1 { parts.append("groups = \(g.groups)") }
    if bias == nil { parts.append("bias = false") }
    return parts.joined(separator: ", ")
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard input.rank == 4 else {
      throw TensorError(
        "conv2d: input \(input.shape) has \(input.rank) dimensions, the layer expects [n, \(inputChannels), h, w]")
    }
    guard input.shape[1] == inputChannels else {
      throw TensorError(
        "conv2d: input \(input.shape) has \(input.shape[1]) channels, the layer expects \(inputChannels)")
    }
    try Check.type(input, is: weight, of: "conv2d")
    return try input.convolution(weight: weight, bias: bias, geometry)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer {
    try Convolution2d(weight: copies.of(weight), bias: copies.of(bias), geometry)
  }

  private static func weightShape(_ inputs: Int, _ outputs: Int, kernel: Int, _ geometry: ConvolutionGeometry) throws
    -> Shape
  {
    try Check.size(inputs, "the number of input channels", of: "conv2d")
    try Check.size(outputs, "the number of output channels", of: "conv2d")
    try Check.size(kernel, "kernel", of: "conv2d")
    try check(geometry, outputChannels: outputs)
    guard inputs % geometry.groups == 0 else {
      throw TensorError("conv2d: \(inputs) input channels are not divisible by \(geometry.groups) groups")
    }
    return [outputs, inputs / geometry.groups, kernel, kernel]
  }

  private static func check(_ geometry: ConvolutionGeometry, outputChannels: Int) throws {
    try Check.size(geometry.groups, "groups", of: "conv2d")
    guard outputChannels % geometry.groups == 0 else {
      throw TensorError("conv2d: \(outputChannels) output channels are not divisible by \(geometry.groups) groups")
    }
    for (value, name, lowest) in [
      (geometry.strideY, "stride", 1), (geometry.strideX, "stride", 1), (geometry.paddingY, "padding", 0),
      (geometry.paddingX, "padding", 0), (geometry.dilationY, "dilation", 1), (geometry.dilationX, "dilation", 1),
    ] { try Check.size(value, name, of: "conv2d", from: lowest) }
  }
}
