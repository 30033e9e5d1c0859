import Kernels

extension Tensor {
  /// xᵖ, in f32 for integers. Negative x with a fractional p is NaN.
  public func power(_ exponent: Double) throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.power(exponent)).recorded("pow", x) { gradient in
      exponent == 0 ? try gradient * 0 : try gradient * (input().power(exponent - 1) * exponent)
    }
  }

  /// xᵖ for each pair; shapes broadcast. The exponent's gradient at x = 0 is 0.
  public func power(_ exponent: Tensor) throws -> Tensor {
    let (base, exponent) = try Tensor.promoted(self, exponent, floating: true)
    let result = try base.zip("pow", .power, exponent)
    let (x, p, y) = (Saved(base), Saved(exponent), Saved(result))
    return result.recorded(
      "pow",
      base, { [shape = base.shape] gradient in
        let slope = try p() * x().power(p() - 1)
        return try (gradient * Tensor.select(p().equal(0), Tensor.zeros([], type: slope.type), slope)).summed(to: shape)
      },
      exponent, { [shape = exponent.shape] gradient in
        let slope = try y() * x().log()
        return try (gradient * Tensor.select(x().equal(0), Tensor.zeros([], type: slope.type), slope)).summed(to: shape)
      })
  }

  /// base ^ each element.
  public static func power(_ base: Double, _ exponent: Tensor) throws -> Tensor {
    try exponent.floating().scalar(base).power(exponent)
  }

  /// The smaller of each pair; equals share the gradient.
  public func minimum(_ other: Tensor) throws -> Tensor { try extreme("minimum", .minimum, .less, other) }
  /// The larger of each pair; equals share the gradient.
  public func maximum(_ other: Tensor) throws -> Tensor { try extreme("maximum", .maximum, .greater, other) }
  public func minimum(_ number: Double) throws -> Tensor { try minimum(scalar(number)) }
  public func maximum(_ number: Double) throws -> Tensor { try maximum(scalar(number)) }

  private func extreme(
    _ operation: StaticString, _ function: BinaryOperation, _ wins: BinaryOperation, _ other: Tensor
  ) throws -> Tensor {
    let (first, second) = try Tensor.promoted(self, other)
    let (one, two) = (Saved(first), Saved(second))
    // 1 where the input wins, ½ where both are equal.
    func share(_ input: Saved, _ rival: Saved) throws -> Tensor {
      let (input, rival) = (try input(), try rival())
      let wins = try input.zip(operation, wins, rival).converted(to: input.type)
      return try wins + input.equal(rival).converted(to: input.type) * 0.5
    }
    return try first.zip(operation, function, second).recorded(
      operation,
      first, { [shape = first.shape] gradient in try (gradient * share(one, two)).summed(to: shape) },
      second, { [shape = second.shape] gradient in try (gradient * share(two, one)).summed(to: shape) })
  }
}
