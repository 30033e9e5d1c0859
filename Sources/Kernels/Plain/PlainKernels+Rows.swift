import Foundation

extension PlainKernels {
  public func softmax(_ input: Buffer, logarithm: Bool, into output: Buffer) {
    switch input.type {
    case .float32: softmax(Float.self, input, logarithm, output)
    case .float64: softmax(Double.self, input, logarithm, output)
    default: preconditionFailure("softmax of \(input.type)")
    }
  }

  /// x − log Σ exp x, or its exponential, along the last dimension.
  private func softmax<E: PlainElement>(_ type: E.Type, _ input: Buffer, _ logarithm: Bool, _ output: Buffer)
  where E.Wide == Double {
    let (source, target) = (input.elements(E.self), output.elements(E.self))
    let rows = Rows(of: output)
    let (from, to) = (rows.step(of: input), rows.step(of: output))
    walk(rows.shape, rows.strides(of: input), rows.strides(of: output)) { offsets in
      let (maximum, rest) = logSumExp(rows.length) { source[offsets.x + $0 * from].wide }
      for index in 0..<rows.length {
        // In two steps: the sum of both would lose the second beside a large maximum.
        let difference = (source[offsets.x + index * from].wide - maximum) - rest
        target[offsets.y + index * to] = E(logarithm ? difference : exp(difference))
      }
    }
  }

  public func softmaxGradient(output: Buffer, gradient: Buffer, logarithm: Bool, into inputGradient: Buffer) {
    switch output.type {
    case .float32: softmaxGradient(Float.self, output, gradient, logarithm, inputGradient)
    case .float64: softmaxGradient(Double.self, output, gradient, logarithm, inputGradient)
    default: preconditionFailure("softmaxGradient of \(output.type)")
    }
  }

  /// Softmax y: y · (g − Σ g·y). Log-softmax y: g − exp(y) · Σ g.
  private func softmaxGradient<E: PlainElement>(
    _ type: E.Type, _ output: Buffer, _ gradient: Buffer, _ logarithm: Bool, _ inputGradient: Buffer
  ) where E.Wide == Double {
    let (y, g, target) = (output.elements(E.self), gradient.elements(E.self), inputGradient.elements(E.self))
    let rows = Rows(of: output)
    let (yStep, gStep, step) = (rows.step(of: output), rows.step(of: gradient), rows.step(of: inputGradient))
    walk(rows.shape, rows.strides(of: output), rows.strides(of: gradient), rows.strides(of: inputGradient)) { offsets in
      var sum = 0.0
      for index in 0..<rows.length {
        let gradient = g[offsets.y + index * gStep].wide
        sum += logarithm ? gradient : gradient * y[offsets.x + index * yStep].wide
      }
      for index in 0..<rows.length {
        let (y, g) = (y[offsets.x + index * yStep].wide, g[offsets.y + index * gStep].wide)
        target[offsets.z + index * step] = E(logarithm ? g - exp(y) * sum : y * (g - sum))
      }
    }
  }

  public func logSumExp(_ input: Buffer, into output: Buffer) {
    switch input.type {
    case .float32: logSumExp(Float.self, input, output)
    case .float64: logSumExp(Double.self, input, output)
    default: preconditionFailure("logSumExp of \(input.type)")
    }
  }

  private func logSumExp<E: PlainElement>(_ type: E.Type, _ input: Buffer, _ output: Buffer)
  where E.Wide == Double {
    let (source, target) = (input.elements(E.self), output.elements(E.self))
    let rows = Rows(of: input)
    let step = rows.step(of: input)
    walk(rows.shape, rows.strides(of: input), rows.strides(of: output)) { offsets in
      let (maximum, rest) = logSumExp(rows.length) { source[offsets.x + $0 * step].wide }
      target[offsets.y] = E(maximum + rest)
    }
  }

  /// The maximum, and the logarithm of the sum of what is shifted by it, so that nothing overflows. Infinite maxima stand
  /// for themselves: −∞ where all are.
  @inline(__always)
  private func logSumExp(_ count: Int, _ element: (Int) -> Double) -> (maximum: Double, rest: Double) {
    var maximum = -Double.infinity
    for index in 0..<count { maximum = maximum.maximum(element(index)) }
    guard maximum.isFinite else { return (maximum, 0) }
    var sum = 0.0
    for index in 0..<count { sum += exp(element(index) - maximum) }
    return (maximum, log(sum))
  }
}

/// A buffer seen as rows: the last dimension apart from the others. A scalar is one row of one element.
private struct Rows {
  let shape: Shape
  let length: Int

  init(of buffer: Buffer) {
    shape = Shape(buffer.shape.dropLast())
    length = buffer.shape.last ?? 1
  }
  func strides(of buffer: Buffer) -> Shape { Shape(buffer.strides.dropLast()) }
  func step(of buffer: Buffer) -> Int { buffer.strides.last ?? 0 }
}
