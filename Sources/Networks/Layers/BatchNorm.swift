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
  /// Into how many equal parts a training batch is cut, each normalised by its own statistics, as if each were another
  /// processor's share. With shuffled keys this keeps MoCo from telling positives by their batch's statistics.
  /// He et al., 2020, arXiv:1911.05722, section 3.3.
  public internal(set) var parts = 1

  fileprivate init(copying layer: BatchNorm, _ copies: Copies) throws {
    (weight, bias) = (try copies.of(layer.weight), try copies.of(layer.bias))
    (runningMean, runningVariance) = (try copies.of(layer.runningMean), try copies.of(layer.runningVariance))
    batchCount = try copies.of(layer.batchCount)
    (epsilon, momentum, parts) = (layer.epsilon, layer.momentum, layer.parts)
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
    return parts == 1
      ? try normalizedByBatch([input], [residual], rectify: rectify)
      : try normalizedByBatch(cut(input), residual.map { try cut($0) } ?? Array(repeating: nil, count: parts), rectify: rectify)
  }

  /// The batch in equal parts.
  private func cut(_ batch: Tensor) throws -> [Tensor] {
    guard batch.shape[0] % parts == 0 else {
      throw TensorError("batch_norm: a batch of \(batch.shape[0]) cannot be cut into \(parts) equal parts")
    }
    return try batch.split(max(batch.shape[0] / parts, 1))
  }

  /// Normalises each part by its own statistics; the running ones move towards the parts' mean.
  private func normalizedByBatch(_ inputs: [Tensor], _ residuals: [Tensor?], rectify: Bool) throws -> Tensor {
    let valuesPerChannel = (inputs.first?.count ?? 0) / channels
    guard valuesPerChannel > 1, let first = inputs.first else {
      let values = "\(valuesPerChannel) value\(valuesPerChannel == 1 ? "" : "s")"
      throw TensorError(
        "batch_norm: input \(inputs.first?.shape ?? []) has \(values) per channel; "
          + "training needs at least 2 (use a larger batch, or eval())")
    }
    let results = try zip(inputs, residuals).map { input, residual in
      try input.batchNormalized(weight: weight, bias: bias, epsilon: epsilon, residual: residual, rectify: rectify)
    }
    if results.count == 1 {
      try record(mean: results[0].mean, variance: results[0].variance, valuesPerChannel: valuesPerChannel)
      return results[0].output
    }
    try Tensor.withoutGradient {
      try record(
        mean: Tensor.stacked(results.map(\.mean)).mean([0]), variance: Tensor.stacked(results.map(\.variance)).mean([0]),
        valuesPerChannel: first.count / channels)
    }
    return try Tensor.concatenated(results.map(\.output))
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
    try BatchNorm1d(copying: self, copies)
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
    try BatchNorm2d(copying: self, copies)
  }
}
