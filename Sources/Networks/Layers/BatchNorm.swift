import Kernels
import Tensors

/// y = (x − mean) / √(variance + ε) · weight + bias, per channel over everything else.
/// Ioffe, Szegedy, 2015, arXiv:1502.03167, algorithm 1.
///
/// In training the statistics are the batch's, and the running ones move towards them by `momentum` (the *unbiased*
/// variance, as PyTorch keeps it); in evaluation the running ones are used. `BatchNorm1d` and `BatchNorm2d` differ in
/// the shapes they take.
public class BatchNorm: Layer {
  /// [channels]; nil is 1.
  public let weight: Tensor?
  /// [channels]; nil is 0.
  public let bias: Tensor?
  /// [channels]
  public let runningMean: Tensor
  /// [channels]
  public let runningVariance: Tensor
  /// i64 scalar: how many batches the running statistics have seen.
  public let batchCount: Tensor
  /// Added to the variance, against division by zero.
  public let epsilon: Double
  /// The share of the newest batch in the running statistics.
  public let momentum: Double

  fileprivate init(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor, batchCount: Tensor, epsilon: Double,
    momentum: Double
  ) {
    (self.weight, self.bias) = (weight, bias)
    (self.runningMean, self.runningVariance, self.batchCount) = (runningMean, runningVariance, batchCount)
    (self.epsilon, self.momentum) = (epsilon, momentum)
  }

  /// Weight 1 and bias 0, each only where asked for; running mean 0 and variance 1.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, weight: Bool = true, bias: Bool = true,
    type: ElementType = .float32
  ) throws {
    try Check.size(channels, "the number of channels", of: "batch_norm")
    guard epsilon > 0, epsilon.isFinite else {
      throw TensorError("batch_norm: eps is \(epsilon), expected a positive number")
    }
    guard (0...1).contains(momentum) else { throw TensorError("batch_norm: momentum is \(momentum), expected 0 to 1") }
    (self.epsilon, self.momentum) = (epsilon, momentum)
    self.weight = weight ? try Initialization.full(channels, 1, type: type) : nil
    self.bias = bias ? try Initialization.full(channels, 0, type: type) : nil
    runningMean = try Tensor.zeros([channels], type: type)
    runningVariance = try Tensor.ones([channels], type: type)
    batchCount = try Tensor.zeros([], type: .int64)
  }

  public var channels: Int { runningMean.count }

  public override var parameters: Named<Tensor> { ["weight": weight, "bias": bias] }
  public override var state: Named<Tensor> {
    ["running_mean": runningMean, "running_var": runningVariance, "num_batches_tracked": batchCount]
  }
  public override var details: String {
    "\(channels), eps = \(epsilon), momentum = \(momentum)" + (weight == nil ? ", weight = false" : "")
      + (bias == nil ? ", bias = false" : "")
  }

  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    try normalized(input, residual: nil, rectify: false)
  }

  /// relu?(batch norm(input) + residual?) in one pass.
  public func normalized(_ input: Tensor, residual: Tensor? = nil, rectify: Bool) throws -> Tensor {
    try checkShape(input)
    try Check.type(input, is: runningMean, of: "batch_norm")
    guard isTraining else {
      return try input.batchNormalized(
        mean: runningMean, variance: runningVariance, weight: weight, bias: bias, epsilon: epsilon, residual: residual,
        rectify: rectify)
    }
    let valuesPerChannel = input.count / channels
    guard valuesPerChannel > 1 else {
      let values = "\(valuesPerChannel) value\(valuesPerChannel == 1 ? "" : "s")"
      throw TensorError(
        "batch_norm: input \(input.shape) has \(values) per channel; "
          + "training needs at least 2 (use a larger batch, or eval())")
    }
    let (output, mean, variance) = try input.batchNormalized(
      weight: weight, bias: bias, epsilon: epsilon, residual: residual, rectify: rectify)
    try record(mean: mean, variance: variance, valuesPerChannel: valuesPerChannel)
    return output
  }

  /// Moves the running statistics towards a batch's mean and biased variance.
  private func record(mean: Tensor, variance: Tensor, valuesPerChannel: Int) throws {
    let unbiased = Double(valuesPerChannel) / Double(valuesPerChannel - 1)
    try Tensor.withoutGradient {
      try runningMean.multiplyInPlace(1 - momentum)
      try runningMean.addInPlace(mean, scale: momentum)
      try runningVariance.multiplyInPlace(1 - momentum)
      try runningVariance.addInPlace(variance, scale: momentum * unbiased)
      try batchCount.fill(batchCount.item() + 1)
    }
  }

  fileprivate func checkShape(_ input: Tensor) throws {
    guard input.rank > 1, input.shape[1] == channels else {
      let found = input.rank > 1 ? "\(input.shape[1]) channels" : "no dimension for channels"
      throw TensorError("batch_norm: input \(input.shape) has \(found), the layer expects \(channels)")
    }
  }
}

/// Batch normalisation of feature vectors [n, channels].
public final class BatchNorm1d: BatchNorm {
  override func checkShape(_ input: Tensor) throws {
    guard input.rank == 2 else {
      throw TensorError(
        "batch_norm1d: input \(input.shape) has \(input.rank) dimensions, the layer expects [n, \(channels)]")
    }
    try super.checkShape(input)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer {
    try BatchNorm1d(
      weight: copies.of(weight), bias: copies.of(bias), runningMean: copies.of(runningMean),
      runningVariance: copies.of(runningVariance), batchCount: copies.of(batchCount), epsilon: epsilon,
      momentum: momentum)
  }
}

/// Batch normalisation of images [n, channels, h, w].
public final class BatchNorm2d: BatchNorm {
  override func checkShape(_ input: Tensor) throws {
    guard input.rank == 4 else {
      throw TensorError(
        "batch_norm2d: input \(input.shape) has \(input.rank) dimensions, the layer expects [n, \(channels), h, w]")
    }
    try super.checkShape(input)
  }

  public override func makeTwin(_ copies: Copies) throws -> Layer {
    try BatchNorm2d(
      weight: copies.of(weight), bias: copies.of(bias), runningMean: copies.of(runningMean),
      runningVariance: copies.of(runningVariance), batchCount: copies.of(batchCount), epsilon: epsilon,
      momentum: momentum)
  }
}
