import Kernels
import TestSupport
import Tensors
import Testing

/// Every differentiable operation against central differences in f64, on packed and on strided inputs.
@Suite struct GradientTests {
  /// One operation and inputs that suit it.
  struct Case: CustomStringConvertible, Sendable {
    let name: String
    let shapes: [Shape]
    /// Maps the fixed numbers of −1…1 to where the function is smooth.
    var scale = 1.0
    var offset = 0.0
    let function: @Sendable ([Tensor]) throws -> Tensor
    var description: String { name }

    init(
      _ name: String, _ shapes: [Shape], scale: Double = 1, offset: Double = 0,
      _ function: @escaping @Sendable ([Tensor]) throws -> Tensor
    ) {
      (self.name, self.shapes, self.scale, self.offset, self.function) = (name, shapes, scale, offset, function)
    }

    func inputs() throws -> [Tensor] {
      try shapes.enumerated().map { try fixedNumbers($1, seed: UInt64($0 + 11)) * scale + offset }
    }
  }

  static let arithmetic: [Case] = [
    Case("add", [[2, 3], [2, 3]]) { try $0[0] + $0[1] },
    Case("add broadcast", [[2, 3], [3]]) { try $0[0] + $0[1] },
    Case("add both broadcast", [[2, 1, 3], [4, 1]]) { try $0[0] + $0[1] },
    Case("sub", [[2, 3], [2, 1]]) { try $0[0] - $0[1] },
    Case("mul", [[2, 3], [3]]) { try $0[0] * $0[1] },
    Case("mul scalar tensor", [[2, 3], []]) { try $0[0] * $0[1] },
    Case("mul with itself", [[2, 3]]) { try $0[0] * $0[0] },
    Case("div", [[2, 3], [2, 1]], scale: 0.3, offset: 1.5) { try $0[0] / $0[1] },
    Case("mod", [[2, 3], [3]], scale: 0.3, offset: 1.5) { try ($0[0] * 3) % $0[1] },
    Case("neg", [[2, 3]]) { try -$0[0] },
    Case("number forms", [[2, 3]], offset: 2) { try (((3 - $0[0]) * 2 + 1) / 3 - 1) / (2 / $0[0]) + 0.5 * $0[0] },
    Case("mod number", [[2, 3]], scale: 5) { try $0[0] % 0.73 },
  ]

  static let functions: [Case] = [
    Case("exp", [[2, 3]]) { try $0[0].exp() },
    Case("log", [[2, 3]], offset: 1.5) { try $0[0].log() },
    Case("log1p", [[2, 3]], scale: 0.5) { try $0[0].log1p() },
    Case("sqrt", [[2, 3]], offset: 1.5) { try $0[0].sqrt() },
    Case("rsqrt", [[2, 3]], offset: 1.5) { try $0[0].rsqrt() },
    Case("reciprocal", [[2, 3]], offset: 1.5) { try $0[0].reciprocal() },
    Case("tanh", [[2, 3]]) { try $0[0].tanh() },
    Case("sigmoid", [[2, 3]]) { try $0[0].sigmoid() },
    Case("softplus", [[2, 3]], scale: 4) { try $0[0].softplus() },
    Case("sin", [[2, 3]]) { try $0[0].sin() },
    Case("cos", [[2, 3]]) { try $0[0].cos() },
    Case("erf", [[2, 3]]) { try $0[0].erf() },
    Case("relu", [[4, 3]]) { try $0[0].relu() },
    Case("square", [[2, 3]]) { try $0[0].square() },
    Case("abs", [[2, 3]]) { try $0[0].abs() },
    Case("clamp", [[4, 4]]) { try $0[0].clamp(low: -0.4, high: 0.5) },
    Case("floor", [[2, 3]], scale: 3) { try $0[0].floor() },
    Case("pow number", [[2, 3]], offset: 1.5) { try $0[0].power(2.5) },
    Case("pow whole number", [[2, 3]]) { try $0[0].power(3) },
    Case("pow", [[2, 3], [3]], offset: 1.5) { try $0[0].power($0[1]) },
    Case("number pow", [[2, 3]]) { try Tensor.power(1.7, $0[0]) },
    Case("minimum", [[2, 3], [3]]) { try $0[0].minimum($0[1]) },
    Case("maximum", [[2, 3], [2, 1]]) { try $0[0].maximum($0[1]) },
    Case("maximum number", [[2, 3]]) { try $0[0].maximum(0.1) },
    Case("where", [[2, 3], [3]]) { try Tensor.select(Tensor([1, 0, 1, 0, 0, 1], [2, 3]), $0[0], $0[1]) },
    Case("masked_fill", [[2, 3]]) { try $0[0].maskedFill(Tensor([1, 0, 1], [3]), 4) },
    Case("to f32 and back", [[2, 3]]) { try ($0[0] * 1).converted(to: .float32).converted(to: .float64) * 0 + $0[0] },
    Case("clone", [[2, 3]]) { try $0[0].cloned() },
  ]

