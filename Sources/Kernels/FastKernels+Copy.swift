internal import CKernels

extension FastKernels {
  public func copy(_ input: Buffer, into output: Buffer) {
    checkShape(input, output)
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        input.strides.withPointer { inputStrides in
          contrast_copy(
            Int32(output.shape.rank), sizes, output.type.code, output.pointer, outputStrides, input.type.code,
            input.pointer, inputStrides)
        }
      }
    }
  }

  public func fill(_ output: Buffer, with value: Double) {
    switch output.type {
    case .float32: fill(output, Float(value))
    case .float64: fill(output, value)
    default: PlainKernels.shared.fill(output, with: value)
    }
  }

  private func fill<Element>(_ output: Buffer, _ value: Element) {
    withUnsafePointer(to: value) { value in
      output.shape.withPointer { sizes in
        output.strides.withPointer { strides in
          contrast_fill(
            Int32(output.shape.rank), sizes, MemoryLayout<Element>.size, value, output.pointer, strides)
        }
      }
    }
  }
}

extension ElementType {
  /// The type's number in the C kernels.
  var code: Int32 {
    switch self {
    case .float32: Int32(CONTRAST_FLOAT32)
    case .float64: Int32(CONTRAST_FLOAT64)
    case .int64: Int32(CONTRAST_INT64)
    case .uint8: Int32(CONTRAST_UINT8)
    case .bool: Int32(CONTRAST_BOOL)
    }
  }
}
