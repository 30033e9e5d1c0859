import Kernels
import TestSupport
import Tensors
import Testing

/// Values and gradients of every operation against PyTorch's (Tests/Golden/generate_tensors.py), in f64 and in f32.
@Suite struct GoldenTests {
  struct Case: CustomStringConvertible, Sendable {
    let name: String
    /// How many times the usual tolerance f32 may differ where sums are long or numbers large.
    var slack = 1.0
    let function: @Sendable ([Tensor]) throws -> Tensor
    var description: String { name }

    init(_ name: String, slack: Double = 1, _ function: @escaping @Sendable ([Tensor]) throws -> Tensor) {
      (self.name, self.slack, self.function) = (name, slack, function)
    }
  }

  static let elementwise: [Case] = [
    Case("add") { try $0[0] + $0[1] },
    Case("sub") { try $0[0] - $0[1] },
    Case("mul") { try $0[0] * $0[1] },
    Case("div") { try $0[0] / $0[1] },
    Case("mod") { try $0[0] % $0[1] },
    Case("mod negative") { try $0[0] % $0[1] },
    Case("pow", slack: 4) { try $0[0].power($0[1]) },
    Case("pow of zero") { try $0[0].power($0[1]) },
    Case("minimum") { try $0[0].minimum($0[1]) },
    Case("maximum") { try $0[0].maximum($0[1]) },
    Case("exp", slack: 4) { try $0[0].exp() },
    Case("tanh") { try $0[0].tanh() },
    Case("sigmoid") { try $0[0].sigmoid() },
    Case("softplus") { try $0[0].softplus() },
    Case("sin") { try $0[0].sin() },
    Case("cos") { try $0[0].cos() },
    Case("erf") { try $0[0].erf() },
    Case("relu") { try $0[0].relu() },
    Case("square") { try $0[0].square() },
    Case("abs") { try $0[0].abs() },
    Case("sign") { try $0[0].sign() },
    Case("floor") { try $0[0].floor() },
    Case("ceil") { try $0[0].ceil() },
    Case("round") { try $0[0].round() },
    Case("clamp") { try $0[0].clamp(low: -1, high: 2) },
    Case("exp gone over") { try $0[0].exp() },
    Case("log") { try $0[0].log() },
    Case("log at the edges") { try $0[0].log() },
    Case("log1p") { try $0[0].log1p() },
    Case("sqrt") { try $0[0].sqrt() },
    Case("rsqrt") { try $0[0].rsqrt() },
    Case("reciprocal") { try $0[0].reciprocal() },
    Case("pow number", slack: 4) { try $0[0].power(2.5) },
  ]

