import Foundation
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Residual networks against torchvision's: names, shapes, outputs, statistics and every gradient.
@Suite struct ResNetTests {
  @Test(arguments: [18, 34, 50, 101, 152])
  func hasTorchvisionsNamesAndShapes(depth: Int) throws {
    let lines = try String(contentsOf: URL(filePath: Golden.path("networks_state.txt")), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: " ") }
    let expected = lines.filter { $0[0] == "resnet\(depth)" }.map { line in
      let sizes = line.count > 2 ? line[2].split(separator: ",").compactMap { Int($0) } : []
      return "\(line[1]) \(Shape(sizes))"
    }
    // The full width needs 240 MB at depth 152; a sixteenth of it has the same names, and shapes to be scaled back.
    let width = depth <= 50 ? 64 : 4
    let model = try ResNet(depth: depth, width: width, classes: 1000, using: RandomStream(seed: 1))
    let found = model.stateDictionary()
    #expect(found.count == expected.count)
    if width == 64 {
      #expect(found.map { "\($0.name) \($0.tensor.shape)" } == expected)
    } else {
      #expect(found.map(\.name) == expected.map { String($0.split(separator: " ")[0]) })
    }
  }

  @Test func hasTheKnownNumberOfParameters() throws {
    // torchvision: sum(p.numel() for p in resnet18().parameters()), and of resnet50.
    #expect(try ResNet(depth: 18, classes: 1000, using: RandomStream(seed: 1)).parameterCount == 11_689_512)
    #expect(try ResNet(depth: 50, classes: 1000, using: RandomStream(seed: 1)).parameterCount == 25_557_032)
  }

  @Test(arguments: [ResNet.Stem.small, .imagenet], [ElementType.float64, .float32])
  func resnet18AgreesWithTorchvision(stem: ResNet.Stem, type: ElementType) throws {
    let golden = try Golden("networks_resnet18_\(stem.rawValue)")
    let model = try fill(
      ResNet(
        depth: 18, stem: stem, width: 4, classes: stem == .small ? nil : 5, type: type, using: RandomStream(seed: 1)))
    let shape: Shape = stem == .small ? [4, 3, 16, 16] : [4, 3, 32, 32]
    model.eval()
    try checkLayer(golden, "eval", model, shape, type: type, within: tolerance(type, depth: 10), gradients: false)
    model.train()
    try checkLayer(golden, "train", model, shape, type: type, within: tolerance(type, depth: 100))
    for (name, tensor) in model.namedState() where golden.tensors["train/\(name)"] != nil {
      try golden.check("train/\(name)", tensor, within: tolerance(type, depth: 10))
    }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func resnet50AgreesWithTorchvision(type: ElementType) throws {
    let golden = try Golden("networks_resnet50")
    let model = try fill(ResNet(depth: 50, stem: .small, width: 4, type: type, using: RandomStream(seed: 1)))
    #expect(model.outputSize == 128)
    model.eval()
    try checkLayer(
      golden, "eval", model, [4, 3, 16, 16], type: type, within: tolerance(type, depth: 10), gradients: false)
    model.train()
    try checkLayer(
      golden, "train", model, [4, 3, 16, 16], type: type, within: tolerance(type, depth: 300), gradients: false)
  }

  @Test(arguments: ["basic", "basic_down", "bottleneck", "bottleneck_down"], [ElementType.float64, .float32])
  func blocksAgreeWithTorchvision(name: String, type: ElementType) throws {
    let golden = try Golden("networks_layers")
    let stream = RandomStream(seed: 1)
    let (block, shape): (Layer, Shape) =
      switch name {
      case "basic": (try BasicBlock(4, planes: 4, stride: 1, type: type, using: stream), [3, 4, 5, 5])
      case "basic_down": (try BasicBlock(4, planes: 6, stride: 2, type: type, using: stream), [3, 4, 6, 6])
      case "bottleneck": (try Bottleneck(8, planes: 2, stride: 1, type: type, using: stream), [3, 8, 5, 5])
      default: (try Bottleneck(4, planes: 2, stride: 2, type: type, using: stream), [3, 4, 6, 6])
      }
    _ = try fill(block)
    try checkLayer(golden, "\(name)/train", block, shape, type: type, within: tolerance(type, depth: 5))
    try fill(block).eval()
    try checkLayer(golden, "\(name)/eval", block, shape, type: type, within: tolerance(type, depth: 5))
  }

  @Test func zeroInitialisedResidualsStartAsTheIdentity() throws {
    let model = try ResNet(depth: 18, stem: .small, width: 4, zeroInitResidual: true, using: RandomStream(seed: 1))
    for (name, parameter) in model.namedParameters() where name.hasSuffix("bn2.weight") {
      #expect(try parameter.floats().allSatisfy { $0 == 0 }, "\(name)")
    }
    #expect(
      try model.namedParameters().filter { $0.name.hasSuffix("bn1.weight") }
        .allSatisfy { try $0.tensor.floats().allSatisfy { $0 == 1 } })
  }

  @Test func startsAsTorchvisionsDoes() throws {
    let model = try ResNet(depth: 18, width: 64, classes: 10, using: RandomStream(seed: 3))
    let parameters = Dictionary(uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.tensor) })
    // kaiming_normal, fan out, ReLU: √(2 / (512 · 9)), over 2.4 million draws.
    let kernel = try #require(parameters["layer4.1.conv2.weight"]).doubles()
    let deviation = (kernel.map { $0 * $0 }.reduce(0, +) / Double(kernel.count)).squareRoot()
    #expect(abs(deviation / (2.0 / (512 * 9)).squareRoot() - 1) < 0.005)
    #expect(abs(kernel.reduce(0, +) / Double(kernel.count)) < 1e-4)
    // kaiming_uniform with a = √5: ±1 / √512, filled to the edges.
    let classifier = try #require(parameters["fc.weight"]).doubles()
    let bound = 1 / 512.0.squareRoot()
    #expect(classifier.allSatisfy { abs($0) <= bound })
    #expect(classifier.max()! > 0.99 * bound && classifier.min()! < -0.99 * bound)
  }
}
