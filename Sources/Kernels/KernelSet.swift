/// The narrow interface through which tensors reach numbers.
///
/// Every function reads its inputs and writes into buffers that the caller made; shapes and types have been checked by
/// the caller, so a violation here is a precondition. An output never overlaps an input, except that element-wise
/// functions may be given the very same buffer as input and output. Results depend on the thread count at most.
///
/// Two implementations: `FastKernels` (oneDNN and SIMD, float32 and what accompanies it) and `PlainKernels` (naive
/// generic loops for every type; the oracle of the first). A GPU implementation would be a third.
public protocol KernelSet: AnyObject {
  // MARK: Element-wise. Inputs broadcast by strides of 0; all shapes equal the output's.

  /// Sets every element to `value`.
  func fill(_ output: Buffer, with value: Double)
  /// Copies, converting the element type where it differs. Any strides on both sides. Floats to integers truncate.
  func copy(_ input: Buffer, into output: Buffer)
  func map(_ operation: UnaryOperation, _ input: Buffer, into output: Buffer)
  /// Arithmetic in the inputs' common type; comparisons and logic write `bool`.
  func zip(_ operation: BinaryOperation, _ first: Buffer, _ second: Buffer, into output: Buffer)
  /// `condition` (bool) ? `first` : `second`.
  func select(_ condition: Buffer, _ first: Buffer, _ second: Buffer, into output: Buffer)
  /// output += scale · input: gradient accumulation.
  func accumulate(_ input: Buffer, scale: Double, into output: Buffer)

  // MARK: Reductions. `output` has the input's rank with size 1 in the reduced dimensions.

  func reduce(_ operation: Reduction, _ input: Buffer, into output: Buffer)
  /// The 0-based position of the largest element along `dimension` (the first of equals), as int64.
  func argumentOfMaximum(_ input: Buffer, dimension: Int, into output: Buffer)
  /// The `k` largest of each row of [rows, columns], in falling order, with their 0-based columns (int64).
  func topK(_ input: Buffer, values: Buffer, indices: Buffer)

  // MARK: Rows and logits

  /// Along the last dimension; `logarithm` gives log-softmax.
  func softmax(_ input: Buffer, logarithm: Bool, into output: Buffer)
  /// From the softmax (or log-softmax) output and its gradient to the input's gradient.
  func softmaxGradient(output: Buffer, gradient: Buffer, logarithm: Bool, into inputGradient: Buffer)
  /// log Σ exp along the last dimension, into an output of size 1 there.
  func logSumExp(_ input: Buffer, into output: Buffer)

  // MARK: Indexing. Indices are int64, 0-based, and within range: the caller has checked.

  /// output[i, …] = input[indices[i], …]: whole slices along the first dimension.
  func takeRows(_ input: Buffer, indices: Buffer, into output: Buffer)
  /// output[indices[i], …] += input[i, …], in the order of i: repeated indices add up deterministically.
  func addRows(_ input: Buffer, indices: Buffer, into output: Buffer)
  /// output[indices[i], …] = input[i, …]; the last of repeated indices wins.
  func putRows(_ input: Buffer, indices: Buffer, into output: Buffer)
  /// output[…, j, …] = input[…, indices[…, j, …], …] along `dimension`; indices have the output's shape.
  func gather(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer)
  /// output[…, indices[…, j, …], …] += input[…, j, …] along `dimension`.
  func scatterAdd(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer)

  // MARK: Matrix product

  /// [b…, m, k] × [b…, k, n] → [b…, m, n]. Batch dimensions broadcast by strides of 0; transposition is strides.
  /// `bias`, where given, is [n] and is added to each row.
  func matmul(_ first: Buffer, _ second: Buffer, bias: Buffer?, into output: Buffer) throws

  // MARK: Images: [n, c, h, w], computed in channels-last; weights [out, in / groups, kh, kw]

