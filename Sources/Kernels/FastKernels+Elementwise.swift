internal import CKernels

extension FastKernels {
  public func map(_ operation: UnaryOperation, _ input: Buffer, into output: Buffer) {
    let (code, first, second) = operation.code
    let isNot = code == CONTRAST_NOT
    guard input.type == (isNot ? .bool : .float32) else {
      return PlainKernels.shared.map(operation, input, into: output)
    }
    precondition(
      output.type == (isNot || code == CONTRAST_IS_FINITE ? .bool : .float32), "map: \(operation) into \(output.type)")
    checkShape(input, output)
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          contrast_map(
            Int32(code), first, second, Int32(output.shape.rank), sizes, output.pointer, outputStrides, input.pointer,
            inputStrides)
        }
      }
    }
  }

  public func zip(_ operation: BinaryOperation, _ first: Buffer, _ second: Buffer, into output: Buffer) {
    let code = operation.code
    let type: ElementType = code >= CONTRAST_AND && code <= CONTRAST_EXCLUSIVE_OR ? .bool : .float32
    guard first.type == type, second.type == type else {
      return PlainKernels.shared.zip(operation, first, second, into: output)
    }
    precondition(output.type == (operation.isComparison ? .bool : .float32), "zip: \(operation) into \(output.type)")
    zip(code, scale: 1, first, second, output)
  }

  public func accumulate(_ input: Buffer, scale: Double, into output: Buffer) {
    guard input.type == .float32, output.type == .float32 else {
      return PlainKernels.shared.accumulate(input, scale: scale, into: output)
    }
    zip(scale == 1 ? CONTRAST_ADD : CONTRAST_ADD_SCALED, scale: Float(scale), output, input, output)
  }

  @inline(__always)
  private func zip(_ code: Int, scale: Float, _ first: Buffer, _ second: Buffer, _ output: Buffer) {
    checkShape(first, output)
    checkShape(second, output)
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        first.strides.withPointer { firstStrides in
          second.strides.withPointer { secondStrides in
            contrast_zip(
              Int32(code), scale, Int32(output.shape.rank), sizes, output.pointer, outputStrides, first.pointer,
              firstStrides, second.pointer, secondStrides)
          }
        }
      }
    }
  }

  public func select(_ condition: Buffer, _ first: Buffer, _ second: Buffer, into output: Buffer) {
    guard condition.type == .bool, output.type == .float32, first.type == .float32, second.type == .float32 else {
      return PlainKernels.shared.select(condition, first, second, into: output)
    }
    checkShape(condition, output)
    checkShape(first, output)
    checkShape(second, output)
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        condition.strides.withPointer { conditionStrides in
          first.strides.withPointer { firstStrides in
            second.strides.withPointer { secondStrides in
              contrast_select(
                Int32(output.shape.rank), sizes, output.floats, outputStrides,
                condition.pointer.assumingMemoryBound(to: UInt8.self), conditionStrides, first.floats, firstStrides,
                second.floats, secondStrides)
            }
          }
        }
      }
    }
  }
}

/// Kernels trust their caller, but not with memory.
@inline(__always)
func checkShape(_ input: Buffer, _ output: Buffer) {
  precondition(input.shape == output.shape, "kernel: shapes \(input.shape) and \(output.shape) differ")
}

extension UnaryOperation {
  /// The operation's number and parameters in the C kernels.
  fileprivate var code: (code: Int, first: Float, second: Float) {
    switch self {
    case .negate: (CONTRAST_NEGATE, 0, 0)
    case .absolute: (CONTRAST_ABSOLUTE, 0, 0)
    case .sign: (CONTRAST_SIGN, 0, 0)
    case .square: (CONTRAST_SQUARE, 0, 0)
    case .reciprocal: (CONTRAST_RECIPROCAL, 0, 0)
    case .exponential: (CONTRAST_EXPONENTIAL, 0, 0)
    case .logarithm: (CONTRAST_LOGARITHM, 0, 0)
    case .logarithm1p: (CONTRAST_LOGARITHM1P, 0, 0)
    case .squareRoot: (CONTRAST_SQUARE_ROOT, 0, 0)
    case .reciprocalSquareRoot: (CONTRAST_RECIPROCAL_SQUARE_ROOT, 0, 0)
    case .sine: (CONTRAST_SINE, 0, 0)
    case .cosine: (CONTRAST_COSINE, 0, 0)
    case .tanh: (CONTRAST_TANH, 0, 0)
    case .sigmoid: (CONTRAST_SIGMOID, 0, 0)
    case .softplus: (CONTRAST_SOFTPLUS, 0, 0)
    case .erf: (CONTRAST_ERF, 0, 0)
    case .relu: (CONTRAST_RELU, 0, 0)
    case .floor: (CONTRAST_FLOOR, 0, 0)
    case .ceiling: (CONTRAST_CEILING, 0, 0)
    case .round: (CONTRAST_ROUND, 0, 0)
    case .affine(let scale, let offset): (CONTRAST_AFFINE, Float(scale), Float(offset))
    case .power(let exponent): (CONTRAST_POWER_SCALAR, Float(exponent), 0)
    case .clamp(let low, let high): (CONTRAST_CLAMP, Float(low), Float(high))
    case .not: (CONTRAST_NOT, 0, 0)
    case .isFinite: (CONTRAST_IS_FINITE, 0, 0)
    }
  }
}

extension BinaryOperation {
  /// The operation's number in the C kernels.
  fileprivate var code: Int {
    switch self {
    case .add: CONTRAST_ADD
    case .subtract: CONTRAST_SUBTRACT
    case .multiply: CONTRAST_MULTIPLY
    case .divide: CONTRAST_DIVIDE
    case .power: CONTRAST_POWER
    case .minimum: CONTRAST_MINIMUM
    case .maximum: CONTRAST_MAXIMUM
    case .modulo: CONTRAST_MODULO
    case .equal: CONTRAST_EQUAL
    case .notEqual: CONTRAST_NOT_EQUAL
    case .less: CONTRAST_LESS
    case .lessOrEqual: CONTRAST_LESS_OR_EQUAL
    case .greater: CONTRAST_GREATER
    case .greaterOrEqual: CONTRAST_GREATER_OR_EQUAL
    case .and: CONTRAST_AND
    case .or: CONTRAST_OR
    case .exclusiveOr: CONTRAST_EXCLUSIVE_OR
    case .reluGradient: CONTRAST_RELU_GRADIENT
    case .tanhGradient: CONTRAST_TANH_GRADIENT
    case .sigmoidGradient: CONTRAST_SIGMOID_GRADIENT
    }
  }
}