  static let reductions: [Case] = [
    Case("sum", [[2, 3, 4]]) { try $0[0].sum() },
    Case("sum over one", [[2, 3, 4]]) { try $0[0].sum([1]) },
    Case("sum over two, kept", [[2, 3, 4]]) { try $0[0].sum([0, -1], keepDimensions: true) },
    Case("mean", [[2, 3, 4]]) { try $0[0].mean([0, 2]) },
    Case("max", [[2, 3, 4]]) { try $0[0].maximum([1]) },
    Case("max of all", [[2, 3]]) { try $0[0].maximum() },
    Case("min kept", [[2, 3, 4]]) { try $0[0].minimum([0, 2], keepDimensions: true) },
    Case("var", [[4, 3]]) { try $0[0].variance([0]) },
    Case("var biased", [[4, 3]]) { try $0[0].variance([0, 1], keepDimensions: true, unbiased: false) },
    Case("std", [[4, 3]]) { try $0[0].standardDeviation([1]) },
    Case("norm", [[4, 3]]) { try $0[0].norm([1]) },
    Case("norm kept", [[4, 3]]) { try $0[0].norm([0], keepDimensions: true) },
    Case("logsumexp", [[4, 3]]) { try $0[0].logSumExp() },
    Case("logsumexp over the first", [[4, 3, 2]], scale: 3) { try $0[0].logSumExp(0) },
    Case("logsumexp kept", [[4, 3, 2]], scale: 3) { try $0[0].logSumExp(1, keepDimensions: true) },
    Case("softmax", [[4, 3]]) { try $0[0].softmax() },
    Case("softmax over the first", [[4, 3, 2]]) { try $0[0].softmax(0) },
    Case("log_softmax", [[2, 4, 3]], scale: 3) { try $0[0].logSoftmax(1) },
    Case("normalize", [[4, 3]]) { try $0[0].normalized() },
    Case("normalize over the first", [[4, 3]]) { try $0[0].normalized(0) },
    Case("cosine similarity", [[4, 3], [3]]) { try $0[0].cosineSimilarity($0[1]) },
    Case("cdist", [[3, 2], [4, 2]]) { try $0[0].pairwiseDistances($0[1]) },
    Case("cdist, many rows", [[2, 3], [27, 3]]) { try $0[0].pairwiseDistances($0[1]) },
    Case("cumsum", [[2, 3, 2]]) { try $0[0].cumulativeSum(1) },
  ]

  static let shapes: [Case] = [
    Case("reshape", [[2, 3, 4]]) { try $0[0].reshaped([4, -1]) },
    Case("reshape of a transpose", [[2, 3, 4]]) { try $0[0].transposed(0, 2).reshaped([6, 4]) },
    Case("transpose", [[2, 3, 4]]) { try $0[0].transposed(0, 2) },
    Case("permute", [[2, 3, 4]]) { try $0[0].permuted([2, 0, 1]) },
    Case("flatten", [[2, 3, 4]]) { try $0[0].flattened(from: 1) },
    Case("squeeze", [[2, 1, 3]]) { try $0[0].squeezed() },
    Case("unsqueeze", [[2, 3]]) { try $0[0].unsqueezed(1) },
    Case("expand", [[2, 1, 3]]) { try $0[0].expanded([4, 2, 5, 3]) },
    Case("contiguous", [[2, 3]]) { try $0[0].transposed().contiguous() },
    Case("slice", [[5, 4]]) { try $0[0].sliced(0, from: 1, to: 4, step: 2) },
    Case("select", [[5, 4]]) { try $0[0].selected(1, -1) },
    Case("split", [[5, 2]]) { try $0[0].split(2)[0] * $0[0].split(2)[1] },
    Case("cat", [[2, 3], [4, 3], [1, 3]]) { try Tensor.concatenated($0) },
    Case("cat of one twice", [[2, 3]]) { try Tensor.concatenated([$0[0], $0[0]], 1) },
    Case("stack", [[2, 3], [2, 3]]) { try Tensor.stacked($0, 1) },
    Case("flip", [[3, 2]]) { try $0[0].flipped(0) },
    Case("tril", [[2, 3, 4]]) { try $0[0].lowerTriangle() },
    Case("triu", [[3, 4]]) { try $0[0].upperTriangle(diagonal: 1) },
    Case("index_select", [[4, 3]]) { try $0[0].taking(rows: Tensor([3, 1, 3, 0, 1], [5])) },
    Case("gather", [[2, 3]]) { try $0[0].gathered(1, Tensor([2, 0, 0, 1, 1, 1, 2, 0], [2, 4])) },
    Case("gather along the first", [[3, 2]]) { try $0[0].gathered(0, Tensor([2, 0, 0, 2], [2, 2])) },
    Case("topk", [[2, 5]]) { try $0[0].topK(3).values },
    Case("masked_select", [[2, 3]]) { try $0[0].maskedSelect(Tensor([1, 0, 1, 0, 0, 1], [2, 3])) },
  ]

