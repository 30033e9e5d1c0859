import Kernels

// Functions of each element. Those that need fractions turn integers into f32.

extension Tensor {
  /// eˣ.
  public func exp() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.exponential)
    let output = Saved(result)
    return result.recorded("exp", x) { gradient in try gradient * output() }
  }

  /// The natural logarithm.
  public func log() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.logarithm).recorded("log", x) { gradient in try gradient / input() }
  }

  /// log(1 + x), exact near 0.
  public func log1p() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.logarithm1p).recorded("log1p", x) { gradient in try gradient / (input() + 1) }
  }

  public func sqrt() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.squareRoot)
    let output = Saved(result)
    return result.recorded("sqrt", x) { gradient in try gradient / (output() * 2) }
  }

  /// 1 / √x.
  public func rsqrt() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.reciprocalSquareRoot)
    let output = Saved(result)
    return result.recorded("rsqrt", x) { gradient in
      let y = try output()
      return try gradient * -0.5 * y.square() * y
    }
  }

  /// 1 / x.
  public func reciprocal() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.reciprocal)
    let output = Saved(result)
    return result.recorded("reciprocal", x) { gradient in try -gradient * output().square() }
  }

  public func tanh() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.tanh)
    let output = Saved(result)
    return result.recorded("tanh", x) { gradient in try gradient.zip("tanh", .tanhGradient, output()) }
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() throws -> Tensor {
    let x = try floating()
    let result = try x.map(.sigmoid)
    let output = Saved(result)
    return result.recorded("sigmoid", x) { gradient in try gradient.zip("sigmoid", .sigmoidGradient, output()) }
  }

  /// log(1 + eˣ), without overflow.
  public func softplus() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.softplus).recorded("softplus", x) { gradient in try gradient * input().sigmoid() }
  }

  public func sin() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.sine).recorded("sin", x) { gradient in try gradient * input().cos() }
  }

  public func cos() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.cosine).recorded("cos", x) { gradient in try -gradient * input().sin() }
  }

  /// The error function, 2/√π ∫₀ˣ e⁻ᵗ² dt.
  public func erf() throws -> Tensor {
    let x = try floating()
    let input = Saved(x)
    return try x.map(.erf).recorded("erf", x) { gradient in
      try gradient * (-input().square()).exp() * (2 / Double.pi.squareRoot())
    }
  }
}

// These keep integers.

extension Tensor {
  /// max(x, 0). NaN stays NaN.
  public func relu() throws -> Tensor {
    let x = try numeric()
    let result = try x.map(.relu)
    let output = Saved(result)
    return result.recorded("relu", x) { gradient in try gradient.zip("relu", .reluGradient, output()) }
  }

  public func square() throws -> Tensor {
    let x = try numeric()
    let input = Saved(x)
    return try x.map(.square).recorded("square", x) { gradient in try gradient * input() * 2 }
  }

  /// The distance from 0; the gradient at 0 is 0.
  public func abs() throws -> Tensor {
    let x = try numeric()
    let input = Saved(x)
    return try x.map(.absolute).recorded("abs", x) { gradient in try gradient * input().sign() }
  }

  /// −1, 0 or 1.
  public func sign() throws -> Tensor { try numeric().piecewiseConstant("sign", .sign) }
  /// The whole number at or below.
  public func floor() throws -> Tensor { try numeric().piecewiseConstant("floor", .floor) }
  /// The whole number at or above.
  public func ceil() throws -> Tensor { try numeric().piecewiseConstant("ceil", .ceiling) }
  /// The nearest whole number; halves go to the even one.
  public func round() throws -> Tensor { try numeric().piecewiseConstant("round", .round) }

  private func piecewiseConstant(_ operation: StaticString, _ function: UnaryOperation) throws -> Tensor {
    try map(function).recorded(operation, self) { gradient in try gradient * 0 }
  }

  /// min(max(x, low), high); the gradient passes where low ≤ x ≤ high.
  public func clamp(low: Double = -.infinity, high: Double = .infinity) throws -> Tensor {
    guard low <= high else { throw TensorError("clamp: the lower bound \(low) is above the upper bound \(high)") }
    let whole = (low.isInfinite || Int(exactly: low) != nil) && (high.isInfinite || Int(exactly: high) != nil)
    let x = type.isFloatingPoint ? self : try converted(to: whole ? .int64 : .float32)
    let input = Saved(x)
    return try x.map(.clamp(low: low, high: high)).recorded("clamp", x) { gradient in
      let x = try input()
      return try gradient.masked(by: x.greaterOrEqual(low).and(x.lessOrEqual(high)))
    }
  }
}
