import Kernels

// y = relu?((x − mean) / √(variance + ε) · weight + bias + residual?), per channel of [n, c] or [n, c, h, w].
// Ioffe, Szegedy, 2015, arXiv:1502.03167, algorithm 1.

extension Tensor {
  /// With the batch's own statistics, for training. Also gives the mean and the *biased* variance, [c] each, without
  /// gradients: running statistics are the layer's business.
  public func batchNormalized(
    weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5, residual: Tensor? = nil, rectify: Bool = false
  ) throws -> (output: Tensor, mean: Tensor, variance: Tensor) {
    try checkNormalization(["weight": weight, "bias": bias], residual)
    let channels = shape[1]
    guard count > channels else {
      throw TensorError("batch_norm: one value per channel in shape \(shape) has no variance to train with")
    }
    let input = try buffer.normalizable()
    let result = try Buffer(type, shape, format: .channelsLast)
    let mean = try Buffer(type, [channels]), variance = try Buffer(type, [channels])
    try kernels.batchNormalize(
      input, weight: weight?.buffer.rowMajor(), bias: bias?.buffer.rowMajor(),
      residual: residual?.buffer.normalizable(), rectify: rectify, epsilon: epsilon, into: result, mean: mean,
      variance: variance)

    let savedInput = Saved(self, as: input), savedWeight = weight.map { Saved($0) }
    let output = rectify ? Saved(Tensor(buffer: result)) : nil
    let statistics = (mean: Saved(Tensor(buffer: mean)), variance: Saved(Tensor(buffer: variance)))
    let needs = (
      weight: weight?.isTracked ?? false, bias: bias?.isTracked ?? false, residual: residual?.isTracked ?? false
    )
    let recorded = Tensor(buffer: result).recorded("batch_norm", jointly: [self, weight, bias, residual]) {
      [kernels, shape] gradient in
      let type = gradient.type
      let slope = try Buffer(type, shape, format: .channelsLast)
      let weightSlope = needs.weight ? try Buffer(type, [channels]) : nil
      let biasSlope = needs.bias ? try Buffer(type, [channels]) : nil
      let residualSlope = needs.residual ? try Buffer(type, shape, format: .channelsLast) : nil
      try kernels.batchNormalizeGradient(
        outputGradient: gradient.buffer.normalizable(), input: savedInput().buffer, output: output?().buffer,
        weight: savedWeight?().buffer.rowMajor(), mean: statistics.mean().buffer,
        variance: statistics.variance().buffer, epsilon: epsilon, into: slope, weightGradient: weightSlope,
        biasGradient: biasSlope, residualGradient: residualSlope)
      return [slope, weightSlope, biasSlope, residualSlope].map { $0.map { Tensor(buffer: $0) } }
    }
    return (recorded, Tensor(buffer: mean), Tensor(buffer: variance))
  }

  /// With given statistics, [c] each, for evaluation; no gradient flows to them.
  public func batchNormalized(
    mean: Tensor, variance: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5, residual: Tensor? = nil,
    rectify: Bool = false
  ) throws -> Tensor {
    try checkNormalization(["mean": mean, "variance": variance, "weight": weight, "bias": bias], residual)
    let input = try buffer.normalizable()
    let result = try Buffer(type, shape, format: .channelsLast)
    try kernels.batchNormalize(
      input, mean: mean.buffer.rowMajor(), variance: variance.buffer.rowMajor(), weight: weight?.buffer.rowMajor(),
      bias: bias?.buffer.rowMajor(), residual: residual?.buffer.normalizable(), rectify: rectify, epsilon: epsilon,
      into: result)

    let channels = rank == 4 ? [1, shape[1], 1, 1] as Shape : [1, shape[1]]
    let others = rank == 4 ? [0, 2, 3] : [0]
    let needs = [self, weight, bias, residual].map { $0?.isTracked ?? false }
    let savedInput = needs[1] ? Saved(self, as: input) : nil, savedWeight = weight.map { Saved($0) }
    let statistics = (mean: Saved(mean), variance: Saved(variance))
    let output = rectify ? Saved(Tensor(buffer: result)) : nil
    return Tensor(buffer: result).recorded("batch_norm", jointly: [self, weight, bias, residual]) { gradient in
      let arrived = try output.map { try gradient.zip("batch_norm", .reluGradient, $0()) } ?? gradient
      let scale = try (statistics.variance() + epsilon).rsqrt().reshaped(channels)
      let center = try statistics.mean().reshaped(channels)
      let factor = try savedWeight.map { try scale * $0().reshaped(channels) } ?? scale
      return [
        needs[0] ? try arrived * factor : nil,
        try savedInput.map { try (arrived * (($0() - center) * scale)).sum(others) },
        needs[2] ? try arrived.sum(others) : nil,
        needs[3] ? arrived : nil,
      ]
    }
  }

  private func checkNormalization(_ parameters: KeyValuePairs<String, Tensor?>, _ residual: Tensor?) throws {
    guard rank == 2 || rank == 4, type.isFloatingPoint, count > 0 else {
      throw TensorError(
        "batch_norm: shape \(shape) of type \(type.rawValue), expected f32 or f64 [n, c] or [n, c, h, w], not empty")
    }
    for case (let name, let parameter?) in parameters
    where parameter.shape != [shape[1]] || parameter.type != type {
      throw TensorError(
        "batch_norm: \(name) of shape \(parameter.shape) and type \(parameter.type.rawValue), expected "
          + "[\(shape[1])] and \(type.rawValue) for input \(shape)")
    }
    if let residual, residual.shape != shape || residual.type != type {
      throw TensorError(
        "batch_norm: residual of shape \(residual.shape) and type \(residual.type.rawValue), expected \(shape) and "
          + type.rawValue)
    }
  }
}

extension Buffer {
  /// Images channels-last, rows of features row-major.
  fileprivate func normalizable() throws -> Buffer { shape.rank == 4 ? try channelsLast() : try rowMajor() }
}
