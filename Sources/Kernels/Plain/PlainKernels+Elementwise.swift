extension PlainKernels {
  public func fill(_ output: Buffer, with value: Double) {
    switch output.type {
    case .float32: fill(output, Float(value))
    case .float64: fill(output, value)
    case .int64: fill(output, Int64(real: value))
    case .uint8: fill(output, UInt8(real: value))
    case .bool: fill(output, Truth(real: value))
    }
  }

  private func fill<E: PlainElement>(_ output: Buffer, _ value: E) {
    let target = output.elements(E.self)
    walk(output.shape, output.strides) { target[$0.x] = value }
  }

  public func copy(_ input: Buffer, into output: Buffer) {
    switch input.type {
    case .float32: copy(Float.self, input, output)
    case .float64: copy(Double.self, input, output)
    case .int64: copy(Int64.self, input, output)
    case .uint8: copy(UInt8.self, input, output)
    case .bool: copy(Truth.self, input, output)
    }
  }

  private func copy<I: PlainElement>(_ type: I.Type, _ input: Buffer, _ output: Buffer) {
    switch output.type {
    case .float32: convert(input, output, { (x: I) -> Float in x.wide.element(Float.self) })
    case .float64: convert(input, output, { (x: I) -> Double in x.wide.element(Double.self) })
    case .int64: convert(input, output, { (x: I) -> Int64 in x.wide.element(Int64.self) })
    case .uint8: convert(input, output, { (x: I) -> UInt8 in x.wide.element(UInt8.self) })
    case .bool: convert(input, output, { (x: I) -> Truth in x.wide.element(Truth.self) })
    }
  }

  /// output = function(input), element by element.
  @inline(__always)
  private func convert<I, O>(_ input: Buffer, _ output: Buffer, _ function: (I) -> O)
  where I: PlainElement, O: PlainElement {
    precondition(input.shape == output.shape, "kernel: shapes \(input.shape) and \(output.shape) differ")
    let (source, target) = (input.elements(I.self), output.elements(O.self))
    walk(output.shape, input.strides, output.strides) { target[$0.y] = function(source[$0.x]) }
  }

  public func map(_ operation: UnaryOperation, _ input: Buffer, into output: Buffer) {
    switch input.type {
    case .float32: map(Float.self, operation, input, output)
    case .float64: map(Double.self, operation, input, output)
    case .int64: map(Int64.self, operation, input, output)
    case .uint8: map(UInt8.self, operation, input, output)
    case .bool: map(Truth.self, operation, input, output)
    }
  }

  private func map<E: PlainElement>(
    _ type: E.Type, _ operation: UnaryOperation, _ input: Buffer, _ output: Buffer
  ) {
    let function = E.Wide.function(operation)
    if operation == .not || operation == .isFinite {
      precondition(output.type == .bool, "map: \(operation) into \(output.type)")
      convert(input, output) { (x: E) -> Truth in Truth(function(x.wide) != .zero) }
    } else {
      precondition(output.type == input.type, "map: \(operation) of \(input.type) into \(output.type)")
      convert(input, output) { (x: E) -> E in E(function(x.wide)) }
    }
  }

  public func zip(_ operation: BinaryOperation, _ first: Buffer, _ second: Buffer, into output: Buffer) {
    precondition(first.type == second.type, "zip: \(operation) of \(first.type) and \(second.type)")
    precondition(output.type == (operation.isComparison ? .bool : first.type), "zip: \(operation) into \(output.type)")
    switch first.type {
    case .float32: zip(Float.self, operation, first, second, output)
    case .float64: zip(Double.self, operation, first, second, output)
    case .int64: zip(Int64.self, operation, first, second, output)
    case .uint8: zip(UInt8.self, operation, first, second, output)
    case .bool: zip(Truth.self, operation, first, second, output)
    }
  }

  private func zip<E: PlainElement>(
    _ type: E.Type, _ operation: BinaryOperation, _ first: Buffer, _ second: Buffer, _ output: Buffer
  ) {
    let (a, b) = (first.elements(E.self), second.elements(E.self))
    if operation.isComparison {
      let (holds, target) = (operation.comparison(of: E.Wide.self), output.elements(Truth.self))
      walk(output.shape, first.strides, second.strides, output.strides) {
        target[$0.z] = Truth(holds(a[$0.x].wide, b[$0.y].wide))
      }
    } else {
      let (function, target) = (operation.arithmetic(on: E.Wide.self), output.elements(E.self))
      walk(output.shape, first.strides, second.strides, output.strides) {
        target[$0.z] = E(function(a[$0.x].wide, b[$0.y].wide))
      }
    }
  }

  public func select(_ condition: Buffer, _ first: Buffer, _ second: Buffer, into output: Buffer) {
    precondition(condition.type == .bool, "select: condition of \(condition.type)")
    precondition(first.type == output.type && second.type == output.type, "select: types differ")
    switch output.type {
    case .float32: select(Float.self, condition, first, second, output)
    case .float64: select(Double.self, condition, first, second, output)
    case .int64: select(Int64.self, condition, first, second, output)
    case .uint8: select(UInt8.self, condition, first, second, output)
    case .bool: select(Truth.self, condition, first, second, output)
    }
  }

  private func select<E: PlainElement>(
    _ type: E.Type, _ condition: Buffer, _ first: Buffer, _ second: Buffer, _ output: Buffer
  ) {
    let (isFirst, a, b) = (condition.elements(Truth.self), first.elements(E.self), second.elements(E.self))
    let target = output.elements(E.self)
    walk(output.shape, condition.strides, first.strides, second.strides, output.strides) {
      target[$0.w] = isFirst[$0.x].isTrue ? a[$0.y] : b[$0.z]
    }
  }

  public func accumulate(_ input: Buffer, scale: Double, into output: Buffer) {
    precondition(input.type == output.type, "accumulate: \(input.type) into \(output.type)")
    switch output.type {
    case .float32: accumulate(Float.self, input, scale, output)
    case .float64: accumulate(Double.self, input, scale, output)
    case .int64: accumulate(Int64.self, input, scale, output)
    case .uint8: accumulate(UInt8.self, input, scale, output)
    case .bool: accumulate(Truth.self, input, scale, output)
    }
  }

  private func accumulate<E: PlainElement>(_ type: E.Type, _ input: Buffer, _ scale: Double, _ output: Buffer) {
    let (source, target) = (input.elements(E.self), output.elements(E.self))
    walk(output.shape, input.strides, output.strides) {
      target[$0.y] = E(target[$0.y].wide.adding(source[$0.x].wide.scaled(by: scale)))
    }
  }
}
