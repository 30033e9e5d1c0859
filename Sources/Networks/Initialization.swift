import Kernels
import Tensors

/// How fresh weights are drawn: PyTorch's defaults, so that published recipes start where they started.
enum Initialization {
  /// U(−b, b) with b = 1/√fanIn: PyTorch's `kaiming_uniform_(a=√5)` for weights, and its bound for biases.
  /// He et al., 2015, arXiv:1502.01852, section 2.2, with a leaky slope of √5: b = √(6 / ((1 + 5) · fanIn)).
  static func uniform(_ shape: Shape, fanIn: Int, type: ElementType, using stream: RandomStream) throws -> Tensor {
    let bound = fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0
    return parameter(try Tensor.uniform(shape, low: -bound, high: bound, type: type, using: stream))
  }

  /// N(0, 2 / fanOut) for convolutions [out, in / groups, kh, kw] that a ReLU follows, with fanOut = out · kh · kw.
  /// He et al., 2015, arXiv:1502.01852, equation 14; torchvision's ResNets.
  static func rectifiedNormal(_ shape: Shape, type: ElementType, using stream: RandomStream) throws -> Tensor {
    let fanOut = Double(shape[0] * shape[2] * shape[3])
    return parameter(
      try Tensor.normal(shape, mean: 0, standardDeviation: (2 / fanOut).squareRoot(), type: type, using: stream))
  }

  static func full(_ count: Int, _ value: Double, type: ElementType) throws -> Tensor {
    parameter(try Tensor.full([count], value, type: type))
  }

  private static func parameter(_ tensor: Tensor) -> Tensor {
    tensor.requiresGradient = true
    return tensor
  }
}

/// Checks of what scripts pass to layers' initialisers.
enum Check {
  /// The most features, channels or pixels that a size may name; far above use, and products of three still fit `Int`.
  static let largestSize = 1 << 20

  static func size(
    _ value: Int, _ name: String, of layer: String, from lowest: Int = 1, to largest: Int = largestSize
  ) throws {
    guard value >= lowest else { throw TensorError("\(layer): \(name) is \(value), expected at least \(lowest)") }
    guard value <= largest else {
      throw TensorError("\(layer): \(name) is \(value), expected at most \(largest)")
    }
  }

  static func type(_ input: Tensor, is weight: Tensor, of layer: String) throws {
    guard input.type == weight.type else {
      throw TensorError(
        "\(layer): the input is \(input.type.rawValue), the layer's weights are \(weight.type.rawValue)")
    }
  }
}