  static let reductions: [Case] = [
    Case("sum over the first") { try $0[0].sum([0]) },
    Case("sum over the middle, kept") { try $0[0].sum([1], keepDimensions: true) },
    Case("sum over the last") { try $0[0].sum([2]) },
    Case("sum over two") { try $0[0].sum([0, 2]) },
    Case("mean over the first") { try $0[0].mean([0]) },
    Case("mean over the middle, kept") { try $0[0].mean([1], keepDimensions: true) },
    Case("mean over the last") { try $0[0].mean([2]) },
    Case("mean over two") { try $0[0].mean([0, 2]) },
    Case("var over the first") { try $0[0].variance([0]) },
    Case("var over the middle, kept") { try $0[0].variance([1], keepDimensions: true) },
    Case("var over the last") { try $0[0].variance([2]) },
    Case("var over two") { try $0[0].variance([0, 2]) },
    Case("var biased") { try $0[0].variance([1], unbiased: false) },
    Case("std over the first") { try $0[0].standardDeviation([0]) },
    Case("std over the middle, kept") { try $0[0].standardDeviation([1], keepDimensions: true) },
    Case("std over the last") { try $0[0].standardDeviation([2]) },
    Case("std over two") { try $0[0].standardDeviation([0, 2]) },
    Case("amax over the first") { try $0[0].maximum([0]) },
    Case("amax over the middle, kept") { try $0[0].maximum([1], keepDimensions: true) },
    Case("amax over the last") { try $0[0].maximum([2]) },
    Case("amax over two") { try $0[0].maximum([0, 2]) },
    Case("amax with equals") { try $0[0].maximum([1]) },
    Case("amin over the first") { try $0[0].minimum([0]) },
    Case("amin over the middle, kept") { try $0[0].minimum([1], keepDimensions: true) },
    Case("amin over the last") { try $0[0].minimum([2]) },
    Case("logsumexp over the first") { try $0[0].logSumExp(0) },
    Case("logsumexp over the middle, kept") { try $0[0].logSumExp(1, keepDimensions: true) },
    Case("logsumexp over the last") { try $0[0].logSumExp(2) },
    Case("norm") { try $0[0].norm([1]) },
    Case("norm of zero") { try $0[0].norm([1]) },
    Case("normalize") { try $0[0].normalized(1) },
    // The gradient at a zero row is the arriving one divided by ε = 1e-12 on both sides.
    Case("normalize zero") { try $0[0].normalized(1) },
    Case("softmax") { try $0[0].softmax() },
    Case("softmax over the first") { try $0[0].softmax(0) },
    Case("log_softmax", slack: 4) { try $0[0].logSoftmax() },
    Case("cosine_similarity") { try $0[0].cosineSimilarity($0[1], 1) },
    Case("cdist") { try $0[0].pairwiseDistances($0[1]) },
    Case("cdist of the same") { try $0[0].pairwiseDistances($0[1]) },
    Case("cdist of many", slack: 10) { try $0[0].pairwiseDistances($0[1]) },
    Case("cumsum") { try $0[0].cumulativeSum(1) },
    Case("argmax") { try $0[0].argumentOfMaximum(1) },
    Case("argmin") { try $0[0].argumentOfMinimum(0) },
    Case("topk") { try $0[0].topK(3).values },
    Case("topk positions") { try $0[0].topK(3).indices },
  ]

  static let shapes: [Case] = [
    Case("reshape of permuted") { try $0[0].permuted([2, 0, 1]).reshaped([4, 6]) },
    Case("expand") { try $0[0].expanded([4, 2, 5, 3]) },
    Case("slice with steps") { try $0[0].sliced(0, from: 1, to: 5, step: 2).sliced(2, from: -3, to: -1) },
    Case("cat") { try Tensor.concatenated($0, 1) },
    Case("stack") { try Tensor.stacked($0, -1) },
    Case("flip") { try $0[0].flipped(1) },
    Case("tril") { try $0[0].lowerTriangle(diagonal: -1) },
    Case("triu") { try $0[0].upperTriangle(diagonal: 1) },
    Case("index_select") { try $0[0].taking(rows: $0[1]) },
    Case("gather") { try $0[0].gathered(1, $0[1]) },
    Case("where") { try Tensor.select($0[0], $0[1], $0[2]) },
    Case("masked_select") { try $0[0].maskedSelect($0[1]) },
  ]

  static let products: [Case] = [
    Case("matmul") { try $0[0].matmul($0[1]) },
    Case("matmul of vectors") { try $0[0].matmul($0[1]) },
    Case("matmul broadcast") { try $0[0].matmul($0[1]) },
    Case("matmul by a vector") { try $0[0].matmul($0[1]) },
    Case("linear") { try $0[0].linear(weight: $0[1], bias: $0[2]) },
    Case("linear in batches") { try $0[0].linear(weight: $0[1], bias: $0[2]) },
  ]

