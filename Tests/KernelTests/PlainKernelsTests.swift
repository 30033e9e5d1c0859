import Foundation
import Testing

import Kernels

/// Hand-computed values of the naive kernels, which every other kernel is held against.
struct PlainKernelsTests {
  let kernels = PlainKernels.shared

  @Test func fillsAndConvertsBetweenAllTypes() throws {
    let reals = try buffer([1.9, -1.9, .nan, 1e30, -1e30, 300, 0], .float64)
    #expect(try converted(reals, .int64) == [1, -1, 0, Double(Int64.max), Double(Int64.min), 300, 0])
    #expect(try converted(reals, .uint8) == [1, 0, 0, 255, 0, 255, 0])
    #expect(try converted(reals, .bool) == [1, 1, 1, 1, 1, 1, 0])
    #expect(try converted(buffer([-1, 256, 7], .int64), .uint8) == [255, 0, 7])
    for type in ElementType.allCases {
      let filled = try Buffer(type, [2, 2])
      kernels.fill(filled, with: 1)
      #expect(numbers(filled) == [1, 1, 1, 1])
    }
  }

  @Test func copiesThroughAnyStrides() throws {
    var turned = try buffer([1, 2, 3, 4, 5, 6], .float32, [2, 3])
    (turned.shape, turned.strides) = ([3, 2], [1, 3])
    let output = try Buffer(.float32, [3, 2])
    kernels.copy(turned, into: output)
    #expect(numbers(output) == [1, 4, 2, 5, 3, 6])
  }

  @Test(arguments: [ElementType.float32, .float64])
  func mapsReals(type: ElementType) throws {
    let cases: [(UnaryOperation, Double, Double)] = [
      (.negate, 2, -2), (.absolute, -3, 3), (.sign, -0.5, -1), (.sign, .nan, 0), (.square, -3, 9), (.reciprocal, 4, 0.25),
      (.exponential, 0, 1), (.logarithm, 1, 0), (.logarithm1p, 0, 0), (.squareRoot, 9, 3), (.reciprocalSquareRoot, 4, 0.5),
      (.sine, 0, 0), (.cosine, 0, 1), (.tanh, 0, 0), (.sigmoid, 0, 0.5), (.sigmoid, -1000, 0), (.softplus, 1000, 1000),
      (.softplus, -1000, 0), (.erf, 0, 0), (.relu, -1, 0), (.relu, 2, 2), (.floor, -1.5, -2), (.ceiling, -1.5, -1),
      (.round, 2.5, 2), (.affine(scale: 2, offset: 1), 3, 7), (.power(3), 2, 8), (.clamp(low: 0, high: 1), 5, 1),
      (.clamp(low: 3, high: 1), 5, 1), (.clamp(low: 3, high: 1), 0, 1),
    ]
    for (operation, input, expected) in cases {
      #expect(try mapped(operation, [input], type) == [expected], "\(operation) of \(input)")
    }
    for operation: UnaryOperation in [.relu, .clamp(low: 0, high: 1), .exponential, .softplus, .sigmoid] {
      #expect(try mapped(operation, [.nan], type)[0].isNaN, "\(operation) of NaN")
    }
    #expect(try mapped(.isFinite, [1, .nan, .infinity], type) == [1, 0, 0])
  }

  @Test func integersWrapAndNeverTrap() throws {
    #expect(try integers(.negate, [.min]) == [.min])
    #expect(try integers(.absolute, [.min, -4]) == [.min, 4])
    #expect(try integers(.square, [.max]) == [1])
    let wrapped: [Int64] = [7, Int64.max &* 3 &+ 1]
    #expect(try integers(.affine(scale: 3, offset: 1), [2, .max]) == wrapped)
    #expect(try integers(.clamp(low: 0.5, high: 2.5), [0, 7]) == [1, 2])
    #expect(try integers(.exponential, [1, 1000]) == [2, .max])
    #expect(try integers(.add, [.max, 1], [1, 1]) == [.min, 2])
    #expect(try integers(.divide, [7, -7, 7, .min], [2, 2, 0, -1]) == [3, -3, 0, .min])
    #expect(try integers(.modulo, [7, -7, 7, .min], [3, 3, 0, -1]) == [1, 2, 0, 0])
    #expect(try integers(.power, [2, 2, -1, 0], [10, -1, -3, -1]) == [1024, 0, -1, 0])
    #expect(try zipped(.add, [250], [10], .uint8) == [4])
  }

