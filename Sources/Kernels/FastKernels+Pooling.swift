internal import CKernels

extension FastKernels {
  public func maxPool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer, positions: Buffer) throws {
    guard output.elementCount > 0 else { return }
    let input = try arranged(input, .channelsLast)
    try writing(output, .channelsLast) { output in
      try writing(positions, .channelsLast) { positions in
        var pooling = contrast_pooling(input.shape, output.shape, window)
        contrast_max_pool(&pooling, input.floats, output.floats, positions.positions)
      }
    }
    withExtendedLifetime(input) {}
  }

  public func maxPoolGradient(outputGradient: Buffer, positions: Buffer, into inputGradient: Buffer) throws {
    guard inputGradient.elementCount > 0 else { return }
    let gradient = try arranged(outputGradient, .channelsLast)
    let positions = try arranged(positions, .channelsLast)
    try writing(inputGradient, .channelsLast) { inputGradient in
      var pooling = contrast_pooling(
        inputGradient.shape, gradient.shape, PoolingWindow(height: 1, width: 1, strideY: 1, strideX: 1))
      contrast_max_pool_gradient(&pooling, gradient.floats, positions.positions, inputGradient.floats)
    }
    withExtendedLifetime((gradient, positions)) {}
  }

  public func averagePool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer) throws {
    guard output.elementCount > 0 else { return }
    let input = try arranged(input, .channelsLast)
    try writing(output, .channelsLast) { output in
      var pooling = contrast_pooling(input.shape, output.shape, window)
      contrast_average_pool(&pooling, input.floats, output.floats)
    }
    withExtendedLifetime(input) {}
  }

  public func averagePoolGradient(
    outputGradient: Buffer, _ window: PoolingWindow, into inputGradient: Buffer
  ) throws {
    guard inputGradient.elementCount > 0 else { return }
    let gradient = try arranged(outputGradient, .channelsLast)
    try writing(inputGradient, .channelsLast) { inputGradient in
      var pooling = contrast_pooling(inputGradient.shape, gradient.shape, window)
      contrast_average_pool_gradient(&pooling, gradient.floats, inputGradient.floats)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Buffer {
  fileprivate var positions: UnsafeMutablePointer<Int64> {
    precondition(type == .int64, "FastKernels: positions of type \(type.rawValue), expected i64")
    return pointer.assumingMemoryBound(to: Int64.self)
  }
}

extension contrast_pooling {
  fileprivate init(_ input: Shape, _ output: Shape, _ window: PoolingWindow) {
    self.init(
      batch: input[0], channels: input[1], in_height: input[2], in_width: input[3], out_height: output[2],
      out_width: output[3], window_height: window.height, window_width: window.width, stride_y: window.strideY,
      stride_x: window.strideX, padding_y: window.paddingY, padding_x: window.paddingX)
  }
}
