import CKernels
import Foundation
import Testing

import Kernels

/// The shape of one 3 × 3 convolution.
struct ConvolutionCase: CustomTestStringConvertible {
  var images, height, width, inputs, outputs: Int
  var testDescription: String { "\(images) × \(height) × \(width), \(inputs) → \(outputs) channels" }

  var inputCount: Int { images * height * width * inputs }
  var outputCount: Int { images * height * width * outputs }
  var weightCount: Int { outputs * inputs * 9 }

  /// Shapes at the edges of what tiles (4 × 4), panels (16) and blocks can hold, and then random ones.
  static let all: [ConvolutionCase] =
    [
      ConvolutionCase(images: 1, height: 1, width: 1, inputs: 8, outputs: 8),
      ConvolutionCase(images: 3, height: 3, width: 5, inputs: 8, outputs: 24),
      ConvolutionCase(images: 2, height: 7, width: 7, inputs: 48, outputs: 40),
      ConvolutionCase(images: 2, height: 33, width: 2, inputs: 16, outputs: 16),
      ConvolutionCase(images: 5, height: 4, width: 4, inputs: 40, outputs: 16),
      ConvolutionCase(images: 1, height: 8, width: 8, inputs: 272, outputs: 8),
      ConvolutionCase(images: 1, height: 5, width: 4, inputs: 8, outputs: 136),
      ConvolutionCase(images: 4, height: 16, width: 16, inputs: 16, outputs: 16),
      ConvolutionCase(images: 2, height: 4, width: 8, inputs: 112, outputs: 128),
      // So many channels that the passes are cut by outputs and by weights rather than by tiles.
      ConvolutionCase(images: 1, height: 5, width: 6, inputs: 344, outputs: 360),
    ]
    + { () -> [ConvolutionCase] in
      var draw = Draw(state: 20)
      return (0..<12).map { _ in
        ConvolutionCase(
          images: draw.below(4) + 1, height: draw.below(14) + 1, width: draw.below(14) + 1,
          inputs: 8 * (draw.below(6) + 1), outputs: 8 * (draw.below(6) + 1))
      }
    }()
}

/// SplitMix64: numbers for tests only.
struct Draw {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  /// In −1 ..< 1.
  mutating func float() -> Float { Float(next() >> 40) / 8_388_608 - 1 }
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
}

/// One convolution's data, and the kernels under test called with guard values round their output and scratch memory.
struct WinogradRun {
  enum Pass: Int32, CaseIterable { case forward, inputGradient, weightGradient }

  let shape: ConvolutionCase
  let input, weight, bias, outputGradient: [Float]

  init(_ shape: ConvolutionCase) {
    var draw = Draw(state: UInt64(shape.inputCount + shape.weightCount))
    self.shape = shape
    (input, weight) = (draw.floats(shape.inputCount), draw.floats(shape.weightCount))
    (bias, outputGradient) = (draw.floats(shape.outputs), draw.floats(shape.outputCount))
  }

  func count(_ pass: Pass) -> Int {
    switch pass {
    case .forward: shape.outputCount
    case .inputGradient: shape.inputCount
    case .weightGradient: shape.weightCount
    }
  }

