import Foundation
import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastReductionTests {
  /// Every subset of the shape's dimensions.
  private func subsets(_ rank: Int) -> [[Int]] {
    (0..<(1 << rank)).map { bits in (0..<rank).filter { bits >> $0 & 1 == 1 } }
  }

  private func reduced(_ shape: Shape, _ dimensions: [Int]) -> Shape {
    var result = shape
    for dimension in dimensions { result[dimension] = 1 }
    return result
  }

  @Test(arguments: [Reduction.sum, .mean, .maximum, .minimum])
  func reductionsAgreeWithPlain(operation: Reduction) throws {
    for shape in shapes + [[70, 33], [4, 1030], [1030, 4], [3, 9, 700], [40, 3, 50, 2]] {
      for dimensions in subsets(shape.rank) where !dimensions.isEmpty || shape.rank < 2 {
        for layout in shape.elementCount < 1000 ? Layout.allCases : [.rowMajor, .channelsLast, .reversed] {
          for outputLayout in [Layout.rowMajor, .scattered] {
            let input = try sample(shape, layout)
            let outputShape = reduced(shape, dimensions)
            let (result, expected) = (try target(outputShape, outputLayout), try target(outputShape, outputLayout))
            fast.reduce(operation, input, into: result)
            plain.reduce(operation, input, into: expected)
            #expect(
              agree(result.values, expected.values, relative: 1e-6, absolute: 1e-5),
              "\(shape) over \(dimensions), \(layout)")
          }
        }
      }
    }
  }

  @Test func reductionsAgreeAtEachLevel() throws {
    for operation in [Reduction.sum, .mean, .maximum, .minimum] {
      for (shape, dimension) in [([64, 517], 0), ([64, 517], 1), ([200_003], 0)] as [(Shape, Int)] {
        let input = try sample(shape)
        let expected = try target(reduced(shape, [dimension]))
        plain.reduce(operation, input, into: expected)
        try atEachLevel { level in
          let result = try target(expected.shape)
          fast.reduce(operation, input, into: result)
          #expect(agree(result.values, expected.values, relative: 1e-6, absolute: 1e-5), "\(operation) \(level)")
        }
      }
    }
  }

  @Test func aSumOfTenMillionOnesIsExact() throws {
    let ones = try Buffer(.float32, [10_000_000])
    fast.fill(ones, with: 1)
    let sum = try Buffer(.float32, [1])
    fast.reduce(.sum, ones, into: sum)
    #expect(sum.values == [1e7])
    #expect(fast.sumOfSquares(ones) == 1e7)
  }

  @Test func sumsAreAccurate() throws {
    // The exact sum in double, against which a naive float loop is off by about 1e-4.
    let input = try sample([1_000_003]) { $0 + 3 }
    let sum = try Buffer(.float32, [1])
    fast.reduce(.sum, input, into: sum)
    let exact = input.values.reduce(0, +)
    #expect(abs(sum.values[0] - exact) <= exact * 1e-7)
  }

  @Test func sumsDoNotDependOnTheThreadCount() throws {
    let inputs = [try sample([1_000_003]), try sample([999, 1001]), try sample([999, 1001], .reversed)]
    let sums = { () throws -> [[Double]] in
      try inputs.flatMap { input in
        try (0..<input.shape.rank).map { dimension in
          let output = try Buffer(.float32, reduced(input.shape, [dimension]))
          fast.reduce(.sum, input, into: output)
          return output.values + [fast.sumOfSquares(input)]
        }
      }
    }
    let all = try sums()
    for threads in [1, 3] {
      let computed = try ThreadTeam.using(threads) { try sums() }
      #expect(computed == all, "\(threads) threads")
    }
  }

  @Test func notANumberShowsInMaximaAndMinima() throws {
    for place in [0, 3, 40, 99] {
      for layout in [Layout.rowMajor, .reversed, .scattered] {
        let input = try sample([100, 3], layout, .float32) { $0 / 3 == place ? Float.nan : Float($0 % 7) }
        for operation in [Reduction.maximum, .minimum] {
          let (all, columns) = (try target([1, 1]), try target([1, 3]))
          fast.reduce(operation, input, into: all)
          fast.reduce(operation, input, into: columns)
          #expect((all.values + columns.values).allSatisfy { $0.isNaN })
        }
        let best = try target([1, 3], .rowMajor, .int64)
        fast.argumentOfMaximum(input, dimension: 0, into: best)
        #expect(best.values == [Double](repeating: Double(place), count: 3))
      }
    }
  }

  @Test(arguments: [Reduction.any, .all])
  func truthAgreesWithPlain(operation: Reduction) throws {
    for shape in shapes + [[9, 300]] {
      for dimensions in subsets(shape.rank) {
        for (layout, share) in [(Layout.rowMajor, 0.5), (.reversed, 0.01), (.scattered, 0.99), (.channelsLast, 1)] {
          let input = try sampleTruth(shape, layout, share: share)
          let outputShape = reduced(shape, dimensions)
          let result = try target(outputShape, .scattered, .bool)
          let expected = try target(outputShape, .scattered, .bool)
          fast.reduce(operation, input, into: result)
          plain.reduce(operation, input, into: expected)
          #expect(holdSameBytes(result, expected), "\(shape) over \(dimensions), \(layout)")
        }
      }
    }
  }

  @Test func positionsOfMaximaAgreeWithPlain() throws {
    for shape in shapes + [[3, 700, 5]] where !shape.isEmpty {
      for dimension in shape.indices where shape[dimension] > 0 {
        for layout in Layout.allCases {
          // Coarse, so that equal elements occur.
          let input = try sample(shape, layout) { ($0 * 2).rounded() }
          let outputShape = reduced(shape, [dimension])
          let (result, expected) = (
            try target(outputShape, .scattered, .int64), try target(outputShape, .scattered, .int64)
          )
          fast.argumentOfMaximum(input, dimension: dimension, into: result)
          plain.argumentOfMaximum(input, dimension: dimension, into: expected)
          #expect(holdSameBytes(result, expected), "\(shape) along \(dimension), \(layout)")
        }
      }
    }
  }

  @Test func squaresAgreeWithPlain() throws {
    for shape in shapes {
      for layout in Layout.allCases {
        let input = try sample(shape, layout)
        #expect(agree([fast.sumOfSquares(input)], [plain.sumOfSquares(input)], relative: 1e-12), "\(shape) \(layout)")
      }
    }
  }
}
