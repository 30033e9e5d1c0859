import Testing

import Kernels

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

private let unaryOperations: [UnaryOperation] = [
  .negate, .absolute, .sign, .square, .reciprocal, .exponential, .logarithm, .logarithm1p, .squareRoot,
  .reciprocalSquareRoot, .sine, .cosine, .tanh, .sigmoid, .softplus, .erf, .relu, .floor, .ceiling, .round,
  .affine(scale: 1.5, offset: -0.25), .power(2.5), .power(2), .power(3), .power(0.5), .power(-0.5), .power(-1),
  .power(-2), .power(0), .clamp(low: -1, high: 0.5), .isFinite,
]

/// The elements where the layouts differ in what they can go wrong with.
private let layoutPairs: [(Layout, Layout)] = Layout.allCases.flatMap { input in
  Layout.writable.map { (input, $0) }
}

@Suite(.serialized) struct FastElementwiseTests {
  @Test(arguments: unaryOperations)
  func mapsAgreeWithPlain(operation: UnaryOperation) throws {
    for shape in shapes.dropLast(2) {
      for (layout, outputLayout) in layoutPairs { try checkMap(operation, shape, layout, outputLayout) }
    }
    for shape in shapes.suffix(2) { try checkMap(operation, shape, .channelsLast, .rowMajor) }
    try atEachLevel { _ in try checkMap(operation, [3, 1001], .rowMajor, .rowMajor) }
  }

  private func checkMap(_ operation: UnaryOperation, _ shape: Shape, _ layout: Layout, _ outputLayout: Layout) throws {
    let type: ElementType = operation == .isFinite ? .bool : .float32
    let input = try sample(shape, layout) { $0 * 4 }
    let (result, expected) = (try target(shape, outputLayout, type), try target(shape, outputLayout, type))
    fast.map(operation, input, into: result)
    plain.map(operation, input, into: expected)
    #expect(
      agree(result.values, expected.values, relative: 1e-6, absolute: 2e-6), "\(operation) \(shape) \(layout)")
    if type == .bool { #expect(holdSameBytes(result, expected)) }
  }

  @Test(arguments: BinaryOperation.allCases)
  func zipsAgreeWithPlain(operation: BinaryOperation) throws {
    for shape in shapes.dropLast(2) {
      for first in Layout.allCases {
        for second in Layout.allCases {
          try checkZip(operation, shape, first, second, .rowMajor)
        }
        for output in Layout.writable { try checkZip(operation, shape, first, .rowMajor, output) }
      }
    }
    for shape in shapes.suffix(2) {
      try checkZip(operation, shape, .rowMajor, .repeatedRows, .rowMajor)
      try checkZip(operation, shape, .channelsLast, .repeatedColumns, .channelsLast)
      try checkZip(operation, shape, .channelsLast, .channelsLast, .channelsLast)
    }
    try atEachLevel { _ in try checkZip(operation, [3, 1001], .rowMajor, .repeatedRows, .rowMajor) }
  }

  private func checkZip(
    _ operation: BinaryOperation, _ shape: Shape, _ firstLayout: Layout, _ secondLayout: Layout, _ outputLayout: Layout
  ) throws {
    let first: Buffer
    let second: Buffer
    switch operation {
    case .and, .or, .exclusiveOr:
      (first, second) = (try sampleTruth(shape, firstLayout), try sampleTruth(shape, secondLayout, seed: 4))
    case .power:
      (first, second) = (try sample(shape, firstLayout) { abs($0) }, try sample(shape, secondLayout, seed: 5))
    default:
      // Coarse, so that equal elements occur.
      first = try sample(shape, firstLayout) { ($0 * 4).rounded() / 4 }
      second = try sample(shape, secondLayout, seed: 5) { ($0 * 4).rounded() / 4 }
    }
    let type: ElementType = operation.isComparison ? .bool : .float32
    let (result, expected) = (try target(shape, outputLayout, type), try target(shape, outputLayout, type))
    fast.zip(operation, first, second, into: result)
    plain.zip(operation, first, second, into: expected)
    #expect(
      agree(result.values, expected.values, relative: 1e-6),
      "\(operation) \(shape) \(firstLayout) \(secondLayout) \(outputLayout)")
    if outputLayout == .scattered && type == .bool { #expect(holdSameBytes(result, expected), "wrote beside") }
  }

  @Test func nothingIsWrittenBesideTheOutput() throws {
    let output = try target([3, 5], .scattered)
    let before = output.bytes
    fast.zip(.add, output, output, into: output)
    fast.map(.negate, output, into: output)
    for place in elementOffsets(output.shape, output.strides) {
      output.pointer.assumingMemoryBound(to: Float.self)[place] = -77
    }
    #expect(Bool(output.bytes == before))
  }