  /// The pass's result. Fails the test when a guard value has changed. Scratch memory starts as NaN throughout.
  func result(_ pass: Pass, threads: Int) -> [Float] {
    let (n, h, w, inputs, outputs) = (shape.images, shape.height, shape.width, shape.inputs, shape.outputs)
    let guardCount = 33
    let (count, bytes) = (
      count(pass), Int(contrast_winograd_scratch_bytes(pass.rawValue, n, h, w, inputs, outputs, threads))
    )
    var values = [Float](repeating: 12345, count: count + 2 * guardCount)
    var scratch = [UInt8](repeating: 0xFF, count: bytes + 2 * guardCount)
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBytes { scratch in
        let (to, memory) = (values.baseAddress! + guardCount, scratch.baseAddress! + guardCount)
        switch pass {
        case .forward:
          contrast_winograd_forward(input, weight, bias, to, n, h, w, inputs, outputs, threads, memory)
        case .inputGradient:
          contrast_winograd_input_gradient(outputGradient, weight, to, n, h, w, inputs, outputs, threads, memory)
        case .weightGradient:
          contrast_winograd_weight_gradient(input, outputGradient, to, n, h, w, inputs, outputs, threads, memory)
        }
      }
    }
    let margins = values.prefix(guardCount) + values.suffix(guardCount)
    #expect(margins.allSatisfy { $0 == 12345 }, "\(pass) wrote outside its output")
    let scratchMargins = scratch.prefix(guardCount) + scratch.suffix(guardCount)
    #expect(scratchMargins.allSatisfy { $0 == 0xFF }, "\(pass) wrote outside its scratch memory")
    return Array(values[guardCount..<guardCount + count])
  }

  /// The same in double by the plain kernels.
  func expected(_ pass: Pass) throws -> [Double] {
    let (n, h, w) = (shape.images, shape.height, shape.width)
    let geometry = ConvolutionGeometry(paddingY: 1, paddingX: 1)
    let images = try double(input, [n, shape.inputs, h, w], .channelsLast)
    let gradients = try double(outputGradient, [n, shape.outputs, h, w], .channelsLast)
    let weights = try double(weight, [shape.outputs, shape.inputs, 3, 3], .rowMajor)
    let plain = PlainKernels.shared
    let output: Buffer
    switch pass {
    case .forward:
      output = try Buffer(.float64, gradients.shape, format: .channelsLast)
      try plain.convolution(
        images, weight: weights, bias: double(bias, [shape.outputs], .rowMajor), geometry, into: output)
    case .inputGradient:
      output = try Buffer(.float64, images.shape, format: .channelsLast)
      try plain.convolutionInputGradient(outputGradient: gradients, weight: weights, geometry, into: output)
    case .weightGradient:
      output = try Buffer(.float64, weights.shape)
      try plain.convolutionWeightGradient(
        input: images, outputGradient: gradients, geometry, into: output, biasGradient: nil)
    }
    return withExtendedLifetime(output) {
      Array(UnsafeBufferPointer(start: output.pointer.assumingMemoryBound(to: Double.self), count: count(pass)))
    }
  }

  private func double(_ values: [Float], _ shape: Shape, _ format: MemoryFormat) throws -> Buffer {
    let buffer = try Buffer(.float64, shape, format: format)
    withExtendedLifetime(buffer) {
      let elements = buffer.pointer.assumingMemoryBound(to: Double.self)
      for (index, value) in values.enumerated() { elements[index] = Double(value) }
    }
    return buffer
  }
}

@Suite struct WinogradTests {
  /// √(Σ error² / Σ expected²)
  func relativeError(_ values: [Float], _ expected: [Double]) -> Double {
    let errors = zip(values, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (errors / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  @Test(arguments: ConvolutionCase.all)
  func agreesWithThePlainKernelsInDouble(shape: ConvolutionCase) throws {
    #expect(contrast_winograd_is_eligible(shape.images, shape.height, shape.width, shape.inputs, shape.outputs) == 1)
    let run = WinogradRun(shape)
    for pass in WinogradRun.Pass.allCases {
      let error = relativeError(run.result(pass, threads: 2), try run.expected(pass))
      #expect(error < 2e-6, "\(pass)")
    }
  }

  @Test func aMissingBiasIsZero() throws {
    let run = WinogradRun(ConvolutionCase(images: 2, height: 6, width: 5, inputs: 8, outputs: 24))
    let shape = run.shape
    var scratch = [UInt8](
      repeating: 0, count: Int(contrast_winograd_scratch_bytes(0, 2, 6, 5, shape.inputs, shape.outputs, 1)))
    var without = [Float](repeating: 0, count: shape.outputCount)
    contrast_winograd_forward(run.input, run.weight, nil, &without, 2, 6, 5, shape.inputs, shape.outputs, 1, &scratch)
    let with = run.result(.forward, threads: 1)
    for index in with.indices {
      #expect(abs(with[index] - without[index] - run.bias[index % shape.outputs]) < 1e-5)
    }
  }

  @Test(arguments: [
    ConvolutionCase(images: 4, height: 32, width: 32, inputs: 16, outputs: 16),
    ConvolutionCase(images: 40, height: 8, width: 8, inputs: 64, outputs: 128),
    ConvolutionCase(images: 40, height: 4, width: 4, inputs: 128, outputs: 128),
  ])
  func repeatsBitForBit(shape: ConvolutionCase) {
    let run = WinogradRun(shape)
    for pass in WinogradRun.Pass.allCases {
      let first = run.result(pass, threads: 2)
      for _ in 0..<3 { #expect(run.result(pass, threads: 2) == first, "\(pass)") }
      // Only the weight gradient's sums are cut by threads.
      if pass != .weightGradient { #expect(run.result(pass, threads: 3) == first, "\(pass) on three threads") }
    }
  }

  @Test func refusesChannelsThatAreNoMultipleOfEight() {
    #expect(contrast_winograd_is_eligible(1, 8, 8, 3, 64) == 0)
    #expect(contrast_winograd_is_eligible(1, 8, 8, 64, 12) == 0)
    #expect(contrast_winograd_is_eligible(0, 8, 8, 64, 64) == 0)
    #expect(contrast_winograd_is_faster(0, 128, 32, 32, 3, 64) == 0)
  }
}
