import Foundation
import Testing

import Kernels

extension PlainKernelsTests {
  @Test func reducesOverAnyDimensions() throws {
    let input = try buffer([1, 2, 3, 4, 5, 6], .float32, [2, 3])
    #expect(try reduced(.sum, input, [1, 3]) == [5, 7, 9])
    #expect(try reduced(.sum, input, [2, 1]) == [6, 15])
    #expect(try reduced(.mean, input, [1, 1]) == [3.5])
    #expect(try reduced(.maximum, input, [2, 1]) == [3, 6])
    #expect(try reduced(.minimum, input, [1, 3]) == [1, 2, 3])
    let truth = try buffer([1, 1, 0, 1], .bool, [2, 2])
    #expect(try reduced(.any, truth, [2, 1]) == [1, 1])
    #expect(try reduced(.all, truth, [2, 1]) == [1, 0])
    #expect(try reduced(.sum, truth, [1, 1], type: .int64) == [3])
    #expect(try reduced(.sum, buffer([200, 100], .uint8), [1], type: .int64) == [300])
  }

  @Test func maximaAndMinimaPropagateNaN() throws {
    let input = try buffer([1, .nan, 3, 4, 5, 6], .float64, [2, 3])
    for operation in [Reduction.maximum, .minimum] {
      let result = try reduced(operation, input, [2, 1])
      #expect(result[0].isNaN && !result[1].isNaN)
    }
  }

  @Test func sumsManyFloatsExactly() throws {
    let input = try buffer([16_777_216] + Array(repeating: 1.0, count: 1000), .float32)
    #expect(try reduced(.sum, input, [1]) == [16_778_216])
  }

  @Test func findsTheFirstOfLargestElements() throws {
    let input = try buffer([1, 3, 3, .nan, 9, .nan], .float32, [2, 3])
    let output = try Buffer(.int64, [2, 1])
    kernels.argumentOfMaximum(input, dimension: 1, into: output)
    #expect(numbers(output) == [1, 0])
    let columns = try Buffer(.int64, [1, 3])
    kernels.argumentOfMaximum(try buffer([1, 5, 2, 4, 5, 0], .int64, [2, 3]), dimension: 0, into: columns)
    #expect(numbers(columns) == [1, 0, 0])
  }

  @Test func ranksTopElementsWithTiesByColumn() throws {
    let input = try buffer([2, 7, 7, 1, .nan, 0, 3, 3], .float64, [2, 4])
    let (values, indices) = (try Buffer(.float64, [2, 3]), try Buffer(.int64, [2, 3]))
    kernels.topK(input, values: values, indices: indices)
    #expect(numbers(indices) == [1, 2, 0, 0, 2, 3])
    #expect(Array(numbers(values).prefix(3)) == [7, 7, 2] && numbers(values)[3].isNaN)
  }

  @Test(arguments: [ElementType.float32, .float64])
  func softmaxSurvivesLargeLogits(type: ElementType) throws {
    let input = try buffer([1000, 1000, -1000, 0, log(2), log(3)], type, [2, 3])
    let (output, logarithm, total) = (try Buffer(type, [2, 3]), try Buffer(type, [2, 3]), try Buffer(type, [2, 1]))
    let shares: [Double] = [0.5, 0.5, 0, 1 / 6, 1 / 3, 0.5]
    kernels.softmax(input, logarithm: false, into: output)
    #expect(isClose(numbers(output), shares, within: 1e-6))
    var logarithms = shares.map { log($0) }
    logarithms[2] = -2000 - log(2)
    kernels.softmax(input, logarithm: true, into: logarithm)
    #expect(isClose(numbers(logarithm), logarithms, within: 2e-4))
    kernels.logSumExp(input, into: total)
    let totals: [Double] = [1000.6931471805599, 1.791759469228055]
    #expect(isClose(numbers(total), totals, within: 1e-4))
    let infinite = try buffer([-.infinity, -.infinity], type, [1, 2])
    let one = try Buffer(type, [1, 1])
    kernels.logSumExp(infinite, into: one)
    #expect(numbers(one) == [-.infinity])
  }

  @Test func softmaxGradientsMatchTheirFormulas() throws {
    let (output, gradient) = (try buffer([0.25, 0.75], .float64, [1, 2]), try buffer([1, 3], .float64, [1, 2]))
    let result = try Buffer(.float64, [1, 2])
    kernels.softmaxGradient(output: output, gradient: gradient, logarithm: false, into: result)
    #expect(numbers(result) == [-0.375, 0.375])
    let logarithm = try buffer([log(0.25), log(0.75)], .float64, [1, 2])
    kernels.softmaxGradient(output: logarithm, gradient: gradient, logarithm: true, into: result)
    #expect(isClose(numbers(result), [0, 0], within: 1e-12))
  }

  @Test func takesPutsAndAddsRows() throws {
    let table = try buffer([1, 2, 3, 4, 5, 6], .float32, [3, 2])
    let indices = try buffer([2, 0, 2], .int64)
    let taken = try Buffer(.float32, [3, 2])
    kernels.takeRows(table, indices: indices, into: taken)
    #expect(numbers(taken) == [5, 6, 1, 2, 5, 6])
    kernels.addRows(try buffer([1, 1, 10, 10, 2, 2], .float32, [3, 2]), indices: indices, into: table)
    #expect(numbers(table) == [11, 12, 3, 4, 8, 9])
    kernels.putRows(try buffer([1, 1, 2, 2, 3, 3], .float32, [3, 2]), indices: indices, into: table)
    #expect(numbers(table) == [2, 2, 3, 4, 3, 3])
  }

  @Test func gathersAndScatters() throws {
    let input = try buffer([1, 2, 3, 4, 5, 6], .float64, [2, 3])
    let indices = try buffer([2, 2, 0, 1], .int64, [2, 2])
    let gathered = try Buffer(.float64, [2, 2])
    kernels.gather(input, dimension: 1, indices: indices, into: gathered)
    #expect(numbers(gathered) == [3, 3, 4, 5])
    let sums = try buffer([0, 0, 0, 0, 0, 0], .float64, [2, 3])
    kernels.scatterAdd(gathered, dimension: 1, indices: indices, into: sums)
    #expect(numbers(sums) == [0, 0, 6, 4, 5, 0])
  }

  @Test(arguments: [ElementType.float32, .float64, .int64])
  func multipliesMatrices(type: ElementType) throws {
    let first = try buffer([1, 2, 3, 4, 5, 6], type, [2, 3])
    var second = try buffer([1, 0, 2, -1, 3, 1], type, [2, 3])
    (second.shape, second.strides) = ([3, 2], [1, 3])
    let output = try Buffer(type, [2, 2])
    try kernels.matmul(first, second, bias: buffer([10, 20], type), into: output)
    #expect(numbers(output) == [17, 28, 26, 37])
  }

  @Test func broadcastsBatchesOfMatrices() throws {
    var first = try buffer([1, 2], .float64, [1, 1, 2])
    (first.shape, first.strides) = ([3, 1, 2], [0, 2, 1])
    let output = try Buffer(.float64, [3, 1, 1])
    try kernels.matmul(first, buffer([1, 1, 2, 2, 3, 3], .float64, [3, 2, 1]), bias: nil, into: output)
    #expect(numbers(output) == [3, 6, 9])
  }
}