  @Test(arguments: [ElementType.float32, .float64])
  func zipsReals(type: ElementType) throws {
    let cases: [(BinaryOperation, Double, Double, Double)] = [
      (.add, 1, 2, 3), (.subtract, 1, 2, -1), (.multiply, 3, 2, 6), (.divide, 1, 4, 0.25), (.power, 2, 0.5, sqrt(2)),
      (.minimum, 1, 2, 1), (.maximum, 1, 2, 2), (.modulo, -7, 3, 2), (.modulo, 5.5, -2, -0.5),
      (.reluGradient, 3, 1, 3), (.reluGradient, 3, 0, 0), (.tanhGradient, 2, 0.5, 1.5), (.sigmoidGradient, 2, 0.5, 0.5),
    ]
    for (operation, first, second, expected) in cases {
      let result = try zipped(operation, [first], [second], type)[0]
      #expect(abs(result - expected) < 1e-6, "\(operation) of \(first), \(second)")
    }
    for operation in [BinaryOperation.minimum, .maximum] {
      #expect(try zipped(operation, [.nan, 1], [1, .nan], type).allSatisfy(\.isNaN))
    }
    #expect(try zipped(.divide, [1, 0], [0, 0], type)[0] == .infinity)
  }

  @Test func comparesAndCombinesTruth() throws {
    #expect(try zipped(.less, [1, 2, .nan], [2, 1, 1], .float64) == [1, 0, 0])
    #expect(try zipped(.notEqual, [1, .nan], [1, .nan], .float64) == [0, 1])
    let (a, b) = ([0.0, 0, 1, 1], [0.0, 1, 0, 1])
    #expect(try zipped(.and, a, b, .bool) == [0, 0, 0, 1])
    #expect(try zipped(.or, a, b, .bool) == [0, 1, 1, 1])
    #expect(try zipped(.exclusiveOr, a, b, .bool) == [0, 1, 1, 0])
    #expect(try mapped(.not, [0, 1], .bool) == [1, 0])
  }

  @Test func broadcastsByStridesOfZeroAndWorksInPlace() throws {
    var column = try buffer([10, 20], .float32, [2, 1])
    (column.shape, column.strides) = ([2, 3], [1, 0])
    let matrix = try buffer([1, 2, 3, 4, 5, 6], .float32, [2, 3])
    kernels.zip(.add, matrix, column, into: matrix)
    #expect(numbers(matrix) == [11, 12, 13, 24, 25, 26])
    kernels.accumulate(column, scale: -1, into: matrix)
    #expect(numbers(matrix) == [1, 2, 3, 4, 5, 6])
    let output = try Buffer(.float32, [2, 3])
    kernels.select(try buffer([1, 0, 1, 0, 1, 0], .bool, [2, 3]), matrix, column, into: output)
    #expect(numbers(output) == [1, 10, 3, 20, 5, 20])
  }

  @Test func acceptsEmptyTensorsAndScalars() throws {
    let (empty, scalar) = (try Buffer(.float32, [0, 3]), try buffer([2], .float32, []))
    kernels.map(.exponential, empty, into: empty)
    kernels.softmax(empty, logarithm: false, into: empty)
    let output = try Buffer(.float32, [])
    kernels.map(.square, scalar, into: output)
    #expect(numbers(output) == [4])
    #expect(try reduced(.sum, empty, [1, 3]) == [0, 0, 0])
    #expect(try reduced(.mean, empty, [1, 3]).allSatisfy(\.isNaN))
    #expect(kernels.sumOfSquares(empty) == 0)
    let product = try Buffer(.float32, [2, 2])
    try kernels.matmul(Buffer(.float32, [2, 0]), Buffer(.float32, [0, 2]), bias: nil, into: product)
    #expect(numbers(product) == [0, 0, 0, 0])
  }
}
