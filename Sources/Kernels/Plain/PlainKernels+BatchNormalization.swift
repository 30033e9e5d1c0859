extension PlainKernels {
  public func batchNormalize(
    _ input: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool, epsilon: Double,
    into output: Buffer, mean: Buffer, variance: Buffer
  ) throws {
    switch input.type {
    case .float32: measure(Float.self, input, mean, variance)
    case .float64: measure(Double.self, input, mean, variance)
    default: preconditionFailure("batchNormalize of \(input.type)")
    }
    try batchNormalize(
      input, mean: mean, variance: variance, weight: weight, bias: bias, residual: residual, rectify: rectify,
      epsilon: epsilon, into: output)
  }

  /// Each channel's mean, then its mean squared distance from it.
  private func measure<E: PlainElement>(_ type: E.Type, _ input: Buffer, _ mean: Buffer, _ variance: Buffer)
  where E.Wide == Double {
    let channels = Channels(input.shape)
    let (strides, step) = (channels.strides(of: input), input.strides[1])
    let (means, variances) = (mean.elements(E.self), variance.elements(E.self))
    for c in 0..<channels.count {
      let x = input.elements(E.self) + c * step
      var (sum, squares) = (0.0, 0.0)
      walk(channels.shape, strides) { sum += x[$0.x].wide }
      let average = sum / Double(channels.shape.elementCount)
      walk(channels.shape, strides) { squares += (x[$0.x].wide - average) * (x[$0.x].wide - average) }
      means[c * mean.strides[0]] = E(average)
      variances[c * variance.strides[0]] = E(squares / Double(channels.shape.elementCount))
    }
  }

  public func batchNormalize(
    _ input: Buffer, mean: Buffer, variance: Buffer, weight: Buffer?, bias: Buffer?, residual: Buffer?, rectify: Bool,
    epsilon: Double, into output: Buffer
  ) throws {
    switch input.type {
    case .float32: normalize(Float.self, input, mean, variance, weight, bias, residual, rectify, epsilon, output)
    case .float64: normalize(Double.self, input, mean, variance, weight, bias, residual, rectify, epsilon, output)
    default: preconditionFailure("batchNormalize of \(input.type)")
    }
  }

  private func normalize<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ mean: Buffer, _ variance: Buffer, _ weight: Buffer?, _ bias: Buffer?,
    _ residual: Buffer?, _ rectify: Bool, _ epsilon: Double, _ output: Buffer
  ) where E.Wide == Double {
    let channels = Channels(input.shape)
    let shortcut = residual ?? input
    for c in 0..<channels.count {
      let scale = value(E.self, weight, c, 1) / (value(E.self, variance, c, 0) + epsilon).squareRoot()
      let (centre, shift) = (value(E.self, mean, c, 0), value(E.self, bias, c, 0))
      let x = input.elements(E.self) + c * input.strides[1]
      let r = shortcut.elements(E.self) + c * shortcut.strides[1]
      let y = output.elements(E.self) + c * output.strides[1]
      walk(
        channels.shape, channels.strides(of: input), channels.strides(of: shortcut), channels.strides(of: output)
      ) {
        var result = (x[$0.x].wide - centre) * scale + shift
        if residual != nil { result += r[$0.y].wide }
        y[$0.z] = E(rectify && result < 0 ? 0 : result)
      }
    }
  }

  public func batchNormalizeGradient(
    outputGradient: Buffer, input: Buffer, output: Buffer?, weight: Buffer?, mean: Buffer, variance: Buffer,
    epsilon: Double, into inputGradient: Buffer, weightGradient: Buffer?, biasGradient: Buffer?,
    residualGradient: Buffer?
  ) throws {
    switch input.type {
    case .float32:
      normalizeGradient(
        Float.self, outputGradient, input, output, weight, mean, variance, epsilon, inputGradient, weightGradient,
        biasGradient, residualGradient)
    case .float64:
      normalizeGradient(
        Double.self, outputGradient, input, output, weight, mean, variance, epsilon, inputGradient, weightGradient,
        biasGradient, residualGradient)
    default: preconditionFailure("batchNormalizeGradient of \(input.type)")
    }
  }

  /// With x̂ = (x − mean) / √(variance + ε) and g the masked gradient of the m elements of a channel:
  /// bias′ = Σ g, weight′ = Σ g·x̂, x′ = weight / √(variance + ε) · (g − bias′ / m − x̂ · weight′ / m).
  private func normalizeGradient<E: PlainElement>(
    _ type: E.Type, _ outputGradient: Buffer, _ input: Buffer, _ output: Buffer?, _ weight: Buffer?, _ mean: Buffer,
    _ variance: Buffer, _ epsilon: Double, _ inputGradient: Buffer, _ weightGradient: Buffer?,
    _ biasGradient: Buffer?, _ residualGradient: Buffer?
  ) where E.Wide == Double {
    let channels = Channels(input.shape)
    let (outputs, sides) = (output ?? outputGradient, residualGradient ?? inputGradient)
    let m = Double(channels.shape.elementCount)
    for c in 0..<channels.count {
      let inverse = 1 / (value(E.self, variance, c, 0) + epsilon).squareRoot()
      let centre = value(E.self, mean, c, 0)
      let g = outputGradient.elements(E.self) + c * outputGradient.strides[1]
      let x = input.elements(E.self) + c * input.strides[1]
      let y = outputs.elements(E.self) + c * outputs.strides[1]
      let side = sides.elements(E.self) + c * sides.strides[1]
      let target = inputGradient.elements(E.self) + c * inputGradient.strides[1]
      let (gSteps, xSteps, ySteps) = (
        channels.strides(of: outputGradient), channels.strides(of: input), channels.strides(of: outputs)
      )
      var (sum, product) = (0.0, 0.0)
      walk(channels.shape, gSteps, xSteps, ySteps, channels.strides(of: sides)) {
        let gradient = output == nil || y[$0.z].wide > 0 ? g[$0.x].wide : 0
        sum += gradient
        product += gradient * (x[$0.y].wide - centre) * inverse
        if residualGradient != nil { side[$0.w] = E(gradient) }
      }
      if let weightGradient { weightGradient.elements(E.self)[c * weightGradient.strides[0]] = E(product) }
      if let biasGradient { biasGradient.elements(E.self)[c * biasGradient.strides[0]] = E(sum) }
      let scale = value(E.self, weight, c, 1) * inverse
      walk(channels.shape, gSteps, xSteps, ySteps, channels.strides(of: inputGradient)) {
        let gradient = output == nil || y[$0.z].wide > 0 ? g[$0.x].wide : 0
        target[$0.w] = E(scale * (gradient - sum / m - (x[$0.y].wide - centre) * inverse * product / m))
      }
    }
  }

  /// A channel's number, or what stands for it where there is none.
  private func value<E: PlainElement>(_ type: E.Type, _ buffer: Buffer?, _ channel: Int, _ missing: Double) -> Double
  where E.Wide == Double {
    buffer.map { $0.elements(E.self)[channel * $0.strides[0]].wide } ?? missing
  }
}

/// [n, c, …] seen channel by channel: all dimensions but the second.
private struct Channels {
  let count: Int
  let shape: Shape

  init(_ shape: Shape) {
    count = shape[1]
    self.shape = shape.keeping { $0 != 1 }
  }
  func strides(of buffer: Buffer) -> Shape { buffer.strides.keeping { $0 != 1 } }
}
