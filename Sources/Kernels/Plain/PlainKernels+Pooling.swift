extension PlainKernels {
  public func maxPool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer, positions: Buffer) throws {
    precondition(positions.type == .int64, "maxPool: positions of \(positions.type)")
    switch output.type {
    case .float32: maxPool(Float.self, input, window, output, positions)
    case .float64: maxPool(Double.self, input, window, output, positions)
    default: preconditionFailure("maxPool of \(output.type)")
    }
  }

  /// The first of equals wins; NaN wins over every number, as in PyTorch.
  private func maxPool<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ window: PoolingWindow, _ output: Buffer, _ positions: Buffer
  ) where E.Wide == Double {
    let (x, y, index) = (Plane<E>(input), Plane<E>(output), positions.elements(Int64.self))
    forEachWindow(input.shape, output.shape, window) { n, c, oy, ox, rows, columns in
      var (best, place) = (-Double.infinity, (rows.first ?? 0) * x.width + (columns.first ?? 0))
      for iy in rows {
        for ix in columns where x[n, c, iy, ix].isAbove(best) {
          (best, place) = (x[n, c, iy, ix], iy * x.width + ix)
        }
      }
      y[n, c, oy, ox] = best
      let steps = positions.strides
      index[n * steps[0] + c * steps[1] + oy * steps[2] + ox * steps[3]] = Int64(place)
    }
  }

  public func maxPoolGradient(outputGradient: Buffer, positions: Buffer, into inputGradient: Buffer) throws {
    switch inputGradient.type {
    case .float32: maxPoolGradient(Float.self, outputGradient, positions, inputGradient)
    case .float64: maxPoolGradient(Double.self, outputGradient, positions, inputGradient)
    default: preconditionFailure("maxPoolGradient of \(inputGradient.type)")
    }
  }

  private func maxPoolGradient<E: PlainElement>(
    _ type: E.Type, _ outputGradient: Buffer, _ positions: Buffer, _ inputGradient: Buffer
  ) where E.Wide == Double {
    let (x, y, index) = (Plane<E>(inputGradient), Plane<E>(outputGradient), positions.elements(Int64.self))
    let steps = positions.strides
    fill(inputGradient, with: 0)
    for n in 0..<y.count {
      for c in 0..<y.channels {
        for oy in 0..<y.height {
          for ox in 0..<y.width {
            let place = Int(index[n * steps[0] + c * steps[1] + oy * steps[2] + ox * steps[3]])
            x[n, c, place / x.width, place % x.width] += y[n, c, oy, ox]
          }
        }
      }
    }
  }

  public func averagePool(_ input: Buffer, _ window: PoolingWindow, into output: Buffer) throws {
    switch output.type {
    case .float32: averagePool(Float.self, input, window, output)
    case .float64: averagePool(Double.self, input, window, output)
    default: preconditionFailure("averagePool of \(output.type)")
    }
  }

  private func averagePool<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ window: PoolingWindow, _ output: Buffer
  ) where E.Wide == Double {
    let (x, y) = (Plane<E>(input), Plane<E>(output))
    forEachWindow(input.shape, output.shape, window) { n, c, oy, ox, rows, columns in
      var sum = 0.0
      for iy in rows { for ix in columns { sum += x[n, c, iy, ix] } }
      y[n, c, oy, ox] = sum / Double(window.height * window.width)
    }
  }

  public func averagePoolGradient(
    outputGradient: Buffer, _ window: PoolingWindow, into inputGradient: Buffer
  ) throws {
    switch inputGradient.type {
    case .float32: averagePoolGradient(Float.self, outputGradient, window, inputGradient)
    case .float64: averagePoolGradient(Double.self, outputGradient, window, inputGradient)
    default: preconditionFailure("averagePoolGradient of \(inputGradient.type)")
    }
  }

  private func averagePoolGradient<E: PlainElement>(
    _ type: E.Type, _ outputGradient: Buffer, _ window: PoolingWindow, _ inputGradient: Buffer
  ) where E.Wide == Double {
    let (x, y) = (Plane<E>(inputGradient), Plane<E>(outputGradient))
    fill(inputGradient, with: 0)
    forEachWindow(inputGradient.shape, outputGradient.shape, window) { n, c, oy, ox, rows, columns in
      let share = y[n, c, oy, ox] / Double(window.height * window.width)
      for iy in rows { for ix in columns { x[n, c, iy, ix] += share } }
    }
  }

  /// Visits (n, c, output row, output column, input rows, input columns) for every window, clipped to the input.
  @inline(__always)
  private func forEachWindow(
    _ input: Shape, _ output: Shape, _ window: PoolingWindow,
    _ visit: (Int, Int, Int, Int, Range<Int>, Range<Int>) -> Void
  ) {
    for n in 0..<output[0] {
      for c in 0..<output[1] {
        for oy in 0..<output[2] {
          let top = oy * window.strideY - window.paddingY
          let rows = (top..<top + window.height).clamped(to: 0..<input[2])
          for ox in 0..<output[3] {
            let left = ox * window.strideX - window.paddingX
            visit(n, c, oy, ox, rows, (left..<left + window.width).clamped(to: 0..<input[3]))
          }
        }
      }
    }
  }
}
