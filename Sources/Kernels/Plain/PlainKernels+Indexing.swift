extension PlainKernels {
  public func takeRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    switch output.type {
    case .float32: moveRows(Float.self, from: input, into: output, indices, takes: true) { $1 }
    case .float64: moveRows(Double.self, from: input, into: output, indices, takes: true) { $1 }
    case .int64: moveRows(Int64.self, from: input, into: output, indices, takes: true) { $1 }
    case .uint8: moveRows(UInt8.self, from: input, into: output, indices, takes: true) { $1 }
    case .bool: moveRows(Truth.self, from: input, into: output, indices, takes: true) { $1 }
    }
  }

  public func putRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    switch output.type {
    case .float32: moveRows(Float.self, from: input, into: output, indices, takes: false) { $1 }
    case .float64: moveRows(Double.self, from: input, into: output, indices, takes: false) { $1 }
    case .int64: moveRows(Int64.self, from: input, into: output, indices, takes: false) { $1 }
    case .uint8: moveRows(UInt8.self, from: input, into: output, indices, takes: false) { $1 }
    case .bool: moveRows(Truth.self, from: input, into: output, indices, takes: false) { $1 }
    }
  }

  public func addRows(_ input: Buffer, indices: Buffer, into output: Buffer) {
    switch output.type {
    case .float32: moveRows(Float.self, from: input, into: output, indices, takes: false) { $0 + $1 }
    case .float64: moveRows(Double.self, from: input, into: output, indices, takes: false) { $0 + $1 }
    case .int64: moveRows(Int64.self, from: input, into: output, indices, takes: false) { $0 &+ $1 }
    case .uint8: moveRows(UInt8.self, from: input, into: output, indices, takes: false) { $0 &+ $1 }
    case .bool: moveRows(Truth.self, from: input, into: output, indices, takes: false) { Truth($0.isTrue || $1.isTrue) }
    }
  }

  /// output[i] = combine(output[i], input[indices[i]]) where it takes; otherwise
  /// output[indices[i]] = combine(output[indices[i]], input[i]).
  @inline(__always)
  private func moveRows<E: PlainElement>(
    _ type: E.Type, from input: Buffer, into output: Buffer, _ indices: Buffer, takes: Bool, _ combine: (E, E) -> E
  ) {
    precondition(input.type == output.type && indices.type == .int64, "rows: \(input.type) into \(output.type)")
    let (source, target, index) = (input.elements(E.self), output.elements(E.self), indices.elements(Int64.self))
    let row = Shape(input.shape.dropFirst())
    let (inputStrides, outputStrides) = (Shape(input.strides.dropFirst()), Shape(output.strides.dropFirst()))
    for position in 0..<indices.shape[0] {
      let named = Int(index[position * indices.strides[0]])
      let (from, to) = takes ? (named, position) : (position, named)
      let (fromRow, toRow) = (source + from * input.strides[0], target + to * output.strides[0])
      walk(row, inputStrides, outputStrides) { toRow[$0.y] = combine(toRow[$0.y], fromRow[$0.x]) }
    }
  }

  public func gather(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer) {
    switch output.type {
    case .float32: gather(Float.self, input, dimension, indices, output)
    case .float64: gather(Double.self, input, dimension, indices, output)
    case .int64: gather(Int64.self, input, dimension, indices, output)
    case .uint8: gather(UInt8.self, input, dimension, indices, output)
    case .bool: gather(Truth.self, input, dimension, indices, output)
    }
  }

  private func gather<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ dimension: Int, _ indices: Buffer, _ output: Buffer
  ) {
    precondition(input.type == output.type && indices.type == .int64, "gather: \(input.type) into \(output.type)")
    let (source, target, index) = (input.elements(E.self), output.elements(E.self), indices.elements(Int64.self))
    var others = input.strides
    let step = others[dimension]
    others[dimension] = 0
    walk(output.shape, others, indices.strides, output.strides) {
      target[$0.z] = source[$0.x + Int(index[$0.y]) * step]
    }
  }

  public func scatterAdd(_ input: Buffer, dimension: Int, indices: Buffer, into output: Buffer) {
    switch output.type {
    case .float32: scatterAdd(Float.self, input, dimension, indices, output)
    case .float64: scatterAdd(Double.self, input, dimension, indices, output)
    case .int64: scatterAdd(Int64.self, input, dimension, indices, output)
    case .uint8: scatterAdd(UInt8.self, input, dimension, indices, output)
    case .bool: scatterAdd(Truth.self, input, dimension, indices, output)
    }
  }

  private func scatterAdd<E: PlainElement>(
    _ type: E.Type, _ input: Buffer, _ dimension: Int, _ indices: Buffer, _ output: Buffer
  ) {
    precondition(input.type == output.type && indices.type == .int64, "scatterAdd: \(input.type) into \(output.type)")
    let (source, target, index) = (input.elements(E.self), output.elements(E.self), indices.elements(Int64.self))
    var others = output.strides
    let step = others[dimension]
    others[dimension] = 0
    walk(indices.shape, input.strides, indices.strides, others) {
      let place = $0.z + Int(index[$0.y]) * step
      target[place] = E(target[place].wide.adding(source[$0.x].wide))
    }
  }
}
