import Foundation
import Kernels
import Testing

/// The transcendental functions against Foundation's in double, over all of float: every 4099th bit pattern, which
/// meets all binades, both signs, denormals, infinities and NaN.
@Suite(.serialized) struct AccuracyTests {
  private static let patterns = (0..<(1 << 32) / 4099).map { Float(bitPattern: UInt32($0 * 4099)) }

  struct Function: Sendable {
    let operation: UnaryOperation
    /// The largest error met in a sweep over every 997th pattern, at either level, rounded up.
    let ulps: Double
    let exact: @Sendable (Double) -> Double
  }

  static let functions: [Function] = [
    Function(operation: .exponential, ulps: 1.02) { exp($0) },
    Function(operation: .logarithm, ulps: 0.77) { log($0) },
    Function(operation: .logarithm1p, ulps: 1.34) { log1p($0) },
    Function(operation: .sine, ulps: 0.57) { sin($0) },
    Function(operation: .cosine, ulps: 0.57) { cos($0) },
    Function(operation: .tanh, ulps: 2.34) { tanh($0) },
    Function(operation: .sigmoid, ulps: 2.19) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
    Function(operation: .softplus, ulps: 1.57) { max($0, 0) + log1p(exp(-abs($0))) },
    Function(operation: .erf, ulps: 1.37) { erf($0) },
    Function(operation: .reciprocalSquareRoot, ulps: 1.5) { 1 / $0.squareRoot() },
    Function(operation: .squareRoot, ulps: 0.5) { $0.squareRoot() },
  ]

  @Test(arguments: functions)
  func functionsAreAccurate(function: Function) throws {
    let patterns = Self.patterns
    let (input, output) = (
      try sample([patterns.count], .rowMajor, .float32) { patterns[$0] }, try Buffer(.float32, [patterns.count])
    )
    atEachLevel { level in
      FastKernels.shared.map(function.operation, input, into: output)
      let results = output.pointer.assumingMemoryBound(to: Float.self)
      var worst = (error: 0.0, at: Float(0))
      for (index, x) in patterns.enumerated() {
        let error = errorInUlps(results[index], function.exact(Double(x)))
        if error > worst.error { worst = (error, x) }
      }
      #expect(worst.error <= function.ulps, "\(function.operation) of \(worst.at) at level \(level)")
    }
  }

  @Test func powersAreAccurate() throws {
    var generator = Philox(key: RandomKey(seed: 5, stream: 5))
    let count = 300_000
    let bases = (0..<count).map { _ in Float(bitPattern: UInt32.random(in: 1..<0x7f80_0000, using: &generator)) }
    // Exponents that bring the result anywhere from underflow to overflow.
    let exponents = bases.map { Float((generator.nextUniform() * 2 - 1) * 105 / log(Double($0))) }
    let first = try sample([count], .rowMajor, .float32) { bases[$0] }
    let second = try sample([count], .rowMajor, .float32) { exponents[$0] }
    let output = try Buffer(.float32, [count])
    atEachLevel { level in
      FastKernels.shared.zip(.power, first, second, into: output)
      let results = output.pointer.assumingMemoryBound(to: Float.self)
      let worst = (0..<count).map { errorInUlps(results[$0], pow(Double(bases[$0]), Double(exponents[$0]))) }.max()!
      #expect(worst <= 0.51, "level \(level)")
    }
  }

  /// The distance in units in the last place of the exact result; infinite where one of the two is infinite or NaN
  /// and the other is not alike.
  private func errorInUlps(_ result: Float, _ exact: Double) -> Double {
    if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
    if result.isInfinite || Float(exact).isInfinite { return result == Float(exact) ? 0 : .infinity }
    // Float(exact).ulp would be too large where rounding reaches the next binade.
    let ulp = max(exact.magnitude.binade * 0x1p-23, 0x1p-149)
    return abs(Double(result) - exact) / ulp
  }
}