  static let products: [Case] = [
    Case("matmul", [[2, 3], [3, 4]]) { try $0[0].matmul($0[1]) },
    Case("matmul of vectors", [[3], [3]]) { try $0[0].matmul($0[1]) },
    Case("vector by matrix", [[3], [3, 4]]) { try $0[0].matmul($0[1]) },
    Case("matrix by vector", [[2, 3], [3]]) { try $0[0].matmul($0[1]) },
    Case("batches by matrix", [[2, 2, 3], [3, 4]]) { try $0[0].matmul($0[1]) },
    Case("matrix by batches", [[2, 3], [2, 3, 4]]) { try $0[0].matmul($0[1]) },
    Case("batches broadcast", [[2, 1, 2, 3], [3, 3, 4]]) { try $0[0].matmul($0[1]) },
    Case("matmul with its transpose", [[3, 2]]) { try $0[0].matmul($0[0].transposed()) },
    Case("dot", [[4], [4]]) { try $0[0].dot($0[1]) },
    Case("outer", [[3], [4]]) { try $0[0].outer($0[1]) },
    Case("linear", [[4, 3], [2, 3], [2]]) { try $0[0].linear(weight: $0[1], bias: $0[2]) },
    Case("linear without bias, in batches", [[2, 4, 3], [2, 3]]) { try $0[0].linear(weight: $0[1]) },
    Case("conv2d", [[2, 2, 5, 4], [3, 2, 3, 3], [3]]) { try $0[0].convolution(weight: $0[1], bias: $0[2]) },
    Case("conv2d, strided, padded, dilated", [[1, 2, 7, 6], [2, 2, 3, 2]]) {
      try $0[0].convolution(
        weight: $0[1], .init(strideY: 2, strideX: 1, paddingY: 1, paddingX: 2, dilationY: 2, dilationX: 1))
    },
    Case("conv2d in groups", [[2, 4, 3, 3], [6, 2, 2, 2], [6]]) {
      try $0[0].convolution(weight: $0[1], bias: $0[2], .init(groups: 2))
    },
    Case("conv2d 1×1 strided", [[2, 3, 4, 4], [2, 3, 1, 1]]) {
      try $0[0].convolution(weight: $0[1], .init(strideY: 2, strideX: 2))
    },
    Case("max_pool2d", [[2, 2, 5, 4]]) {
      try $0[0].maxPool(.init(height: 3, width: 2, strideY: 2, strideX: 1, paddingY: 1))
    },
    Case("avg_pool2d", [[2, 2, 5, 4]]) {
      try $0[0].averagePool(.init(height: 3, width: 2, strideY: 2, strideX: 1, paddingY: 1))
    },
    Case("global average pool", [[2, 3, 2, 4]]) { try $0[0].globalAveragePool() },
  ]

  static let normalizations: [Case] = [
    Case("batch_norm of rows", [[5, 3], [3], [3]]) {
      try $0[0].batchNormalized(weight: $0[1], bias: $0[2]).output
    },
    Case("batch_norm of images", [[2, 3, 2, 2], [3], [3]]) {
      try $0[0].batchNormalized(weight: $0[1], bias: $0[2]).output
    },
    Case("batch_norm, plain", [[5, 3]]) { try $0[0].batchNormalized(weight: nil, bias: nil).output },
    Case("batch_norm, residual and rectified", [[2, 3, 2, 2], [3], [3], [2, 3, 2, 2]]) {
      try $0[0].batchNormalized(weight: $0[1], bias: $0[2], residual: $0[3], rectify: true).output
    },
    Case("batch_norm for evaluation", [[2, 3, 2, 2], [3], [3], [2, 3, 2, 2]]) {
      try $0[0].batchNormalized(
        mean: Tensor([0.1, 0.2, -0.1], [3], type: .float64), variance: Tensor([0.5, 1, 2], [3], type: .float64),
        weight: $0[1], bias: $0[2], residual: $0[3], rectify: true)
    },
    Case("batch_norm of rows for evaluation", [[4, 3], [3]]) {
      try $0[0].batchNormalized(
        mean: Tensor([0.1, 0.2, -0.1], [3], type: .float64), variance: Tensor([0.5, 1, 2], [3], type: .float64),
        weight: nil, bias: $0[1])
    },
    Case("cross_entropy", [[4, 3]], scale: 2) { try $0[0].crossEntropy(labels: Tensor([2, 0, 0, 1], [4])) },
    Case("cross_entropy, smoothed, weighted", [[4, 3]], scale: 2) {
      try $0[0].crossEntropy(labels: Tensor([2, 0, 0, 1], [4]), labelSmoothing: 0.1) * 3
    },
    Case("nll_loss", [[4, 3]], scale: 2) {
      try $0[0].logSoftmax().negativeLogLikelihood(labels: Tensor([2, 0, 0, 1], [4]))
    },
  ]

  @Test(arguments: arithmetic + functions + reductions + shapes + products + normalizations)
  func agreesWithCentralDifferences(_ case: Case) throws {
    try checkGradients(`case`.inputs(), of: `case`.function)
    try checkGradients(`case`.inputs().map(strided), of: `case`.function)
  }

  @Test func theCheckItselfCanFail() throws {
    let x = try fixedNumbers([2, 2])
    // A wrong gradient: the value of 3x with the gradient of 2x.
    #expect(throws: TestFailure.self) {
      try checkGradients([x]) { try $0[0] * 2 + $0[0].detached() }
    }
  }
}
