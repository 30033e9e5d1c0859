import Kernels

// Tensor and tensor: shapes broadcast, types are promoted.

extension Tensor {
  public static func + (first: Tensor, second: Tensor) throws -> Tensor {
    let (first, second) = try promotedNumbers(first, second)
    return try first.zip("add", .add, second).recorded(
      "add",
      first, { [shape = first.shape] gradient in try gradient.summed(to: shape) },
      second, { [shape = second.shape] gradient in try gradient.summed(to: shape) })
  }

  public static func - (first: Tensor, second: Tensor) throws -> Tensor {
    let (first, second) = try promotedNumbers(first, second)
    return try first.zip("sub", .subtract, second).recorded(
      "sub",
      first, { [shape = first.shape] gradient in try gradient.summed(to: shape) },
      second, { [shape = second.shape] gradient in try -gradient.summed(to: shape) })
  }

  public static func * (first: Tensor, second: Tensor) throws -> Tensor {
    let (first, second) = try promotedNumbers(first, second)
    let (one, two) = (Saved(first), Saved(second))
    return try first.zip("mul", .multiply, second).recorded(
      "mul",
      first, { [shape = first.shape] gradient in try (gradient * two()).summed(to: shape) },
      second, { [shape = second.shape] gradient in try (gradient * one()).summed(to: shape) })
  }

  /// The quotient; of integers, in f32.
  public static func / (first: Tensor, second: Tensor) throws -> Tensor {
    let (first, second) = try promoted(first, second, floating: true)
    let (one, two) = (Saved(first), Saved(second))
    return try first.zip("div", .divide, second).recorded(
      "div",
      first, { [shape = first.shape] gradient in try (gradient / two()).summed(to: shape) },
      second, { [shape = second.shape] gradient in
        try (-gradient * one() / two().square()).summed(to: shape)
      })
  }

  /// The remainder with the divisor's sign, as Lua has it. By 0 it is NaN, or an error where the type has no NaN.
  public static func % (first: Tensor, second: Tensor) throws -> Tensor {
    let (first, second) = try promotedNumbers(first, second)
    try second.checkDivisor()
    let (one, two) = (Saved(first), Saved(second))
    return try first.zip("mod", .modulo, second).recorded(
      "mod",
      first, { [shape = first.shape] gradient in try gradient.summed(to: shape) },
      second, { [shape = second.shape] gradient in
        try (-gradient * (one() / two()).floor()).summed(to: shape)
      })
  }

  private func checkDivisor() throws {
    guard !type.isFloatingPoint, try equal(0).any().item() != 0 else { return }
    throw TensorError("mod: a divisor is 0, and type \(type.rawValue) has no NaN to answer with")
  }

  public static prefix func - (tensor: Tensor) throws -> Tensor {
    let tensor = try tensor.numeric()
    return try tensor.map(.negate).recorded("neg", tensor) { gradient in try -gradient }
  }
}

// Tensor and number: a tensor of f32 or f64 keeps its type; beside integers, a whole number is i64 and others are f32.

extension Tensor {
  public static func + (tensor: Tensor, number: Double) throws -> Tensor {
    guard tensor.type.isFloatingPoint else { return try tensor + tensor.scalar(number) }
    return try tensor.map(.affine(scale: 1, offset: number)).recorded("add", tensor) { gradient in gradient }
  }
  public static func + (number: Double, tensor: Tensor) throws -> Tensor { try tensor + number }

  public static func - (tensor: Tensor, number: Double) throws -> Tensor {
    guard tensor.type.isFloatingPoint else { return try tensor - tensor.scalar(number) }
    return try tensor.map(.affine(scale: 1, offset: -number)).recorded("sub", tensor) { gradient in gradient }
  }
  public static func - (number: Double, tensor: Tensor) throws -> Tensor {
    guard tensor.type.isFloatingPoint else { return try tensor.scalar(number) - tensor }
    return try tensor.map(.affine(scale: -1, offset: number)).recorded("sub", tensor) { gradient in try -gradient }
  }

  public static func * (tensor: Tensor, number: Double) throws -> Tensor {
    guard tensor.type.isFloatingPoint else { return try tensor * tensor.scalar(number) }
    return try tensor.map(.affine(scale: number, offset: 0)).recorded("mul", tensor) { gradient in
      try gradient * number
    }
  }
  public static func * (number: Double, tensor: Tensor) throws -> Tensor { try tensor * number }

  public static func / (tensor: Tensor, number: Double) throws -> Tensor { try tensor / tensor.scalar(number) }
  public static func / (number: Double, tensor: Tensor) throws -> Tensor { try tensor.scalar(number) / tensor }
  public static func % (tensor: Tensor, number: Double) throws -> Tensor { try tensor % tensor.scalar(number) }
  public static func % (number: Double, tensor: Tensor) throws -> Tensor { try tensor.scalar(number) % tensor }
}