  @Test func anInputMayBeTheOutput() throws {
    for layout in Layout.writable {
      let (output, other) = (try sample([37, 45], layout), try sample([37, 45], seed: 9))
      let expected = try target([37, 45])
      plain.zip(.multiply, output, other, into: expected)
      fast.zip(.multiply, output, other, into: output)
      #expect(agree(output.values, expected.values, relative: 1e-6))
    }
  }

  private static let special: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0x1p-140, -0x1p-140, 3.4e38, 2, 0.5, -2.5,
  ]
  private static let pairs = special.flatMap { first in special.map { (first, $0) } }

  @Test func specialPairs() throws {
    let pairs = Self.pairs
    let first = try sample([pairs.count], .rowMajor, .float32) { pairs[$0].0 }
    let second = try sample([pairs.count], .rowMajor, .float32) { pairs[$0].1 }
    for operation in BinaryOperation.allCases where ![.and, .or, .exclusiveOr].contains(operation) {
      let type: ElementType = operation.isComparison ? .bool : .float32
      let expected = try target(first.shape, .rowMajor, type)
      plain.zip(operation, first, second, into: expected)
      try atEachLevel { level in
        let result = try target(first.shape, .rowMajor, type)
        fast.zip(operation, first, second, into: result)
        for (index, pair) in pairs.enumerated() {
          // Squares of the largest floats overflow here, and do not in double, where the plain kernels compute.
          if [.tanhGradient, .sigmoidGradient].contains(operation), max(abs(pair.0), abs(pair.1)) > 1e38 { continue }
          #expect(
            agree([result.values[index]], [expected.values[index]], relative: 1e-6),
            "\(operation) of \(pair) at level \(level)")
        }
      }
    }
  }

  @Test(arguments: unaryOperations)
  func specialNumbers(operation: UnaryOperation) throws {
    // As in PyTorch, powers of a half are square roots, which −∞ has none of.
    if case .power(let exponent) = operation, abs(exponent) == 0.5 { return }
    let type: ElementType = operation == .isFinite ? .bool : .float32
    let input = try sample([Self.special.count], .rowMajor, .float32) { Self.special[$0] }
    let expected = try target(input.shape, .rowMajor, type)
    plain.map(operation, input, into: expected)
    try atEachLevel { level in
      let result = try target(input.shape, .rowMajor, type)
      fast.map(operation, input, into: result)
      for (index, number) in Self.special.enumerated() {
        #expect(
          agree([result.values[index]], [expected.values[index]], relative: 1e-6),
          "\(operation) of \(number) at level \(level)")
      }
    }
  }

  @Test func accumulationAgreesWithPlain() throws {
    for shape in shapes {
      for (layout, outputLayout) in layoutPairs.prefix(shape.elementCount > 10000 ? 4 : 100) {
        for scale in [1, -0.5] {
          let input = try sample(shape, layout)
          let (result, expected) = (try sample(shape, outputLayout, seed: 8), try sample(shape, outputLayout, seed: 8))
          fast.accumulate(input, scale: scale, into: result)
          plain.accumulate(input, scale: scale, into: expected)
          #expect(agree(result.values, expected.values, relative: 1e-6, absolute: 1e-6), "\(shape) \(layout)")
        }
      }
    }
  }

  @Test func selectionAgreesWithPlain() throws {
    for shape in shapes {
      for layout in Layout.allCases {
        for (conditionLayout, outputLayout) in layoutPairs.prefix(shape.elementCount > 10000 ? 2 : 100) {
          let condition = try sampleTruth(shape, conditionLayout)
          let (first, second) = (try sample(shape, layout), try sample(shape, .scalar, seed: 4))
          let (result, expected) = (try target(shape, outputLayout), try target(shape, outputLayout))
          fast.select(condition, first, second, into: result)
          plain.select(condition, first, second, into: expected)
          #expect(holdSameBytes(result, expected), "\(shape) \(conditionLayout) \(layout) \(outputLayout)")
          fast.select(condition, second, first, into: result)
          plain.select(condition, second, first, into: expected)
          #expect(holdSameBytes(result, expected))
        }
      }
    }
  }

  @Test func notAgreesWithPlain() throws {
    for layout in Layout.allCases {
      let input = try sampleTruth([5, 70], layout)
      let (result, expected) = (try target([5, 70], .scattered, .bool), try target([5, 70], .scattered, .bool))
      fast.map(.not, input, into: result)
      plain.map(.not, input, into: expected)
      #expect(holdSameBytes(result, expected))
    }
  }

  @Test func otherTypesGoToPlain() throws {
    let (first, second) = (try sampleIndices([4], below: 9), try sampleIndices([4], below: 9, seed: 7))
    let (sum, isLess) = (try target([4], .rowMajor, .int64), try target([4], .rowMajor, .bool))
    fast.zip(.add, first, second, into: sum)
    fast.zip(.less, first, second, into: isLess)
    #expect(sum.values == zip(first.values, second.values).map { $0 + $1 })
    #expect(isLess.values == zip(first.values, second.values).map { $0 < $1 ? 1 : 0 })
  }
}
