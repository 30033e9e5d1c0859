import Kernels
import Testing

/// Batch normalisation against the plain one, on random shapes, memory orders and options.
@Suite struct FastBatchNormalizationTests {
  private let fast = FastKernels.shared
  private let plain = PlainKernels.shared
  private let epsilon = 1e-5

  private func shape(_ samples: inout RandomBuffers) -> Shape {
    let channels = samples.choice([1, 3, 8, 17, 32, 64, 77, 130])
    if samples.integer(0...2) == 0 { return [samples.integer(2...90), channels] }
    return [samples.integer(1...4), channels, samples.integer(2...9), samples.integer(1...9)]
  }

  @Test(arguments: 0..<150) func agreesForwardAndBackward(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let shape = shape(&samples)
    let channels: Shape = [shape[1]]
    func layout() -> RandomBuffers.Layout {
      let layout = samples.layout()
      return layout == .channelsLast && shape.rank == 2 ? .rowMajor : layout
    }
    let input = try samples.floats(shape, layout(), in: -3..<5)
    let isAffine = samples.integer(0...3) > 0
    let weight = isAffine ? try samples.floats(channels, .everySecond) : nil
    let bias = isAffine ? try samples.floats(channels) : nil
    let residual = samples.integer(0...1) == 0 ? nil : try samples.floats(shape, layout())
    let rectify = samples.integer(0...1) == 0

    func forward(_ kernels: any KernelSet, _ layout: RandomBuffers.Layout) throws -> (Buffer, Buffer, Buffer) {
      let output = try samples.empty(shape, layout)
      let (mean, variance) = (try samples.empty(channels), try samples.empty(channels))
      try kernels.batchNormalize(
        input, weight: weight, bias: bias, residual: residual, rectify: rectify, epsilon: epsilon, into: output,
        mean: mean, variance: variance)
      return (output, mean, variance)
    }
    let expected = try forward(plain, .rowMajor)
    let computed = try forward(fast, layout())
    #expect(difference(computed.0, expected.0) < 1e-5, "\(shape)")
    #expect(difference(computed.1, expected.1) < 1e-6, "\(shape)")
    #expect(difference(computed.2, expected.2) < 1e-6, "\(shape)")

    let evaluated = try samples.empty(shape, layout())
    try fast.batchNormalize(
      input, mean: expected.1, variance: expected.2, weight: weight, bias: bias, residual: residual, rectify: rectify,
      epsilon: epsilon, into: evaluated)
    #expect(difference(evaluated, expected.0) < 1e-5, "\(shape)")

    let gradient = try samples.floats(shape, layout())
    func backward(_ kernels: any KernelSet, _ layout: RandomBuffers.Layout) throws -> [Buffer] {
      let results = try [
        samples.empty(shape, layout), samples.empty(shape, layout), samples.empty(channels), samples.empty(channels),
      ]
      try kernels.batchNormalizeGradient(
        outputGradient: gradient, input: input, output: rectify ? expected.0 : nil, weight: weight, mean: expected.1,
        variance: expected.2, epsilon: epsilon, into: results[0], weightGradient: isAffine ? results[2] : nil,
        biasGradient: isAffine ? results[3] : nil, residualGradient: residual == nil ? nil : results[1])
      return results
    }
    let (expectedGradients, computedGradients) = (try backward(plain, .rowMajor), try backward(fast, layout()))
    for (index, (computed, expected)) in zip(computedGradients, expectedGradients).enumerated() {
      if index == 1 && residual == nil || index >= 2 && !isAffine { continue }
      #expect(difference(computed, expected) < 1e-5, "gradient \(index) of \(shape)")
    }
  }

  /// A mean far from zero, and a first row unlike the others, must not drown the variance.
  @Test(arguments: [Float(0), 1000, -30_000]) func varianceSurvivesALargeMean(mean: Float) throws {
    var samples = RandomBuffers(seed: 4)
    let input = try samples.floats([4096, 10], in: (mean - 1)..<(mean + 1))
    let values = input.floats
    input.fill { $0 < 10 ? mean + 50 : values[$0] }
    let results = try (0..<4).map { _ in try samples.empty([10]) }
    let output = try samples.empty([4096, 10])
    try fast.batchNormalize(
      input, weight: nil, bias: nil, residual: nil, rectify: false, epsilon: epsilon, into: output, mean: results[0],
      variance: results[1])
    try plain.batchNormalize(
      input, weight: nil, bias: nil, residual: nil, rectify: false, epsilon: epsilon, into: output, mean: results[2],
      variance: results[3])
    #expect(difference(results[0], results[2]) < 1e-7)
    #expect(difference(results[1], results[3]) < 1e-5)
  }

  @Test func theSameBitsTwice() throws {
    var samples = RandomBuffers(seed: 9)
    let shape: Shape = [32, 64, 16, 16]
    let input = try samples.floats(shape, .channelsLast)
    func run() throws -> [Buffer] {
      let output = try samples.empty(shape, .channelsLast)
      let sums = try (0..<4).map { _ in try samples.empty([64]) }
      try fast.batchNormalize(
        input, weight: nil, bias: nil, residual: nil, rectify: true, epsilon: epsilon, into: output, mean: sums[0],
        variance: sums[1])
      let gradient = try samples.empty(shape, .channelsLast)
      try fast.batchNormalizeGradient(
        outputGradient: input, input: input, output: output, weight: nil, mean: sums[0], variance: sums[1],
        epsilon: epsilon, into: gradient, weightGradient: sums[2], biasGradient: sums[3], residualGradient: nil)
      return [output, gradient] + sums
    }
    for (first, second) in zip(try run(), try run()) { #expect(haveSameBits(first, second)) }
  }
}
