internal import CKernels

extension FastKernels {
  public func reduce(_ operation: Reduction, _ input: Buffer, into output: Buffer) {
    let isTruth = operation == .any || operation == .all
    guard input.type == (isTruth ? .bool : .float32), output.type == input.type else {
      return PlainKernels.shared.reduce(operation, input, into: output)
    }
    let strides = reducedStrides(input, output)
    input.shape.withPointer { sizes in
      strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          let rank = Int32(input.shape.rank)
          if isTruth {
            contrast_reduce_truth(
              operation == .all ? 1 : 0, rank, sizes, output.pointer.assumingMemoryBound(to: UInt8.self), outputStrides,
              input.pointer.assumingMemoryBound(to: UInt8.self), inputStrides)
          } else {
            contrast_reduce(operation.code, rank, sizes, output.floats, outputStrides, input.floats, inputStrides)
          }
        }
      }
    }
  }

  /// The output's strides over the input's shape: 0 in the dimensions that are reduced.
  private func reducedStrides(_ input: Buffer, _ output: Buffer) -> Shape {
    precondition(
      input.shape.rank == output.shape.rank, "reduce: \(input.shape) into \(output.shape) of another rank")
    var strides = output.strides
    for dimension in 0..<strides.rank where input.shape[dimension] != output.shape[dimension] {
      precondition(output.shape[dimension] == 1, "reduce: \(input.shape) into \(output.shape)")
      strides[dimension] = 0
    }
    return strides
  }

  public func argumentOfMaximum(_ input: Buffer, dimension: Int, into output: Buffer) {
    guard input.type == .float32 else {
      return PlainKernels.shared.argumentOfMaximum(input, dimension: dimension, into: output)
    }
    precondition(output.type == .int64, "argumentOfMaximum: indices of \(output.type)")
    var expected = input.shape
    expected[dimension] = 1
    precondition(output.shape == expected, "argumentOfMaximum: \(input.shape) into \(output.shape)")
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          contrast_argument_of_maximum(
            input.shape[dimension], input.strides[dimension], Int32(output.shape.rank), sizes, output.integers,
            outputStrides, input.floats, inputStrides)
        }
      }
    }
  }

  public func topK(_ input: Buffer, values: Buffer, indices: Buffer) {
    guard input.type == .float32, input.shape[1] <= Int(UInt32.max) else {
      return PlainKernels.shared.topK(input, values: values, indices: indices)
    }
    let (rows, columns, k) = (input.shape[0], input.shape[1], values.shape[1])
    precondition(
      values.shape == [rows, k] && indices.shape == [rows, k] && k <= columns,
      "topK: \(input.shape) into \(values.shape) and \(indices.shape)")
    contrast_top_k(
      rows, columns, k, input.floats, input.strides[0], input.strides[1], values.floats, values.strides[0],
      values.strides[1], indices.integers, indices.strides[0], indices.strides[1])
  }

  public func sumOfSquares(_ input: Buffer) -> Double {
    guard input.type == .float32 else { return PlainKernels.shared.sumOfSquares(input) }
    return input.shape.withPointer { sizes in
      input.strides.withPointer { strides in
        contrast_sum_of_squares(Int32(input.shape.rank), sizes, input.floats, strides)
      }
    }
  }
}

extension Reduction {
  /// The reduction's number in the C kernels.
  fileprivate var code: Int32 {
    switch self {
    case .sum: Int32(CONTRAST_SUM)
    case .mean: Int32(CONTRAST_MEAN)
    case .maximum: Int32(CONTRAST_REDUCE_MAXIMUM)
    case .minimum: Int32(CONTRAST_REDUCE_MINIMUM)
    case .any, .all: preconditionFailure("reduce: \(self) of numbers")
    }
  }
}

extension Buffer {
  /// The address of the first element of int64 indices.
  var integers: UnsafeMutablePointer<Int64> {
    precondition(type == .int64, "FastKernels: a buffer of \(type.rawValue) where indices are expected")
    return pointer.assumingMemoryBound(to: Int64.self)
  }
}