  static let images: [Case] = [
    Case("conv2d 3x3", slack: 4) {
      try $0[0].convolution(weight: $0[1], bias: $0[2], .init(paddingY: 1, paddingX: 1))
    },
    Case("conv2d 3x3 strided", slack: 4) {
      try $0[0].convolution(weight: $0[1], .init(strideY: 2, strideX: 2, paddingY: 1, paddingX: 1))
    },
    Case("conv2d 1x1", slack: 4) { try $0[0].convolution(weight: $0[1]) },
    Case("conv2d 1x1 strided", slack: 4) { try $0[0].convolution(weight: $0[1], .init(strideY: 2, strideX: 2)) },
    Case("conv2d 7x7", slack: 10) {
      try $0[0].convolution(weight: $0[1], .init(strideY: 2, strideX: 2, paddingY: 3, paddingX: 3))
    },
    Case("conv2d dilated", slack: 4) {
      try $0[0].convolution(weight: $0[1], .init(paddingY: 2, paddingX: 1, dilationY: 2, dilationX: 2))
    },
    Case("conv2d in groups", slack: 4) { try $0[0].convolution(weight: $0[1], bias: $0[2], .init(groups: 2)) },
    Case("conv2d depthwise", slack: 4) {
      try $0[0].convolution(weight: $0[1], .init(paddingY: 1, paddingX: 1, groups: 4))
    },
    Case("max_pool2d") {
      try $0[0].maxPool(.init(height: 3, width: 3, strideY: 2, strideX: 2, paddingY: 1, paddingX: 1))
    },
    Case("max_pool2d 2x2") { try $0[0].maxPool(.init(height: 2, width: 2, strideY: 2, strideX: 2)) },
    Case("avg_pool2d") {
      try $0[0].averagePool(.init(height: 3, width: 3, strideY: 2, strideX: 2, paddingY: 1, paddingX: 1))
    },
    Case("global_avg_pool") { try $0[0].globalAveragePool() },
    Case("batch_norm", slack: 4) { try $0[0].batchNormalized(weight: $0[1], bias: $0[2]).output },
    Case("batch_norm of rows", slack: 4) { try $0[0].batchNormalized(weight: $0[1], bias: $0[2]).output },
    // (x − mean) / σ with mean 100: f32 keeps 1e-5 of σ.
    Case("batch_norm far from 0", slack: 40) { try $0[0].batchNormalized(weight: $0[1], bias: $0[2]).output },
    Case("batch_norm fixed", slack: 4) {
      try $0[0].batchNormalized(
        mean: Tensor([0.5, -0.25, 0], [3], type: $0[0].type), variance: Tensor([0.5, 1, 4], [3], type: $0[0].type),
        weight: $0[1], bias: $0[2])
    },
    Case("batch_norm, residual, relu", slack: 4) {
      try $0[0].batchNormalized(weight: $0[1], bias: $0[2], residual: $0[3], rectify: true).output
    },
    Case("cross_entropy") { try $0[0].crossEntropy(labels: $0[1]) },
    Case("cross_entropy smoothed") { try $0[0].crossEntropy(labels: $0[1], labelSmoothing: 0.1) },
    Case("cross_entropy far") { try $0[0].crossEntropy(labels: $0[1]) },
    Case("nll_loss") { try $0[0].negativeLogLikelihood(labels: $0[1]) },
  ]

  static let all = elementwise + reductions + shapes + products + images

  @Test(arguments: all)
  func agreesInDoublePrecision(_ case: Case) throws {
    try compare(`case`, .float64, relative: 1e-7, absolute: 1e-10)
  }

  @Test(arguments: all)
  func agreesInSinglePrecision(_ case: Case) throws {
    try compare(`case`, .float32, relative: 1.3e-6 * `case`.slack, absolute: 1e-5 * `case`.slack)
  }

  @Test func everyCaseOfTheFileIsTested() throws {
    let names = Set(try Golden("tensors").tensors.keys.map { String($0.prefix { $0 != "/" }) })
    #expect(names == Set(Self.all.map(\.name)))
  }

  private func compare(_ case: Case, _ type: ElementType, relative: Double, absolute: Double) throws {
    let golden = try Golden("tensors"), name = `case`.name
    func tensor(_ key: String) throws -> Tensor {
      let found = try golden.tensor("\(name)/\(key)")
      return found.type.isFloatingPoint ? try found.converted(to: type) : found
    }
    let inputs = try (1...4).filter { golden.tensors["\(name)/input\($0)"] != nil }.map { try tensor("input\($0)") }
    for input in inputs where input.type.isFloatingPoint { try input.requireGradient() }
    let output = try `case`.function(inputs)
    try requireClose(output, try golden.tensor("\(name)/output"), relative: relative, absolute: absolute, "the value")
    guard golden.tensors["\(name)/weights"] != nil else { return }
    try output.backward(gradient: tensor("weights"))
    for (number, input) in inputs.enumerated() {
      guard let expected = golden.tensors["\(name)/gradient\(number + 1)"] else { continue }
      let gradient = try input.gradient ?? Tensor.zeros(input.shape, type: type)
      try requireClose(gradient, expected, relative: relative, absolute: absolute, "gradient \(number + 1)")
    }
  }
}
