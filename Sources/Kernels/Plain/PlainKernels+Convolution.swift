extension PlainKernels {
  public func convolution(
    _ input: Buffer, weight: Buffer, bias: Buffer?, _ geometry: ConvolutionGeometry, into output: Buffer
  ) throws {
    switch output.type {
    case .float32: convolution(Float.self, input, weight, bias, geometry, output)
    case .float64: convolution(Double.self, input, weight, bias, geometry, output)
    default: preconditionFailure("convolution of \(output.type)")
    }
  }

  /// output[n, o, y, x] = bias[o] + Σ input[n, c, y·stride − padding + ky·dilation, …] · weight[o, c, ky, kx].
  private func convolution<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ weight: Buffer, _ bias: Buffer?, _ geometry: ConvolutionGeometry,
    _ output: Buffer
  ) where E.Wide == Double {
    let (x, w, y) = (Plane<E>(input), Plane<E>(weight), Plane<E>(output))
    let outputsPerGroup = y.channels / geometry.groups
    for n in 0..<y.count {
      for o in 0..<y.channels {
        let firstInput = o / outputsPerGroup * w.channels
        let start = bias.map { $0.elements(E.self)[o * $0.strides[0]].wide } ?? 0
        for oy in 0..<y.height {
          for ox in 0..<y.width {
            var sum = start
            for c in 0..<w.channels {
              for ky in 0..<w.height {
                let iy = oy * geometry.strideY - geometry.paddingY + ky * geometry.dilationY
                guard iy >= 0, iy < x.height else { continue }
                for kx in 0..<w.width {
                  let ix = ox * geometry.strideX - geometry.paddingX + kx * geometry.dilationX
                  guard ix >= 0, ix < x.width else { continue }
                  sum += x[n, firstInput + c, iy, ix] * w[o, c, ky, kx]
                }
              }
            }
            y[n, o, oy, ox] = sum
          }
        }
      }
    }
  }

  public func convolutionInputGradient(
    outputGradient: Buffer, weight: Buffer, _ geometry: ConvolutionGeometry, into inputGradient: Buffer
  ) throws {
    switch inputGradient.type {
    case .float32: inputGradient32Or64(Float.self, outputGradient, weight, geometry, inputGradient)
    case .float64: inputGradient32Or64(Double.self, outputGradient, weight, geometry, inputGradient)
    default: preconditionFailure("convolutionInputGradient of \(inputGradient.type)")
    }
  }

  /// Each input element gathers from the outputs that it reached: those whose window has a tap on it.
  private func inputGradient32Or64<E: PlainElement>(
    _ type: E.Type, _ outputGradient: Buffer, _ weight: Buffer, _ geometry: ConvolutionGeometry,
    _ inputGradient: Buffer
  ) where E.Wide == Double {
    let (x, w, y) = (Plane<E>(inputGradient), Plane<E>(weight), Plane<E>(outputGradient))
    let outputsPerGroup = y.channels / geometry.groups
    for n in 0..<x.count {
      for c in 0..<x.channels {
        let (group, inner) = c.quotientAndRemainder(dividingBy: w.channels)
        for iy in 0..<x.height {
          for ix in 0..<x.width {
            var sum = 0.0
            for ky in 0..<w.height {
              let (oy, restY) = (iy + geometry.paddingY - ky * geometry.dilationY)
                .quotientAndRemainder(dividingBy: geometry.strideY)
              guard restY == 0, oy >= 0, oy < y.height else { continue }
              for kx in 0..<w.width {
                let (ox, restX) = (ix + geometry.paddingX - kx * geometry.dilationX)
                  .quotientAndRemainder(dividingBy: geometry.strideX)
                guard restX == 0, ox >= 0, ox < y.width else { continue }
                for o in group * outputsPerGroup..<(group + 1) * outputsPerGroup {
                  sum += y[n, o, oy, ox] * w[o, inner, ky, kx]
                }
              }
            }
            x[n, c, iy, ix] = sum
          }
        }
      }
    }
  }

  public func convolutionWeightGradient(
    input: Buffer, outputGradient: Buffer, _ geometry: ConvolutionGeometry, into weightGradient: Buffer,
    biasGradient: Buffer?
  ) throws {
    switch weightGradient.type {
    case .float32: weightGradient32Or64(Float.self, input, outputGradient, geometry, weightGradient, biasGradient)
    case .float64: weightGradient32Or64(Double.self, input, outputGradient, geometry, weightGradient, biasGradient)
    default: preconditionFailure("convolutionWeightGradient of \(weightGradient.type)")
    }
  }

  /// weight′[o, c, ky, kx] = Σ over n, y, x of output′ · the input under that tap.
  private func weightGradient32Or64<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ outputGradient: Buffer, _ geometry: ConvolutionGeometry,
    _ weightGradient: Buffer, _ biasGradient: Buffer?
  ) where E.Wide == Double {
    let (x, w, y) = (Plane<E>(input), Plane<E>(weightGradient), Plane<E>(outputGradient))
    let outputsPerGroup = y.channels / geometry.groups
    for o in 0..<w.count {
      for c in 0..<w.channels {
        let channel = o / outputsPerGroup * w.channels + c
        for ky in 0..<w.height {
          for kx in 0..<w.width {
            var sum = 0.0
            for n in 0..<y.count {
              for oy in 0..<y.height {
                let iy = oy * geometry.strideY - geometry.paddingY + ky * geometry.dilationY
                guard iy >= 0, iy < x.height else { continue }
                for ox in 0..<y.width {
                  let ix = ox * geometry.strideX - geometry.paddingX + kx * geometry.dilationX
                  guard ix >= 0, ix < x.width else { continue }
                  sum += y[n, o, oy, ox] * x[n, channel, iy, ix]
                }
              }
            }
            w[o, c, ky, kx] = sum
          }
        }
      }
    }
    guard let biasGradient else { return }
    let bias = biasGradient.elements(E.self)
    for o in 0..<y.channels {
      var sum = 0.0
      for n in 0..<y.count { for oy in 0..<y.height { for ox in 0..<y.width { sum += y[n, o, oy, ox] } } }
      bias[o * biasGradient.strides[0]] = E(sum)
    }
  }
}
