import Kernels
import Testing

/// Convolutions against the plain ones, on random shapes and memory orders.
@Suite struct FastConvolutionTests {
  private let fast = FastKernels.shared
  private let plain = PlainKernels.shared

  /// One random convolution with its buffers.
  private struct Case {
    var geometry = ConvolutionGeometry()
    var input, weight, output, bias: Buffer

    init(_ samples: inout RandomBuffers, isPointwise: Bool) throws {
      geometry.groups = samples.choice([1, 1, 1, 2, 3])
      let isDepthwise = samples.integer(0...7) == 0
      let perGroup = samples.choice([1, 2, 3, 5, 8, 16, 24])
      if isDepthwise { geometry.groups = perGroup }
      let inputs = isDepthwise ? perGroup : perGroup * geometry.groups
      let outputs = geometry.groups * (isDepthwise ? 1 : samples.choice([1, 2, 4, 7, 8, 16]))
      let kernel = isPointwise ? (1, 1) : (samples.integer(1...4), samples.integer(1...3))
      (geometry.strideY, geometry.strideX) = (samples.integer(1...3), samples.integer(1...2))
      (geometry.paddingY, geometry.paddingX) = (samples.integer(0...2), samples.integer(0...1))
      if !isPointwise { (geometry.dilationY, geometry.dilationX) = (samples.integer(1...2), samples.integer(1...2)) }
      let smallest = (geometry.dilationY * (kernel.0 - 1) + 1, geometry.dilationX * (kernel.1 - 1) + 1)
      let height = samples.integer(smallest.0...(smallest.0 + 9))
      let width = samples.integer(smallest.1...(smallest.1 + 11))
      let size = geometry.outputSize(height: height, width: width, kernelHeight: kernel.0, kernelWidth: kernel.1)
      let count = samples.integer(1...4)
      input = try samples.floats([count, inputs, height, width], samples.layout())
      weight = try samples.floats([outputs, inputs / geometry.groups, kernel.0, kernel.1], samples.layout())
      output = try samples.floats([count, outputs, size.height, size.width], samples.layout())
      bias = try samples.floats([outputs], samples.layout())
    }

    var description: Comment { "\(input.shape) * \(weight.shape) -> \(output.shape), \(geometry)" }
  }

  @Test(arguments: 0..<150) func agreesWithThePlainConvolution(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let test = try Case(&samples, isPointwise: seed % 5 == 0)
    let bias = samples.integer(0...1) == 0 ? nil : test.bias

    let expected = try samples.empty(test.output.shape)
    try plain.convolution(test.input, weight: test.weight, bias: bias, test.geometry, into: expected)
    let computed = try samples.empty(test.output.shape, samples.layout())
    try fast.convolution(test.input, weight: test.weight, bias: bias, test.geometry, into: computed)
    #expect(difference(computed, expected) < 1e-5, test.description)
  }

  @Test(arguments: 0..<150) func inputGradientAgrees(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let test = try Case(&samples, isPointwise: seed % 5 == 0)
    let expected = try samples.empty(test.input.shape)
    try plain.convolutionInputGradient(
      outputGradient: test.output, weight: test.weight, test.geometry, into: expected)
    let computed = try samples.empty(test.input.shape, samples.layout())
    try fast.convolutionInputGradient(
      outputGradient: test.output, weight: test.weight, test.geometry, into: computed)
    #expect(difference(computed, expected) < 1e-5, test.description)
  }

