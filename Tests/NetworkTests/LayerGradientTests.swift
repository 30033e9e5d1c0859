import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Every layer's gradients against central differences in f64.
@Suite struct LayerGradientTests {
  static let cases: [(String, Shape, @Sendable (RandomStream) throws -> Layer)] = [
    ("linear", [4, 3], { try Linear(3, 2, type: .float64, using: $0) }),
    ("linear 3-d", [2, 2, 3], { try Linear(3, 2, type: .float64, using: $0) }),
    ("convolution", [2, 2, 5, 4], { try Convolution2d(2, 3, kernel: 3, padding: 1, type: .float64, using: $0) }),
    (
      "strided groups", [2, 4, 5, 5],
      { try Convolution2d(4, 4, kernel: 3, stride: 2, padding: 1, groups: 2, type: .float64, using: $0) }
    ),
    ("norm 1d", [5, 3], { _ in try BatchNorm1d(3, type: .float64) }),
    ("norm 2d", [2, 3, 2, 2], { _ in try BatchNorm2d(3, bias: false, type: .float64) }),
    ("relu", [3, 4], { _ in ReLU() }),
    ("tanh", [3, 4], { _ in Tanh() }),
    ("sigmoid", [3, 4], { _ in Sigmoid() }),
    ("max pool", [1, 2, 5, 5], { _ in try MaxPool2d(3, stride: 2, padding: 1) }),
    ("average pool", [1, 2, 5, 5], { _ in try AveragePool2d(2) }),
    ("global pool", [2, 2, 3, 3], { _ in GlobalAveragePool() }),
    ("flatten", [2, 2, 2, 1], { _ in Flatten() }),
    ("identity", [2, 2], { _ in Identity() }),
    (
      "projector", [5, 3],
      {
        try Sequential([
          Linear(3, 4, bias: false, type: .float64, using: $0), BatchNorm1d(4, type: .float64), ReLU(),
          Linear(4, 2, type: .float64, using: $0), BatchNorm1d(2, weight: false, bias: false, type: .float64),
        ])
      }
    ),
    ("basic block", [2, 2, 3, 3], { try BasicBlock(2, planes: 2, type: .float64, using: $0) }),
    ("basic block down", [2, 2, 4, 4], { try BasicBlock(2, planes: 3, stride: 2, type: .float64, using: $0) }),
    ("bottleneck", [2, 3, 4, 4], { try Bottleneck(3, planes: 1, stride: 2, type: .float64, using: $0) }),
  ]

  @Test(arguments: cases.indices, [true, false])
  func agreeWithCentralDifferences(position: Int, isTraining: Bool) throws {
    let (_, shape, make) = Self.cases[position]
    let layer = try fill(make(RandomStream(seed: 1)))
    if !isTraining { layer.eval() }
    try checkGradients(layer, shape)
  }
}
