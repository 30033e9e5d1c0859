import Kernels
import Networks
import Tensors

/// How a head's layers are normalised, and where they have a bias. Papers differ; these are what their code does.
public struct ProjectorStyle: Hashable, Sendable {
  public enum OutputNormalization: Hashable, Sendable {
    case none
    /// Batch normalisation with a scale and no shift.
    case withoutShift
    /// Batch normalisation alone.
    case withoutScaleAndShift
  }
  /// Hidden layers: Linear, with batch normalisation or without, then ReLU.
  public var hiddenBias, hiddenNormalization: Bool
  /// The last layer: Linear, and perhaps batch normalisation.
  public var outputBias: Bool
  public var outputNormalization: OutputNormalization

  public init(
    hiddenBias: Bool = true, hiddenNormalization: Bool = true, outputBias: Bool = true,
    outputNormalization: OutputNormalization = .none
  ) {
    (self.hiddenBias, self.hiddenNormalization) = (hiddenBias, hiddenNormalization)
    (self.outputBias, self.outputNormalization) = (outputBias, outputNormalization)
  }

  /// Projector and predictor of BYOL: Linear, batch norm, ReLU; Linear without bias. arXiv:2006.07733, section 3.3.
  public static let byol = ProjectorStyle(outputBias: false)
  /// SimCLR: no bias anywhere, and a last batch norm without shift. arXiv:2002.05709; its published `model_util.py`.
  public static let simclr = ProjectorStyle(hiddenBias: false, outputBias: false, outputNormalization: .withoutShift)
  /// MoCo v2: Linear, ReLU, Linear. arXiv:2003.04297, section 3.
  public static let mocoV2 = ProjectorStyle(hiddenNormalization: false)
  /// Projector of MoCo v3: no bias, and a last batch norm without scale and shift. arXiv:2104.02057, section 3.
  public static let mocoV3 = ProjectorStyle(
    hiddenBias: false, outputBias: false, outputNormalization: .withoutScaleAndShift)
  /// Projector of SimSiam: as MoCo v3's. arXiv:2011.10566, section 3; its published `builder.py`.
  public static let simSiam = mocoV3
  /// Predictor of SimSiam: Linear without bias, batch norm, ReLU; Linear. arXiv:2011.10566, section 3.
  public static let simSiamPredictor = ProjectorStyle(hiddenBias: false)
}

/// A head of fully connected layers: `projector([512, 2048, 256], …)` maps [n, 512] by way of 2048 hidden units to
/// [n, 256]. Chen et al., 2020, arXiv:2002.05709, section 2.1: the loss is better taken after such a head.
/// - Parameter sizes: features in, of each hidden layer, and out; two numbers are one layer.
/// - Throws: `TensorError` for fewer than two sizes and for sizes below 1.
public func projector(
  _ sizes: [Int], style: ProjectorStyle = .byol, type: ElementType = .float32, using stream: RandomStream
) throws -> Sequential {
  guard sizes.count >= 2 else {
    throw TensorError("projector: sizes are \(sizes), expected at least the features in and the features out")
  }
  for size in sizes where size < 1 { throw TensorError("projector: sizes are \(sizes), expected each at least 1") }
  var layers: [Layer] = []
  for (inputs, outputs) in zip(sizes, sizes.dropFirst()).dropLast() {
    layers.append(try Linear(inputs, outputs, bias: style.hiddenBias, type: type, using: stream))
    if style.hiddenNormalization { layers.append(try BatchNorm1d(outputs, type: type)) }
    layers.append(ReLU())
  }
  let (inputs, outputs) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
  layers.append(try Linear(inputs, outputs, bias: style.outputBias, type: type, using: stream))
  if style.outputNormalization != .none {
    let hasScale = style.outputNormalization == .withoutShift
    layers.append(try BatchNorm1d(outputs, weight: hasScale, bias: false, type: type))
  }
  return try Sequential(layers)
}