  @Test(arguments: 0..<150) func weightGradientAgrees(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let test = try Case(&samples, isPointwise: seed % 5 == 0)
    let hasBias = samples.integer(0...1) == 0
    let expected = try samples.empty(test.weight.shape)
    let expectedBias = try samples.empty(test.bias.shape)
    try plain.convolutionWeightGradient(
      input: test.input, outputGradient: test.output, test.geometry, into: expected, biasGradient: expectedBias)
    let computed = try samples.empty(test.weight.shape, samples.layout())
    let computedBias = hasBias ? try samples.empty(test.bias.shape, samples.layout()) : nil
    try fast.convolutionWeightGradient(
      input: test.input, outputGradient: test.output, test.geometry, into: computed, biasGradient: computedBias)
    #expect(difference(computed, expected) < 1e-5, test.description)
    if let computedBias { #expect(difference(computedBias, expectedBias) < 1e-5, test.description) }
  }

  /// The case in which oneDNN writes out of bounds, uxlfoundation/oneDNN#6035.
  @Test(arguments: [1, 2, 9, 64]) func stridedPointwiseConvolutionIsSafe(channels: Int) throws {
    var samples = RandomBuffers(seed: 3)
    let geometry = ConvolutionGeometry(strideY: 2, strideX: 2)
    let input = try samples.floats([2, channels, 8, 8], .channelsLast)
    let gradient = try samples.floats([2, 16, 4, 4], .channelsLast)
    let (computed, expected) = (try samples.empty([16, channels, 1, 1]), try samples.empty([16, channels, 1, 1]))
    try fast.convolutionWeightGradient(
      input: input, outputGradient: gradient, geometry, into: computed, biasGradient: nil)
    try plain.convolutionWeightGradient(
      input: input, outputGradient: gradient, geometry, into: expected, biasGradient: nil)
    #expect(difference(computed, expected) < 1e-5)
  }

  /// The shapes of real networks, where the fast paths are chosen: same-size 3 × 3, strided, and the first layers.
  @Test(arguments: [
    (64, 64, 3, 1, 32), (64, 128, 3, 2, 16), (128, 128, 3, 1, 16), (256, 256, 3, 1, 8), (64, 128, 1, 2, 16),
    (64, 64, 1, 1, 9), (3, 64, 3, 1, 32), (3, 64, 7, 2, 33), (512, 512, 3, 1, 4), (64, 64, 3, 1, 7), (96, 80, 3, 1, 5),
  ])
  func networkShapesAgreeAndRepeat(inputs: Int, outputs: Int, kernel: Int, stride: Int, size: Int) throws {
    var samples = RandomBuffers(seed: 11)
    let geometry = ConvolutionGeometry(
      strideY: stride, strideX: stride, paddingY: kernel / 2, paddingX: kernel / 2)
    let out = geometry.outputSize(height: size, width: size, kernelHeight: kernel, kernelWidth: kernel)
    let input = try samples.floats([2, inputs, size, size], .channelsLast)
    let weight = try samples.floats([outputs, inputs, kernel, kernel])
    let gradient = try samples.floats([2, outputs, out.height, out.width], .channelsLast)
    func both(_ shape: Shape, _ compute: (any KernelSet, Buffer) throws -> Void) throws {
      let results = try [
        Buffer(.float32, shape, format: .channelsLast), Buffer(.float32, shape), Buffer(.float32, shape),
      ]
      try compute(fast, results[0])
      try compute(plain, results[1])
      try compute(fast, results[2])
      #expect(difference(results[0], results[1]) < 2e-5)
      #expect(haveSameBits(results[0], results[2]))
    }
    try both(gradient.shape) { try $0.convolution(input, weight: weight, bias: nil, geometry, into: $1) }
    try both(input.shape) {
      try $0.convolutionInputGradient(outputGradient: gradient, weight: weight, geometry, into: $1)
    }
    try both(weight.shape) {
      try $0.convolutionWeightGradient(
        input: input, outputGradient: gradient, geometry, into: $1, biasGradient: nil)
    }
  }

  @Test func anEmptyBatchGivesZeroGradients() throws {
    var samples = RandomBuffers(seed: 1)
    let input = try samples.floats([0, 4, 8, 8], .channelsLast)
    let output = try samples.floats([0, 8, 8, 8], .channelsLast)
    let geometry = ConvolutionGeometry(paddingY: 1, paddingX: 1)
    let weight = try samples.floats([8, 4, 3, 3])
    let bias = try samples.floats([8])
    try fast.convolution(input, weight: weight, bias: bias, geometry, into: output)
    try fast.convolutionInputGradient(outputGradient: output, weight: weight, geometry, into: input)
    try fast.convolutionWeightGradient(
      input: input, outputGradient: output, geometry, into: weight, biasGradient: bias)
    #expect(weight.floats.allSatisfy { $0 == 0 })
    #expect(bias.floats.allSatisfy { $0 == 0 })
  }
}
