internal import CKernels

extension FastKernels {
  public func takeRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    precondition(input.type == output.type, "takeRows: \(input.type) into \(output.type)")
    withSlices(input, output, indices) {
      contrast_take_rows($0, output.type.byteCount, output.pointer, input.pointer)
    }
  }

  public func putRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    precondition(input.type == output.type, "putRows: \(input.type) into \(output.type)")
    withSlices(input, output, indices) {
      contrast_put_rows($0, output.type.byteCount, output.pointer, input.pointer)
    }
  }

  public func addRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    guard input.type == .float32, output.type == .float32 else {
      return PlainKernels.shared.addRows(input, indices: indices, into: output)
    }
    withSlices(input, output, indices) { contrast_add_rows($0, output.floats, input.floats) }
  }

  /// Both arrays as slices along their first dimension, one for each index.
  private func withSlices(
    _ input: Buffer, _ output: Buffer, _ indices: Buffer, _ body: (UnsafePointer<contrast_slices>) -> Void
  ) {
    let (inputSlice, outputSlice) = (input.slice, output.slice)
    precondition(inputSlice.shape == outputSlice.shape, "rows: slices \(input.shape) and \(output.shape) differ")
    outputSlice.shape.withPointer { sizes in
      outputSlice.strides.withPointer { outputStrides in
        inputSlice.strides.withPointer { inputStrides in
          var slices = contrast_slices(
            count: indices.shape[0], indices: indices.integers, indices_step: indices.strides[0],
            output_step: output.strides[0], input_step: input.strides[0], rank: Int32(outputSlice.shape.rank),
            sizes: sizes, output_strides: outputStrides, input_strides: inputStrides)
          body(&slices)
        }
      }
    }
  }

  public func gather(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer) {
    precondition(input.type == output.type, "gather: \(input.type) into \(output.type)")
    checkShape(indices, output)
    var others = input.strides
    others[dimension] = 0
    output.shape.withPointer { sizes in
      output.strides.withPointer { outputStrides in
        indices.strides.withPointer { indicesStrides in
          others.withPointer { inputStrides in
            contrast_gather(
              Int32(output.shape.rank), sizes, output.type.byteCount, output.pointer, outputStrides, indices.integers,
              indicesStrides, input.pointer, inputStrides, input.strides[dimension])
          }
        }
      }
    }
  }

  public func scatterAdd(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer) {
    guard input.type == .float32, output.type == .float32 else {
      return PlainKernels.shared.scatterAdd(input, dimension: dimension, indices: indices, into: output)
    }
    checkShape(indices, input)
    var others = output.strides
    others[dimension] = 0
    input.shape.withPointer { sizes in
      others.withPointer { outputStrides in
        indices.strides.withPointer { indicesStrides in
          input.strides.withPointer { inputStrides in
            contrast_scatter_add(
              Int32(input.shape.rank), sizes, Int32(dimension), output.floats, outputStrides,
              output.strides[dimension], indices.integers, indicesStrides, input.floats, inputStrides)
          }
        }
      }
    }
  }
}

extension Buffer {
  /// Shape and strides of one slice along the first dimension.
  fileprivate var slice: (shape: Shape, strides: Shape) {
    var (shape, strides) = (self.shape, self.strides)
    shape.remove(at: 0)
    strides.remove(at: 0)
    return (shape, strides)
  }
}
