import Kernels
import Tensors

/// A block of a residual network: relu(f(x) + x), or relu(f(x) + downsample(x)) where the shape changes.
/// He, Zhang, Ren, Sun, 2016, arXiv:1512.03385, section 3.3. The last normalisation, the sum and the ReLU are one pass.
public class ResidualBlock: Layer {
  /// A 1×1 convolution and batch normalisation on the shortcut, or nil where the shape stays.
  public let downsample: Sequential?

  fileprivate init(downsample: Sequential?) { self.downsample = downsample }

  fileprivate static func makeDownsample(
    _ inputs: Int, _ outputs: Int, stride: Int, type: ElementType, using stream: RandomStream
  ) throws -> Sequential? {
    if inputs == outputs && stride == 1 { return nil }
    return try Sequential([
      Convolution2d.rectified(inputs, outputs, kernel: 1, stride: stride, type: type, using: stream),
      BatchNorm2d(outputs, type: type),
    ])
  }

  /// The normalisation that ends f.
  var lastNorm: BatchNorm2d { preconditionFailure("ResidualBlock: lastNorm is for subclasses to give") }
}

/// Two 3×3 convolutions: the block of ResNet-18 and 34. [n, inputs, h, w] → [n, planes, h / stride, w / stride].
public final class BasicBlock: ResidualBlock {
  public static let expansion = 1
  let conv1, conv2: Convolution2d
  let bn1, bn2: BatchNorm2d

  /// - Parameter planes: the channels inside of the block and of its output.
  public init(
    _ inputs: Int, planes: Int, stride: Int = 1, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    try Check.size(planes, "planes", of: "basic_block")
    conv1 = try .rectified(inputs, planes, kernel: 3, stride: stride, padding: 1, type: type, using: stream)
    conv2 = try .rectified(planes, planes, kernel: 3, padding: 1, type: type, using: stream)
    (bn1, bn2) = (try BatchNorm2d(planes, type: type), try BatchNorm2d(planes, type: type))
    super.init(downsample: try Self.makeDownsample(inputs, planes, stride: stride, type: type, using: stream))
  }

  private init(copying block: BasicBlock, _ copies: Copies) throws {
    (conv1, conv2) = (try copies.of(block.conv1), try copies.of(block.conv2))
    (bn1, bn2) = (try copies.of(block.bn1), try copies.of(block.bn2))
    super.init(downsample: try copies.of(block.downsample))
  }

  override var lastNorm: BatchNorm2d { bn2 }
  public override var children: Named<Layer> {
    ["conv1": conv1, "bn1": bn1, "conv2": conv2, "bn2": bn2, "downsample": downsample]
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    let hidden = try bn1.normalized(conv1(input), rectify: true)
    let shortcut = try downsample.map { try $0(input) } ?? input
    return try bn2.normalized(conv2(hidden), residual: shortcut, rectify: true)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer { try BasicBlock(copying: self, copies) }
}

/// 1×1, 3×3, 1×1: the block of ResNet-50 and deeper, with the stride in the 3×3 (v1.5, as torchvision).
/// [n, inputs, h, w] → [n, 4 · planes, h / stride, w / stride].
public final class Bottleneck: ResidualBlock {
  public static let expansion = 4
  let conv1, conv2, conv3: Convolution2d
  let bn1, bn2, bn3: BatchNorm2d

  /// - Parameter planes: the channels inside of the block; its output has `expansion` times as many.
  public init(
    _ inputs: Int, planes: Int, stride: Int = 1, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    try Check.size(planes, "planes", of: "bottleneck")
    let outputs = planes * Self.expansion
    conv1 = try .rectified(inputs, planes, kernel: 1, type: type, using: stream)
    conv2 = try .rectified(planes, planes, kernel: 3, stride: stride, padding: 1, type: type, using: stream)
    conv3 = try .rectified(planes, outputs, kernel: 1, type: type, using: stream)
    (bn1, bn2) = (try BatchNorm2d(planes, type: type), try BatchNorm2d(planes, type: type))
    bn3 = try BatchNorm2d(outputs, type: type)
    super.init(downsample: try Self.makeDownsample(inputs, outputs, stride: stride, type: type, using: stream))
  }

  private init(copying block: Bottleneck, _ copies: Copies) throws {
    (conv1, conv2) = (try copies.of(block.conv1), try copies.of(block.conv2))
    (bn1, bn2) = (try copies.of(block.bn1), try copies.of(block.bn2))
    (conv3, bn3) = (try copies.of(block.conv3), try copies.of(block.bn3))
    super.init(downsample: try copies.of(block.downsample))
  }

  override var lastNorm: BatchNorm2d { bn3 }
  public override var children: Named<Layer> {
    [
      "conv1": conv1, "bn1": bn1, "conv2": conv2, "bn2": bn2, "conv3": conv3, "bn3": bn3, "downsample": downsample,
    ]
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    let narrow = try bn1.normalized(conv1(input), rectify: true)
    let hidden = try bn2.normalized(conv2(narrow), rectify: true)
    let shortcut = try downsample.map { try $0(input) } ?? input
    return try bn3.normalized(conv3(hidden), residual: shortcut, rectify: true)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer { try Bottleneck(copying: self, copies) }
}
