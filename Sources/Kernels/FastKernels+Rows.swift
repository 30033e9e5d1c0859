internal import CKernels

extension FastKernels {
  public func softmax(_ input: Buffer, logarithm: Bool, into output: Buffer) {
    guard input.type == .float32, output.type == .float32 else {
      return PlainKernels.shared.softmax(input, logarithm: logarithm, into: output)
    }
    checkShape(input, output)
    let rows = Rows(output)
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          contrast_softmax(
            logarithm ? 1 : 0, rows.length, rows.rank, sizes, output.floats, outputStrides, rows.step(output),
            input.floats, inputStrides, rows.step(input))
        }
      }
    }
  }

  public func softmaxGradient(output: Buffer, gradient: Buffer, logarithm: Bool, into inputGradient: Buffer) {
    guard output.type == .float32, gradient.type == .float32, inputGradient.type == .float32 else {
      return PlainKernels.shared.softmaxGradient(
        output: output, gradient: gradient, logarithm: logarithm, into: inputGradient)
    }
    checkShape(output, inputGradient)
    checkShape(gradient, inputGradient)
    let rows = Rows(output)
    output.shape.withPointer { sizes in
      inputGradient.strides.withPointer { inputGradientStrides in
        output.strides.withPointer { outputStrides in
          gradient.strides.withPointer { gradientStrides in
            contrast_softmax_gradient(
              logarithm ? 1 : 0, rows.length, rows.rank, sizes, inputGradient.floats, inputGradientStrides,
              rows.step(inputGradient), output.floats, outputStrides, rows.step(output), gradient.floats,
              gradientStrides, rows.step(gradient))
          }
        }
      }
    }
  }

  public func logSumExp(_ input: Buffer, into output: Buffer) {
    guard input.type == .float32, output.type == .float32 else {
      return PlainKernels.shared.logSumExp(input, into: output)
    }
    let rows = Rows(input)
    precondition(
      output.elementCount == (0..<Int(rows.rank)).reduce(1) { $0 * input.shape[$1] },
      "logSumExp: \(input.shape) into \(output.shape)")
    input.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          contrast_log_sum_exp(
            rows.length, rows.rank, sizes, output.floats, outputStrides, input.floats, inputStrides, rows.step(input))
        }
      }
    }
  }
}

/// A buffer seen as rows: the last dimension apart from the others. A scalar is one row of one element.
private struct Rows {
  let length: Int
  /// The dimensions that number the rows.
  let rank: Int32

  init(_ buffer: Buffer) {
    length = buffer.shape.last ?? 1
    rank = Int32(max(buffer.shape.rank - 1, 0))
  }

  func step(_ buffer: Buffer) -> Int { buffer.strides.last ?? 1 }
}