  func convolution(_ input: Buffer, weight: Buffer, bias: Buffer?, _ geometry: ConvolutionGeometry, into output: Buffer)
    throws
  func convolutionInputGradient(
    outputGradient: Buffer, weight: Buffer, _ geometry: ConvolutionGeometry, into inputGradient: Buffer) throws
  /// `biasGradient`, where given, receives the sum over n, h, w.
  func convolutionWeightGradient(
    input: Buffer, outputGradient: Buffer, _ geometry: ConvolutionGeometry, into weightGradient: Buffer,
    biasGradient: Buffer?) throws
  /// Max pooling; `positions` (int64, the output's shape) receives h · width + w of each winner for the gradient.
  func maxPool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer, positions: Buffer) throws
  func maxPoolGradient(outputGradient: Buffer, positions: Buffer, into inputGradient: Buffer) throws
  /// Average pooling; padding counts as zeros in the divisor, as PyTorch's default.
  func averagePool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer) throws
  func averagePoolGradient(outputGradient: Buffer, _ window: PoolingWindow, into inputGradient: Buffer) throws

  // MARK: Batch normalisation over channels of [n, c] or [n, c, h, w]

  /// Training forward: y = relu?((x − mean) / √(variance + ε) · weight + bias + residual?).
  /// Writes the batch's mean and *biased* variance ([c] each). Weight and bias are [c] or absent (1 and 0).
  func batchNormalize(
    _ input: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool, epsilon: Double,
    into output: Buffer, mean: Buffer, variance: Buffer) throws
  /// Evaluation forward, with given statistics.
  func batchNormalize(
    _ input: Buffer, mean: Buffer, variance: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool,
    epsilon: Double, into output: Buffer) throws
  /// Gradient of the training forward. `output` is needed only where `rectify` is set (its zeros mask the gradient).
  /// The residual's gradient is the masked output gradient.
  func batchNormalizeGradient(
    outputGradient: Buffer, input: Buffer, output: Buffer?, weight: Buffer?, mean: Buffer, variance: Buffer,
    epsilon: Double, into inputGradient: Buffer, weightGradient: Buffer?, biasGradient: Buffer?,
    residualGradient: Buffer?) throws

  // MARK: Random numbers: Philox4x32-10, a pure function of (key, position)

  func random(_ distribution: Distribution, key: RandomKey, into output: Buffer)

  // MARK: Training

  /// One optimizer step over many tensors in one pass. Buffers are dense and equal in order within an entry.
  func sgd(_ entries: [SGDEntry], _ settings: SGDSettings)
  func adamW(_ entries: [AdamWEntry], _ settings: AdamWSettings)
  /// averages[i] ← decay · averages[i] + (1 − decay) · values[i].
  func movingAverage(_ averages: [Buffer], following values: [Buffer], decay: Double)
  /// The sum of squares of all elements, accumulated in double: norms for LARS and clipping.
  func sumOfSquares(_ input: Buffer) -> Double
}

/// Element-wise functions of one operand.
public enum UnaryOperation: Hashable, Sendable {
  case negate, absolute, sign, square, reciprocal
  case exponential, logarithm, logarithm1p, squareRoot, reciprocalSquareRoot
  case sine, cosine, tanh, sigmoid, softplus, erf
  case relu, floor, ceiling, round
  /// scale · x + offset.
  case affine(scale: Double, offset: Double)
  /// x ^ exponent.
  case power(Double)
  /// min(max(x, low), high).
  case clamp(low: Double, high: Double)
  /// bool → bool.
  case not
  /// → bool.
  case isFinite
}

/// Element-wise functions of two operands.
public enum BinaryOperation: Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, minimum, maximum
  /// The remainder with the divisor's sign, as Lua and PyTorch have it.
  case modulo
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// bool × bool → bool.
  case and, or, exclusiveOr
  /// (gradient, output) → gradient where output > 0, else 0.
  case reluGradient
  /// (gradient, output) → gradient · (1 − output²).
  case tanhGradient
  /// (gradient, output) → gradient · output · (1 − output).
  case sigmoidGradient

  /// Whether the result is `bool`.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .exclusiveOr: true
    default: false
    }
  }
}

/// Reductions over dimensions.
public enum Reduction: Hashable, Sendable, CaseIterable {
  case sum, mean, maximum, minimum
  /// bool → bool.
  case any, all
}

