internal import CKernels

extension FastKernels {
  public func batchNormalize(
    _ input: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool, epsilon: Double,
    into output: Buffer, mean: Buffer, variance: Buffer
  ) throws {
    guard input.elementCount > 0 else { return }
    let input = try arranged(input, input.channelOrder)
    let scratch = try BatchScratch(input.shape)
    try writing(mean, .rowMajor) { mean in
      try writing(variance, .rowMajor) { variance in
        contrast_batch_statistics(
          input.floats, scratch.rows, scratch.channels, mean.floats, variance.floats, scratch.doubles)
      }
    }
    try batchNormalize(
      input, mean: mean, variance: variance, weight: weight, bias: bias, residual: residual, rectify: rectify,
      epsilon: epsilon, into: output)
  }

  public func batchNormalize(
    _ input: Buffer, mean: Buffer, variance: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool,
    epsilon: Double, into output: Buffer
  ) throws {
    guard input.elementCount > 0 else { return }
    let order = input.channelOrder
    let input = try arranged(input, order)
    let residual = try residual.map { try arranged($0, order) }
    let scratch = try BatchScratch(input.shape)
    let channels = try ChannelOperands(self, mean: mean, variance: variance, weight: weight, bias: bias)
    try writing(output, order) { output in
      var batch = channels.batch(scratch, epsilon)
      contrast_batch_apply(&batch, input.floats, residual?.floats, rectify, output.floats, scratch.doubles)
    }
    withExtendedLifetime((input, residual, channels, scratch)) {}
  }

  public func batchNormalizeGradient(
    outputGradient: Buffer, input: Buffer, output: Buffer?, weight: Buffer?, mean: Buffer, variance: Buffer,
    epsilon: Double, into inputGradient: Buffer, weightGradient: Buffer?, biasGradient: Buffer?,
    residualGradient: Buffer?
  ) throws {
    guard input.elementCount > 0 else {
      for sum in [weightGradient, biasGradient] {
        if let sum { Kernels.forType(.float32).fill(sum, with: 0) }
      }
      return
    }
    let order = input.channelOrder
    let (gradient, input) = (try arranged(outputGradient, order), try arranged(input, order))
    let output = try output.map { try arranged($0, order) }
    let scratch = try BatchScratch(input.shape)
    let channels = try ChannelOperands(self, mean: mean, variance: variance, weight: weight, bias: nil)
    try writing(inputGradient, order) { inputGradient in
      try writing(optional: residualGradient, order) { residualGradient in
        try writing(optional: weightGradient, .rowMajor) { weightGradient in
          try writing(optional: biasGradient, .rowMajor) { biasGradient in
            var batch = channels.batch(scratch, epsilon)
            contrast_batch_gradient(
              &batch, gradient.floats, input.floats, output?.floats, inputGradient.floats, weightGradient?.floats,
              biasGradient?.floats, residualGradient?.floats, scratch.doubles)
          }
        }
      }
    }
    withExtendedLifetime((gradient, input, output, channels, scratch)) {}
  }

  private func writing(
    optional output: Buffer?, _ format: MemoryFormat, _ compute: (Buffer?) throws -> Void
  ) throws {
    guard let output else { return try compute(nil) }
    try writing(output, format) { try compute($0) }
  }
}

extension Buffer {
  /// The order in which a buffer's channels lie next to each other.
  fileprivate var channelOrder: MemoryFormat { shape.rank == 4 ? .channelsLast : .rowMajor }
}

/// Working memory, and the image batch seen as a matrix with a row for each pixel.
private struct BatchScratch {
  let rows, channels: Int
  private let storage: Storage

  init(_ shape: Shape) throws {
    channels = shape[1]
    rows = shape.elementCount / channels
    storage = try Storage(byteCount: contrast_batch_scratch_count(rows, channels) * MemoryLayout<Double>.stride)
  }

  var doubles: UnsafeMutablePointer<Double> { storage.pointer.assumingMemoryBound(to: Double.self) }
}

/// The [c] operands, dense.
private struct ChannelOperands {
  private let mean, variance: Buffer
  private let weight, bias: Buffer?

  init(_ kernels: FastKernels, mean: Buffer, variance: Buffer, weight: Buffer?, bias: Buffer?) throws {
    (self.mean, self.variance) = (try kernels.arranged(mean, .rowMajor), try kernels.arranged(variance, .rowMajor))
    self.weight = try weight.map { try kernels.arranged($0, .rowMajor) }
    self.bias = try bias.map { try kernels.arranged($0, .rowMajor) }
  }

  func batch(_ scratch: BatchScratch, _ epsilon: Double) -> contrast_batch {
    contrast_batch(
      rows: scratch.rows, channels: scratch.channels, mean: mean.floats, variance: variance.floats,
      weight: weight?.floats, bias: bias?.floats, epsilon: epsilon)
  }
}
