import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastRowsTests {
  private let rowShapes = shapes + [[5, 100], [2, 3, 1000], [3, 65537]]

  @Test(arguments: [false, true])
  func softmaxAgreesWithPlain(logarithm: Bool) throws {
    for shape in rowShapes {
      for layout in shape.elementCount < 5000 ? Layout.allCases : [.rowMajor, .reversed] {
        for outputLayout in Layout.writable {
          let input = try sample(shape, layout) { $0 * 5 }
          let (result, expected) = (try target(shape, outputLayout), try target(shape, outputLayout))
          fast.softmax(input, logarithm: logarithm, into: result)
          plain.softmax(input, logarithm: logarithm, into: expected)
          // A log-softmax is the difference of two numbers of up to 20 or so: near 0 only their rounding is left.
          let absolute = logarithm ? 2e-6 : 1e-12
          #expect(agree(result.values, expected.values, relative: 1e-6, absolute: absolute), "\(shape) \(layout)")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func softmaxGradientAgreesWithPlain(logarithm: Bool) throws {
    for shape in rowShapes where shape.elementCount > 0 {
      for layout in [Layout.rowMajor, .reversed, .scattered] {
        let (output, gradient) = (try target(shape, layout), try sample(shape, .channelsLast, seed: 6))
        plain.softmax(try sample(shape), logarithm: logarithm, into: output)
        let (result, expected) = (try target(shape, layout), try target(shape, layout))
        fast.softmaxGradient(output: output, gradient: gradient, logarithm: logarithm, into: result)
        plain.softmaxGradient(output: output, gradient: gradient, logarithm: logarithm, into: expected)
        #expect(agree(result.values, expected.values, relative: 2e-5, absolute: 1e-6), "\(shape) \(layout)")
      }
    }
  }

  @Test func logSumExpAgreesWithPlain() throws {
    for shape in rowShapes {
      var outputShape = shape
      if !shape.isEmpty { outputShape[shape.count - 1] = 1 }
      for layout in shape.elementCount < 5000 ? Layout.allCases : [.rowMajor, .reversed] {
        let input = try sample(shape, layout) { $0 * 20 }
        let (result, expected) = (try target(outputShape, .scattered), try target(outputShape, .scattered))
        fast.logSumExp(input, into: result)
        plain.logSumExp(input, into: expected)
        #expect(agree(result.values, expected.values, relative: 1e-6, absolute: 1e-6), "\(shape) \(layout)")
      }
    }
  }

  @Test func levelsAgree() throws {
    let input = try sample([7, 261]) { $0 * 9 }
    let expected = try target([7, 261])
    plain.softmax(input, logarithm: false, into: expected)
    try atEachLevel { level in
      let result = try target([7, 261])
      fast.softmax(input, logarithm: false, into: result)
      // The difference from the row's maximum, up to 54, is rounded to float before its exponential is taken.
      #expect(agree(result.values, expected.values, relative: 4e-6), "level \(level)")
    }
  }

  @Test func masksAndLargeNumbersAreSafe() throws {
    let infinity = Float.infinity
    // Row by row: a mask, one element left, large numbers, a wide span, nothing left.
    let rows: [[Float]] = [
      [1, -infinity, 2, -infinity, 3], [-infinity, -infinity, 5, -infinity, -infinity], [1e38, 1e38, -1e38, 3e38, 3e38],
      [0, -100, -103, -200, -1e30], [-infinity, -infinity, -infinity, -infinity, -infinity],
    ]
    let input = try sample([5, 5], .rowMajor, .float32) { rows[$0 / 5][$0 % 5] }
    for logarithm in [false, true] {
      let (result, expected) = (try target([5, 5]), try target([5, 5]))
      fast.softmax(input, logarithm: logarithm, into: result)
      plain.softmax(input, logarithm: logarithm, into: expected)
      #expect(agree(result.values, expected.values, relative: 1e-6, absolute: 3e-45))
    }
    let (result, expected) = (try target([5, 1]), try target([5, 1]))
    fast.logSumExp(input, into: result)
    plain.logSumExp(input, into: expected)
    #expect(agree(result.values, expected.values, relative: 1e-6))
  }

  @Test func rowsSumToOne() throws {
    let (input, output) = (try sample([4, 65537]) { $0 * 10 }, try target([4, 65537]))
    fast.softmax(input, logarithm: false, into: output)
    for row in 0..<4 {
      let sum = output.values[row * 65537..<(row + 1) * 65537].reduce(0, +)
      #expect(abs(sum - 1) < 1e-6)
    }
  }
}
