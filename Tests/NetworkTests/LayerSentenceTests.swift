import Kernels
import Networks
import Tensors
import Testing

/// The whole sentence that a person reads for each mistake.
@Suite struct LayerSentenceTests {
  static func stream() -> RandomStream { RandomStream(seed: 1) }

  func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch { return "\(error)" }
  }

  @Test func inputsThatDoNotFit() throws {
    let linear = try Linear(8, 2, using: Self.stream())
    #expect(
      sentence { _ = try linear(Tensor.zeros([4, 7])) } == "linear: input [4, 7] has 7 features, the layer expects 8")
    #expect(
      sentence { _ = try linear(Tensor.zeros([])) }
        == "linear: input [] has no dimension for features, the layer expects 8")
    #expect(
      sentence { _ = try linear(Tensor.zeros([4, 8], type: .float64)) }
        == "linear: the input is f64, the layer's weights are f32")
    let convolution = try Convolution2d(3, 4, kernel: 3, using: Self.stream())
    #expect(
      sentence { _ = try convolution(Tensor.zeros([2, 1, 8, 8])) }
        == "conv2d: input [2, 1, 8, 8] has 1 channels, the layer expects 3")
    #expect(
      sentence { _ = try convolution(Tensor.zeros([3, 8, 8])) }
        == "conv2d: input [3, 8, 8] has 3 dimensions, the layer expects [n, 3, h, w]")
    #expect(sentence { _ = try convolution(Tensor.zeros([2, 3, 2, 2])) }.hasPrefix("conv2d: "))
    #expect(sentence { _ = try MaxPool2d(3)(Tensor.zeros([2, 3])) }.hasPrefix("max_pool"))
    #expect(sentence { _ = try GlobalAveragePool()(Tensor.zeros([2, 3])) } != "nothing was thrown")
    #expect(sentence { _ = try Flatten()(Tensor.zeros([])) } == "flatten: input [] has no dimension for the batch")
  }

  @Test func normalisationOfOneValue() throws {
    let norm = try BatchNorm1d(4)
    #expect(
      sentence { _ = try norm(Tensor.zeros([1, 4])) }
        == "batch_norm: input [1, 4] has 1 value per channel; training needs at least 2 (use a larger batch, or eval())"
    )
    #expect(
      sentence { _ = try norm(Tensor.zeros([0, 4])) }
        == "batch_norm: input [0, 4] has 0 values per channel; training needs at least 2 (use a larger batch, or eval())"
    )
    #expect(
      sentence { _ = try norm(Tensor.zeros([3, 5])) } == "batch_norm: input [3, 5] has 5 channels, the layer expects 4")
    #expect(
      sentence { _ = try norm(Tensor.zeros([3, 4, 2, 2])) }
        == "batch_norm1d: input [3, 4, 2, 2] has 4 dimensions, the layer expects [n, 4]")
    norm.eval()
    #expect(try norm(Tensor.zeros([1, 4])).shape == [1, 4])
  }

  @Test func sizesThatMakeNoLayer() {
    #expect(
      sentence { _ = try Linear(0, 2, using: Self.stream()) }
        == "linear: the number of inputs is 0, expected at least 1")
    #expect(
      sentence { _ = try Linear(3, .max, using: Self.stream()) }
        == "linear: the number of outputs is 9223372036854775807, expected at most 1048576")
    #expect(
      sentence { _ = try Convolution2d(4, 6, kernel: 3, groups: 4, using: Self.stream()) }
        == "conv2d: 6 output channels are not divisible by 4 groups")
    #expect(
      sentence { _ = try Convolution2d(5, 6, kernel: 3, groups: 3, using: Self.stream()) }
        == "conv2d: 5 input channels are not divisible by 3 groups")
    #expect(
      sentence { _ = try Convolution2d(4, 6, kernel: 3, stride: 0, using: Self.stream()) }
        == "conv2d: stride is 0, expected at least 1")
    #expect(
      sentence { _ = try Convolution2d(1 << 20, 1 << 20, kernel: 1 << 20, using: Self.stream()) }
        != "nothing was thrown")
    #expect(
      sentence { _ = try MaxPool2d(2, padding: 2) }
        == "max_pool2d: padding is 2, expected at most half of the kernel's size 2")
    #expect(sentence { _ = try BatchNorm2d(4, epsilon: 0) } == "batch_norm: eps is 0.0, expected a positive number")
    #expect(sentence { _ = try BatchNorm2d(4, momentum: .nan) } == "batch_norm: momentum is nan, expected 0 to 1")
    #expect(
      sentence { _ = try ResNet(depth: 20, using: Self.stream()) }
        == "resnet: depth is 20, expected one of 18, 34, 50, 101, 152")
    #expect(
      sentence { _ = try ResNet(depth: 18, width: 1025, using: Self.stream()) }
        == "resnet: width is 1025, expected at most 1024")
  }

  @Test func nestingWithoutEnd() throws {
    var layer: Layer = Identity()
    #expect(
      sentence { for _ in 0..<1000 { layer = try Sequential([layer]) } }
        == "sequential: layers are nested 101 deep, expected at most 100")
    layer = Identity()
    #expect(
      sentence { for _ in 0..<60 { layer = try Sequential([layer, layer]) } }.hasPrefix("sequential: there are "))
  }

  @Test func statesThatDoNotFit() throws {
    let linear = try Linear(2, 3, using: Self.stream())
    let weight = try Tensor.zeros([3, 2])
    #expect(
      sentence { try linear.load(["weight": weight, "bais": Tensor.zeros([3])]) }
        == "load_state: missing 'bias'; unexpected 'bais' (did you mean 'bias'?); nothing was changed")
    #expect(
      sentence { try linear.load(["weight": weight, "bias": Tensor.zeros([4])]) }
        == "load_state: 'bias' is [4], expected [3]; nothing was changed")
    #expect(
      sentence { try linear.load(["weight": weight, "bias": Tensor([1, 2, 3], [3])]) }
        == "load_state: 'bias' is i64, expected f32; nothing was changed")
    #expect(
      sentence { try linear.load(["module.weight": weight, "module.bias": Tensor.zeros([3])], strict: false) }
        == "load_state: none of the 2 given names is known, such as 'module.bias' (did you mean 'bias'?); "
        + "nothing was changed"
    )
    let network = try ResNet(depth: 18, width: 4, using: Self.stream())
    #expect(
      sentence { try network.load([:]) }
        == "load_state: missing 'conv1.weight', 'bn1.weight', 'bn1.bias' and 117 more; nothing was changed")
  }

  @Test func layersThatSayNothing() throws {
    final class Silent: Layer {}
    #expect(sentence { _ = try Silent()(Tensor.zeros([1])) } == "Silent: this layer has no forward function")
    #expect(sentence { _ = try Silent().twin() } == "Silent: this layer does not say how it is copied")
  }
}