/// Stride, zero padding, dilation (1 = dense) and groups of a convolution; (vertical, horizontal) pairs.
public struct ConvolutionGeometry: Hashable, Sendable {
  public var strideY, strideX, paddingY, paddingX, dilationY, dilationX, groups: Int
  public init(
    strideY: Int = 1, strideX: Int = 1, paddingY: Int = 0, paddingX: Int = 0, dilationY: Int = 1, dilationX: Int = 1,
    groups: Int = 1
  ) {
    (self.strideY, self.strideX, self.paddingY, self.paddingX) = (strideY, strideX, paddingY, paddingX)
    (self.dilationY, self.dilationX, self.groups) = (dilationY, dilationX, groups)
  }
  /// Height and width of the output for an input and kernel of the given sizes.
  public func outputSize(height: Int, width: Int, kernelHeight: Int, kernelWidth: Int) -> (height: Int, width: Int) {
    (
      (height + 2 * paddingY - dilationY * (kernelHeight - 1) - 1) / strideY + 1,
      (width + 2 * paddingX - dilationX * (kernelWidth - 1) - 1) / strideX + 1
    )
  }
}

/// The window of a pooling operation.
public struct PoolingWindow: Hashable, Sendable {
  public var height, width, strideY, strideX, paddingY, paddingX: Int
  public init(height: Int, width: Int, strideY: Int, strideX: Int, paddingY: Int = 0, paddingX: Int = 0) {
    (self.height, self.width, self.strideY, self.strideX) = (height, width, strideY, strideX)
    (self.paddingY, self.paddingX) = (paddingY, paddingX)
  }
}

/// Where a random stream starts: results depend on these numbers and the element's index only.
public struct RandomKey: Hashable, Sendable {
  public var seed: UInt64
  /// Which of the seed's independent streams.
  public var stream: UInt64
  public init(seed: UInt64, stream: UInt64) { (self.seed, self.stream) = (seed, stream) }
}

public enum Distribution: Hashable, Sendable {
  /// low ≤ x < high.
  case uniform(low: Double, high: Double)
  case normal(mean: Double, standardDeviation: Double)
  /// 1 with the given probability, else 0.
  case bernoulli(Double)
}

/// One tensor's part of an SGD step.
public struct SGDEntry {
  public var parameter, gradient: Buffer
  /// nil without momentum. The first step copies the gradient into it, as PyTorch does.
  public var velocity: Buffer?
  public var learningRate, weightDecay: Double
  /// Multiplies the decayed gradient before momentum: LARS' trust ratio; 1 for SGD.
  public var trust: Double
  public init(
    parameter: Buffer, gradient: Buffer, velocity: Buffer?, learningRate: Double, weightDecay: Double, trust: Double = 1
  ) {
    (self.parameter, self.gradient, self.velocity) = (parameter, gradient, velocity)
    (self.learningRate, self.weightDecay, self.trust) = (learningRate, weightDecay, trust)
  }
}

public struct SGDSettings: Sendable {
  public var momentum, dampening: Double
  public var nesterov, isFirstStep: Bool
  public init(momentum: Double, dampening: Double = 0, nesterov: Bool, isFirstStep: Bool) {
    (self.momentum, self.dampening, self.nesterov, self.isFirstStep) = (momentum, dampening, nesterov, isFirstStep)
  }
}

/// One tensor's part of an AdamW step.
public struct AdamWEntry {
  public var parameter, gradient, firstMoment, secondMoment: Buffer
  public var learningRate, weightDecay: Double
  public init(
    parameter: Buffer, gradient: Buffer, firstMoment: Buffer, secondMoment: Buffer, learningRate: Double,
    weightDecay: Double
  ) {
    (self.parameter, self.gradient) = (parameter, gradient)
    (self.firstMoment, self.secondMoment) = (firstMoment, secondMoment)
    (self.learningRate, self.weightDecay) = (learningRate, weightDecay)
  }
}

public struct AdamWSettings: Sendable {
  public var beta1, beta2, epsilon: Double
  /// 1 for the first step: bias correction.
  public var step: Int
  public init(beta1: Double, beta2: Double, epsilon: Double, step: Int) {
    (self.beta1, self.beta2, self.epsilon, self.step) = (beta1, beta2, epsilon, step)
  }
}
