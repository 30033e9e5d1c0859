import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Every layer forward and backward against PyTorch (Tests/Golden/generate_networks.py, function `layers`).
@Suite struct LayerGoldenTests {
  let golden: Golden
  init() throws { golden = try Golden("networks_layers") }

  static let cases: [(String, Shape, @Sendable (ElementType, RandomStream) throws -> Layer)] = [
    ("linear", [4, 5], { try Linear(5, 3, type: $0, using: $1) }),
    ("linear_plain", [4, 5], { try Linear(5, 3, bias: false, type: $0, using: $1) }),
    ("linear_3d", [2, 3, 5], { try Linear(5, 3, type: $0, using: $1) }),
    ("conv_same", [2, 3, 7, 6], { try Convolution2d(3, 4, kernel: 3, padding: 1, type: $0, using: $1) }),
    (
      "conv_stride", [2, 3, 7, 8],
      { try Convolution2d(3, 4, kernel: 3, stride: 2, padding: 1, bias: false, type: $0, using: $1) }
    ),
    (
      "conv_dilated", [2, 2, 7, 7], { try Convolution2d(2, 3, kernel: 3, padding: 2, dilation: 2, type: $0, using: $1) }
    ),
    ("conv_groups", [2, 4, 5, 5], { try Convolution2d(4, 6, kernel: 3, padding: 1, groups: 2, type: $0, using: $1) }),
    (
      "conv_depthwise", [2, 4, 5, 5],
      { try Convolution2d(4, 4, kernel: 3, padding: 1, groups: 4, bias: false, type: $0, using: $1) }
    ),
    (
      "conv_1x1_stride", [2, 3, 7, 7],
      { try Convolution2d(3, 5, kernel: 1, stride: 2, bias: false, type: $0, using: $1) }
    ),
    (
      "conv_7x7", [2, 3, 14, 14],
      { try Convolution2d(3, 4, kernel: 7, stride: 2, padding: 3, bias: false, type: $0, using: $1) }
    ),
    ("relu", [3, 5], { _, _ in ReLU() }),
    ("tanh", [3, 5], { _, _ in Tanh() }),
    ("sigmoid", [3, 5], { _, _ in Sigmoid() }),
    ("max_pool", [2, 3, 7, 8], { _, _ in try MaxPool2d(3, stride: 2, padding: 1) }),
    ("max_pool_2", [2, 3, 7, 8], { _, _ in try MaxPool2d(2) }),
    ("avg_pool", [2, 3, 7, 8], { _, _ in try AveragePool2d(3, stride: 2, padding: 1) }),
    ("avg_pool_2", [2, 3, 7, 8], { _, _ in try AveragePool2d(2) }),
    ("global_pool", [2, 3, 4, 5], { _, _ in GlobalAveragePool() }),
    ("flatten", [2, 3, 2, 2], { _, _ in Flatten() }),
    (
      "projector", [6, 5],
      {
        try Sequential([
          Linear(5, 8, bias: false, type: $0, using: $1), BatchNorm1d(8, type: $0), ReLU(),
          Linear(8, 4, type: $0, using: $1),
        ])
      }
    ),
  ]

  @Test(arguments: cases.indices, [ElementType.float64, .float32])
  func agreesWithPyTorch(position: Int, type: ElementType) throws {
    let (name, shape, make) = Self.cases[position]
    let layer = try fill(make(type, RandomStream(seed: 1)))
    try checkLayer(golden, name, layer, shape, type: type, within: tolerance(type))
  }

  @Test(arguments: ["norm_1d", "norm_2d", "norm_plain"], [ElementType.float64, .float32])
  func normalisationKeepsPyTorchsStatistics(name: String, type: ElementType) throws {
    let (norm, shape): (BatchNorm, Shape) =
      switch name {
      case "norm_1d": (try BatchNorm1d(4, type: type), [5, 4])
      case "norm_2d": (try BatchNorm2d(3, epsilon: 1e-3, momentum: 0.3, type: type), [2, 3, 4, 5])
      default: (try BatchNorm1d(4, weight: false, bias: false, type: type), [5, 4])
      }
    _ = try fill(norm)
    for step in 0..<3 {
      try checkLayer(
        golden, "\(name)/\(step)", norm, shape, type: type, within: tolerance(type, depth: 3), salt: 1000 + 10 * step)
      for (stateName, tensor) in norm.namedState() {
        try golden.check("\(name)/\(step)/\(stateName)", tensor, within: tolerance(type))
      }
    }
    norm.eval()
    let before = try norm.runningMean.doubles()
    try checkLayer(golden, "\(name)/eval", norm, shape, type: type, within: tolerance(type))
    #expect(try norm.runningMean.doubles() == before)
    #expect(try norm.batchCount.item() == 3)
  }

  @Test func normalisationWithGammaAlone() throws {
    let norm = try fill(BatchNorm1d(4, bias: false, type: .float64))
    #expect(norm.namedParameters().map(\.name) == ["weight"])
    try checkLayer(golden, "norm_gamma", norm, [5, 4], type: .float64, within: tolerance(.float64))
  }
}
