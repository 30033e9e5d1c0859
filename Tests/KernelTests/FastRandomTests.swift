import Foundation
import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared
private let distributions: [Distribution] = [
  .uniform(low: -1, high: 2.5), .normal(mean: 0.5, standardDeviation: 2), .bernoulli(0.3),
]

@Suite(.serialized) struct FastRandomTests {
  private let key = RandomKey(seed: 0x1234_5678_9abc_def0, stream: 0xfedc_ba98_7654_3210)

  @Test(arguments: distributions)
  func agreesWithPlain(distribution: Distribution) throws {
    for shape in shapes {
      for layout in Layout.writable {
        let (result, expected) = (try target(shape, layout), try target(shape, layout))
        fast.random(distribution, key: key, into: result)
        plain.random(distribution, key: key, into: expected)
        // The plain kernels compute normal numbers in double, by libm.
        let tolerance = if case .normal = distribution { 1e-6 } else { 0.0 }
        #expect(
          agree(result.values, expected.values, relative: tolerance, absolute: tolerance), "\(shape) \(layout)")
      }
    }
  }

  @Test(arguments: distributions)
  func bitsDependOnTheKeyAlone(distribution: Distribution) throws {
    let reference = try target([100_003])
    fast.random(distribution, key: key, into: reference)
    for threads in [1, 2, 3] {
      try ThreadTeam.using(threads) {
        try atEachLevel { level in
          let result = try target([100_003])
          fast.random(distribution, key: key, into: result)
          #expect(holdSameBytes(result, reference), "\(threads) threads, level \(level)")
        }
      }
    }
    let other = try target([100_003])
    fast.random(distribution, key: RandomKey(seed: key.seed, stream: 1), into: other)
    #expect(!holdSameBytes(other, reference))
  }

  /// Box and Muller written out, with Foundation's functions: radius from one word, angle from the next.
  @Test func normalNumbersAreThoseOfBoxAndMuller() throws {
    let block = { (number: Int) -> SIMD4<UInt32> in
      Philox.block(
        counter: [UInt32(number), 0, UInt32(truncatingIfNeeded: key.stream), UInt32(key.stream >> 32)],
        key: (UInt32(truncatingIfNeeded: key.seed), UInt32(key.seed >> 32)))
    }
    let (single, double) = (try target([640]), try target([640], .rowMajor, .float64))
    fast.random(.normal(mean: 3, standardDeviation: 2), key: key, into: single)
    fast.random(.normal(mean: 3, standardDeviation: 2), key: key, into: double)
    for pair in 0..<320 {
      let first = pair / 16 * 32 + pair % 16
      let words = block(first / 64 * 16 + first % 16)
      let (x, y) = first % 64 < 32 ? (words[0], words[1]) : (words[2], words[3])
      check(single, first, (Double(x) + 1) * 0x1p-32, Double(y) * 0x1p-32, 1e-6)
      let long = block(first / 32 * 16 + first % 16)
      let (u, v) = (UInt64(long[0]) | UInt64(long[1]) << 32, UInt64(long[2]) | UInt64(long[3]) << 32)
      check(double, first, (Double(u >> 11) + 1) * 0x1p-53, Double(v) * 0x1p-64, 1e-13)
    }
  }

  private func check(_ numbers: Buffer, _ first: Int, _ u: Double, _ v: Double, _ tolerance: Double) {
    let (radius, angle) = ((-2 * log(u)).squareRoot(), 2 * Double.pi * v)
    #expect(abs(numbers.values[first] - (3 + 2 * radius * cos(angle))) < tolerance)
    #expect(abs(numbers.values[first + 16] - (3 + 2 * radius * sin(angle))) < tolerance)
  }

  @Test func moments() throws {
    let count = 1 << 20
    let numbers = try target([count])
    fast.random(.normal(mean: 0, standardDeviation: 1), key: key, into: numbers)
    let values = numbers.values
    let moments = (1...4).map { power in
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / Double(count)
    }
    // Five standard errors of each: √(1, 2, 15, 96) / √n.
    for (moment, (expected, variance)) in zip(moments, [(0, 1), (1, 2), (0, 15), (3, 96)] as [(Double, Double)]) {
      #expect(abs(moment - expected) < 5 * (variance / Double(count)).squareRoot())
    }
    let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    #expect(abs(neighbours) < 5 / Double(count).squareRoot())
    fast.random(.bernoulli(0.3), key: key, into: numbers)
    #expect(abs(numbers.values.reduce(0, +) / Double(count) - 0.3) < 5 * (0.21 / Double(count)).squareRoot())
  }

  @Test func uniformNumbersStayBelowTheirUpperEnd() throws {
    let numbers = try target([200_000])
    fast.random(.uniform(low: 1, high: 1.000_000_2), key: key, into: numbers)
    #expect(numbers.values.allSatisfy { $0 >= 1 && $0 < Double(Float(1.000_000_2)) })
    fast.random(.uniform(low: 2, high: 2), key: key, into: numbers)
    #expect(numbers.values.allSatisfy { $0 == 2 })
  }

  @Test func certaintiesAreCertain() throws {
    let numbers = try target([100_000])
    fast.random(.bernoulli(0), key: key, into: numbers)
    #expect(numbers.values.allSatisfy { $0 == 0 })
    fast.random(.bernoulli(1), key: key, into: numbers)
    #expect(numbers.values.allSatisfy { $0 == 1 })
  }
}
