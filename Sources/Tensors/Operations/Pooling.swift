import Kernels

// Images [n, c, h, w] → [n, c, h', w'], channels-last in memory.

extension Tensor {
  /// The largest element of each window; padding never wins.
  public func maxPool(_ window: PoolingWindow) throws -> Tensor {
    let target = try poolingShape("max_pool2d", window)
    let result = try Buffer(type, target, format: .channelsLast)
    let positions = try Buffer(.int64, target, format: .channelsLast)
    try kernels.maxPool(buffer.channelsLast(), window, into: result, positions: positions)
    let winners = Saved(Tensor(buffer: positions))
    return Tensor(buffer: result).recorded("max_pool2d", self) { [kernels, shape] gradient in
      let slope = try Buffer(gradient.type, shape, format: .channelsLast)
      try kernels.maxPoolGradient(
        outputGradient: gradient.buffer.channelsLast(), positions: winners().buffer, into: slope)
      return Tensor(buffer: slope)
    }
  }

  /// The mean of each window; padding counts as zeros.
  public func averagePool(_ window: PoolingWindow) throws -> Tensor {
    let target = try poolingShape("avg_pool2d", window)
    let result = try Buffer(type, target, format: .channelsLast)
    try kernels.averagePool(buffer.channelsLast(), window, into: result)
    return Tensor(buffer: result).recorded("avg_pool2d", self) { [kernels, shape] gradient in
      let slope = try Buffer(gradient.type, shape, format: .channelsLast)
      try kernels.averagePoolGradient(outputGradient: gradient.buffer.channelsLast(), window, into: slope)
      return Tensor(buffer: slope)
    }
  }

  /// The mean of each channel: [n, c, h, w] → [n, c, 1, 1].
  public func globalAveragePool() throws -> Tensor {
    guard rank == 4, type.isFloatingPoint else {
      throw TensorError("global_avg_pool: shape \(shape) of type \(type.rawValue), expected f32 or f64 [n, c, h, w]")
    }
    return try mean([2, 3], keepDimensions: true)
  }

  private func poolingShape(_ operation: StaticString, _ window: PoolingWindow) throws -> Shape {
    guard rank == 4, type.isFloatingPoint, count > 0 else {
      throw TensorError("\(operation): shape \(shape) of type \(type.rawValue), expected f32 or f64 [n, c, h, w]")
    }
    let numbers = [window.height, window.width, window.strideY, window.strideX]
    guard numbers.allSatisfy({ $0 >= 1 && $0 <= 1 << 20 }) else {
      throw TensorError("\(operation): window \(window.height)×\(window.width) with strides \(window.strideY) and "
        + "\(window.strideX), expected 1 or more")
    }
    guard (0...window.height / 2).contains(window.paddingY), (0...window.width / 2).contains(window.paddingX) else {
      throw TensorError("\(operation): padding \(window.paddingY) and \(window.paddingX), expected at most half of "
        + "the window \(window.height)×\(window.width)")
    }
    let height = shape[2] + 2 * window.paddingY - window.height, width = shape[3] + 2 * window.paddingX - window.width
    guard height >= 0, width >= 0 else {
      throw TensorError("\(operation): window \(window.height)×\(window.width) is larger than the padded image, "
        + "shape \(shape)")
    }
    return [shape[0], shape[1], height / window.strideY + 1, width / window.strideX + 1]
  }
}
