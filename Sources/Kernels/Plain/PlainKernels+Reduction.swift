extension PlainKernels {
  public func reduce(_ operation: Reduction, _ input: Buffer, into output: Buffer) {
    switch (input.type, output.type) {
    case (.float32, .float32): reduce(Float.self, Float.self, operation, input, output)
    case (.float64, .float64): reduce(Double.self, Double.self, operation, input, output)
    case (.int64, .int64): reduce(Int64.self, Int64.self, operation, input, output)
    case (.uint8, .uint8): reduce(UInt8.self, UInt8.self, operation, input, output)
    case (.bool, .bool): reduce(Truth.self, Truth.self, operation, input, output)
    // Counts and sums of small elements need room.
    case (.float32, .float64): reduce(Float.self, Double.self, operation, input, output)
    case (.uint8, .int64): reduce(UInt8.self, Int64.self, operation, input, output)
    case (.bool, .int64): reduce(Truth.self, Int64.self, operation, input, output)
    default: preconditionFailure("reduce: \(operation) of \(input.type) into \(output.type)")
    }
  }

  /// For each element of the output, all elements of the input that fall on it, in row-major order.
  /// Of nothing: the sum is 0, the mean NaN (0 for integers), the maximum the lowest number, the minimum the highest.
  private func reduce<I: PlainElement, O: PlainElement>(
    _ from: I.Type, _ to: O.Type, _ operation: Reduction, _ input: Buffer, _ output: Buffer
  ) where I.Wide == O.Wide {
    let (start, step) = I.Wide.reduction(operation)
    let isReduced = { (dimension: Int) in output.shape[dimension] == 1 && input.shape[dimension] != 1 }
    let reduced = input.shape.keeping(isReduced)
    let reducedStrides = input.strides.keeping(isReduced)
    let (source, target) = (input.elements(I.self), output.elements(O.self))
    walk(output.shape, input.strides, output.strides) { offsets in
      var result = start
      walk(reduced, reducedStrides) { result = step(result, source[offsets.x + $0.x].wide) }
      if operation == .mean { result = result.divided(by: I.Wide(real: Double(reduced.elementCount))) }
      target[offsets.y] = O(result)
    }
  }

  public func argumentOfMaximum(_ input: Buffer, dimension: Int, into output: Buffer) {
    precondition(output.type == .int64, "argumentOfMaximum: indices of \(output.type)")
    switch input.type {
    case .float32: argumentOfMaximum(Float.self, input, dimension, output)
    case .float64: argumentOfMaximum(Double.self, input, dimension, output)
    case .int64: argumentOfMaximum(Int64.self, input, dimension, output)
    case .uint8: argumentOfMaximum(UInt8.self, input, dimension, output)
    case .bool: argumentOfMaximum(Truth.self, input, dimension, output)
    }
  }

  private func argumentOfMaximum<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ dimension: Int, _ output: Buffer
  ) {
    let (source, target) = (input.elements(E.self), output.elements(Int64.self))
    let (size, stride) = (input.shape[dimension], input.strides[dimension])
    walk(output.shape, input.strides, output.strides) { offsets in
      var best = 0
      for index in 0..<size
      where source[offsets.x + index * stride].wide.isAbove(source[offsets.x + best * stride].wide) { best = index }
      target[offsets.y] = Int64(best)
    }
  }

  public func topK(_ input: Buffer, values: Buffer, indices: Buffer) {
    precondition(indices.type == .int64 && values.type == input.type, "topK: \(values.type), \(indices.type)")
    switch input.type {
    case .float32: topK(Float.self, input, values, indices)
    case .float64: topK(Double.self, input, values, indices)
    case .int64: topK(Int64.self, input, values, indices)
    case .uint8: topK(UInt8.self, input, values, indices)
    case .bool: topK(Truth.self, input, values, indices)
    }
  }

  /// Sorts each row; of equal elements the one with the lower column comes first, and NaN comes before all numbers.
  private func topK<E: PlainElement>(_ type: E.Type, _ input: Buffer, _ values: Buffer, _ indices: Buffer) {
    let (source, found, columns) = (input.elements(E.self), values.elements(E.self), indices.elements(Int64.self))
    for row in 0..<input.shape[0] {
      let elements = (0..<input.shape[1]).map { source[row * input.strides[0] + $0 * input.strides[1]].wide }
      let order = elements.indices.sorted { a, b in
        elements[a].isAbove(elements[b]) || (!elements[b].isAbove(elements[a]) && a < b)
      }
      for rank in 0..<values.shape[1] {
        found[row * values.strides[0] + rank * values.strides[1]] = E(elements[order[rank]])
        columns[row * indices.strides[0] + rank * indices.strides[1]] = Int64(order[rank])
      }
    }
  }
}

extension PlainNumber {
  /// Where a reduction starts, and what it does with each element.
  static func reduction(_ operation: Reduction) -> (start: Self, step: (Self, Self) -> Self) {
    switch operation {
    case .sum, .mean: (.zero, { $0.adding($1) })
    case .maximum: (.lowest, { $0.maximum($1) })
    case .minimum: (.highest, { $0.minimum($1) })
    case .any: (.zero, { $0 != .zero || $1 != .zero ? .one : .zero })
    case .all: (.one, { $0 != .zero && $1 != .zero ? .one : .zero })
    }
  }
}
