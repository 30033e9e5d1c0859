extension PlainKernels {
  public func matmul(_ first: Buffer, _ second: Buffer, bias: Buffer?, into output: Buffer) throws {
    precondition(first.type == output.type && second.type == output.type, "matmul: types differ")
    switch output.type {
    case .float32: matmul(Float.self, first, second, bias, output)
    case .float64: matmul(Double.self, first, second, bias, output)
    case .int64: matmul(Int64.self, first, second, bias, output)
    case .uint8: matmul(UInt8.self, first, second, bias, output)
    case .bool: preconditionFailure("matmul of truth values")
    }
  }

  private func matmul<E: PlainElement>(
    _ type: E.Type, _ first: Buffer, _ second: Buffer, _ bias: Buffer?, _ output: Buffer
  ) {
    let rank = output.shape.rank
    let (a, b, target) = (first.elements(E.self), second.elements(E.self), output.elements(E.self))
    let (rows, columns, inner) = (output.shape[rank - 2], output.shape[rank - 1], first.shape[rank - 1])
    let (aRow, aColumn) = (first.strides[rank - 2], first.strides[rank - 1])
    let (bRow, bColumn) = (second.strides[rank - 2], second.strides[rank - 1])
    let (row, column) = (output.strides[rank - 2], output.strides[rank - 1])
    let batch = { (shape: Shape) in Shape(shape.dropLast(2)) }
    walk(batch(output.shape), batch(first.strides), batch(second.strides), batch(output.strides)) { offsets in
      for i in 0..<rows {
        for j in 0..<columns {
          var sum = bias.map { $0.elements(E.self)[j * $0.strides[0]].wide } ?? .zero
          for k in 0..<inner {
            let (x, y) = (a[offsets.x + i * aRow + k * aColumn], b[offsets.y + k * bRow + j * bColumn])
            sum = sum.adding(x.wide.multiplied(by: y.wide))
          }
          target[offsets.z + i * row + j * column] = E(sum)
        }
      }
    }
  }
}
