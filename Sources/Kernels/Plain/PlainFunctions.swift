import Foundation

extension Double {
  /// The function that an operation applies to real numbers.
  static func function(_ operation: UnaryOperation) -> (Double) -> Double {
    switch operation {
    case .negate: { -$0 }
    case .absolute: { abs($0) }
    case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case .square: { $0 * $0 }
    case .reciprocal: { 1 / $0 }
    case .exponential: { exp($0) }
    case .logarithm: { log($0) }
    case .logarithm1p: { log1p($0) }
    case .squareRoot: { $0.squareRoot() }
    case .reciprocalSquareRoot: { 1 / $0.squareRoot() }
    case .sine: { sin($0) }
    case .cosine: { cos($0) }
    case .tanh: { Foundation.tanh($0) }
    case .sigmoid: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }
    case .softplus: { Swift.max($0, 0) + log1p(exp(-abs($0))) }
    case .erf: { Foundation.erf($0) }
    case .relu: { $0 < 0 ? 0 : $0 }
    case .floor: { $0.rounded(.down) }
    case .ceiling: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    case .affine(let scale, let offset): { scale * $0 + offset }
    case .power(let exponent): { pow($0, exponent) }
    case .clamp(let low, let high):
      { value in
        let raised = value < low ? low : value
        return raised > high ? high : raised
      }
    case .not: { $0 == 0 ? 1 : 0 }
    case .isFinite: { $0.isFinite ? 1 : 0 }
    }
  }
}

extension Int64 {
  /// The function that an operation applies to integers. What has no meaning of its own there is computed in reals and
  /// truncated.
  static func function(_ operation: UnaryOperation) -> (Int64) -> Int64 {
    switch operation {
    case .negate: return { 0 &- $0 }
    case .absolute: return { $0 < 0 ? 0 &- $0 : $0 }
    case .sign: return { $0.signum() }
    case .square: return { $0 &* $0 }
    case .relu: return { Swift.max($0, 0) }
    case .floor, .ceiling, .round: return { $0 }
    case .not: return { $0 == 0 ? 1 : 0 }
    case .isFinite: return { _ in 1 }
    case .affine(let scale, let offset):
      if let scale = Int64(exactly: scale), let offset = Int64(exactly: offset) { return { $0 &* scale &+ offset } }
    case .power(let exponent):
      if let exponent = Int64(exactly: exponent) { return { $0.raised(to: exponent) } }
    case .clamp(let low, let high):
      // A bound between two integers admits the one inside it.
      let (low, high) = (Int64(real: low.rounded(.up)), Int64(real: high.rounded(.down)))
      return { Swift.min(Swift.max($0, low), high) }
    default: break
    }
    let function = Double.function(operation)
    return { Int64(real: function(Double($0))) }
  }
}

extension BinaryOperation {
  /// The function of two numbers that gives a number.
  func arithmetic<N: PlainNumber>(on type: N.Type = N.self) -> (N, N) -> N {
    switch self {
    case .add: { $0.adding($1) }
    case .subtract: { $0.subtracting($1) }
    case .multiply: { $0.multiplied(by: $1) }
    case .divide: { $0.divided(by: $1) }
    case .power: { $0.raised(to: $1) }
    case .minimum: { $0.minimum($1) }
    case .maximum: { $0.maximum($1) }
    case .modulo: { $0.modulo($1) }
    case .reluGradient: { gradient, output in output > .zero ? gradient : .zero }
    case .tanhGradient:
      { gradient, output in gradient.multiplied(by: N.one.subtracting(output.multiplied(by: output))) }
    case .sigmoidGradient:
      { gradient, output in gradient.multiplied(by: output).multiplied(by: N.one.subtracting(output)) }
    default: preconditionFailure("zip: \(self) gives truth values")
    }
  }

  /// The function of two numbers that gives a truth value.
  func comparison<N: PlainNumber>(of type: N.Type = N.self) -> (N, N) -> Bool {
    switch self {
    case .equal: { $0 == $1 }
    case .notEqual: { $0 != $1 }
    case .less: { $0 < $1 }
    case .lessOrEqual: { $0 <= $1 }
    case .greater: { $0 > $1 }
    case .greaterOrEqual: { $0 >= $1 }
    case .and: { $0 != .zero && $1 != .zero }
    case .or: { $0 != .zero || $1 != .zero }
    case .exclusiveOr: { ($0 != .zero) != ($1 != .zero) }
    default: preconditionFailure("zip: \(self) gives numbers")
    }
  }
}
