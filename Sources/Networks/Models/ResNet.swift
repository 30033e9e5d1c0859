import Kernels
import Tensors

/// A residual network: images [n, channels, h, w] → pooled features [n, outputSize], or logits [n, classes].
/// He, Zhang, Ren, Sun, 2016, arXiv:1512.03385, table 1; parameter names and numbers as torchvision's.
public final class ResNet: Layer {
  /// How an image enters the network.
  public enum Stem: String, Sendable, CaseIterable {
    /// 7×7 convolution of stride 2, then 3×3 max-pooling of stride 2: for images of about 224 pixels.
    case imagenet
    /// 3×3 convolution of stride 1 and padding 1, no pooling: for images of 32 pixels (the CIFAR stem of SimCLR's
    /// appendix B.9, as in MoCo's CIFAR demonstration and lightly).
    case small
  }

  public let stem: Stem
  let conv1: Convolution2d
  let bn1: BatchNorm2d
  let pool: MaxPool2d
  let stages: [Sequential]
  /// The classifier on the pooled features; nil unless classes were asked for.
  public let fc: Linear?

  /// The depth's block and how many of it each stage has.
  private static let plans: [Int: (block: Block, counts: [Int])] = [
    18: (.basic, [2, 2, 2, 2]), 34: (.basic, [3, 4, 6, 3]),
    50: (.bottleneck, [3, 4, 6, 3]), 101: (.bottleneck, [3, 4, 23, 3]), 152: (.bottleneck, [3, 8, 36, 3]),
  ]

  /// - Parameters:
  ///   - depth: 18, 34, 50, 101 or 152.
  ///   - width: channels of the first stage; each of the following three has twice as many.
  ///   - classes: adds a linear classifier `fc`; nil gives the pooled features.
  ///   - zeroInitResidual: starts each block as the identity by a zero weight in its last normalisation.
  ///     Goyal et al., 2017, arXiv:1706.02677, section 5.1.
  public init(
    depth: Int, stem: Stem = .imagenet, width: Int = 64, inputChannels: Int = 3, classes: Int? = nil,
    zeroInitResidual: Bool = false, type: ElementType = .float32, using stream: RandomStream
  ) throws {
    guard let plan = Self.plans[depth] else {
      let known = Self.plans.keys.sorted().map(String.init).joined(separator: ", ")
      throw TensorError("resnet: depth is \(depth), expected one of \(known)")
    }
    try Check.size(width, "width", of: "resnet", to: 1024)
    self.stem = stem
    (conv1, pool) = (
      try stem == .imagenet
        ? .rectified(inputChannels, width, kernel: 7, stride: 2, padding: 3, type: type, using: stream)
        : .rectified(inputChannels, width, kernel: 3, padding: 1, type: type, using: stream),
      try MaxPool2d(3, stride: 2, padding: 1)
    )
    bn1 = try BatchNorm2d(width, type: type)
    var channels = width
    stages = try plan.counts.enumerated().map { stage, count in
      let planes = width << stage
      let blocks: [ResidualBlock] = try (0..<count).map { position in
        let stride = stage > 0 && position == 0 ? 2 : 1
        let block = try plan.block.make(channels, planes: planes, stride: stride, type: type, using: stream)
        channels = planes * plan.block.expansion
        return block
      }
      if zeroInitResidual {
        try Tensor.withoutGradient { for block in blocks { try block.lastNorm.weight?.zeroInPlace() } }
      }
      return try Sequential(blocks)
    }
    fc = try classes.map { try Linear(channels, $0, type: type, using: stream) }
  }

  private init(copying model: ResNet, _ copies: Copies) throws {
    stem = model.stem
    (conv1, bn1, pool) = (try copies.of(model.conv1), try copies.of(model.bn1), try copies.of(model.pool))
    stages = try model.stages.map { try copies.of($0) }
    fc = try copies.of(model.fc)
  }

  /// How many features come out: 8 · width for depths 18 and 34, 32 · width for deeper ones; or the classes.
  public var outputSize: Int {
    fc?.outputs ?? (stages.last?[0] as? ResidualBlock)?.lastNorm.channels ?? 0
  }

  public override var children: Named<Layer> {
    [
      "conv1": conv1, "bn1": bn1, "maxpool": stem == .imagenet ? pool : nil, "layer1": stages[0], "layer2": stages[1],
      "layer3": stages[2], "layer4": stages[3], "fc": fc,
    ]
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    var maps = try bn1.normalized(conv1(input), rectify: true)
    if stem == .imagenet { maps = try pool(maps) }
    for stage in stages { maps = try stage(maps) }
    let features = try maps.globalAveragePool().flattened(from: 1)
    return try fc.map { try $0(features) } ?? features
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer { try ResNet(copying: self, copies) }

  private enum Block {
    case basic, bottleneck
    var expansion: Int { self == .basic ? BasicBlock.expansion : Bottleneck.expansion }
    func make(
      _ inputs: Int, planes: Int, stride: Int, type: ElementType, using stream: RandomStream
    ) throws -> ResidualBlock {
      switch self {
      case .basic: try BasicBlock(inputs, planes: planes, stride: stride, type: type, using: stream)
      case .bottleneck: try Bottleneck(inputs, planes: planes, stride: stride, type: type, using: stream)
      }
    }
  }
}
