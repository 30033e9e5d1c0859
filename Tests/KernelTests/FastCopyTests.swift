import Testing

import Kernels

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastCopyTests {
  /// A buffer of any type with values that convert in all the ways there are.
  private func anySample(_ type: ElementType, _ shape: Shape, _ layout: Layout) throws -> Buffer {
    let reals = [0, 1, -1, 0.9, -0.9, 255.5, 300, -300, 1e30, -1e30, .infinity, -.infinity, .nan, 42.4999, 7, 1e-40]
    let wholes: [Int64] = [0, 1, -1, 255, 256, 300, -300, .max, .min, 1 << 40, 7]
    return switch type {
    case .float32: try sample(shape, layout, type) { Float(reals[$0 * 7 % reals.count]) }
    case .float64: try sample(shape, layout, type) { reals[$0 * 7 % reals.count] }
    case .int64: try sample(shape, layout, type) { wholes[$0 * 7 % wholes.count] }
    case .uint8: try sample(shape, layout, type) { UInt8($0 * 7 % 256) }
    case .bool: try sampleTruth(shape, layout)
    }
  }

  @Test(arguments: ElementType.allCases, ElementType.allCases)
  func copiesAgreeWithPlain(from: ElementType, to: ElementType) throws {
    for shape in shapes + [[40, 50], [3, 17, 65, 33], [130, 3, 9]] {
      for layout in Layout.allCases {
        for outputLayout in Layout.writable where shape.elementCount < 5000 || outputLayout != .scattered {
          let input = try anySample(from, shape, layout)
          let (result, expected) = (try target(shape, outputLayout, to), try target(shape, outputLayout, to))
          fast.copy(input, into: result)
          plain.copy(input, into: expected)
          #expect(
            agree(result.values, expected.values), "\(shape) \(layout) into \(outputLayout)")
          if outputLayout == .scattered && from == to { #expect(holdSameBytes(result, expected)) }
        }
      }
    }
  }

  @Test func copiesAgreeAtEachLevel() throws {
    try atEachLevel { level in
      for from in ElementType.allCases {
        for to in ElementType.allCases {
          let input = try anySample(from, [67, 129], .reversed)
          let (result, expected) = (try target([67, 129], .rowMajor, to), try target([67, 129], .rowMajor, to))
          fast.copy(input, into: result)
          plain.copy(input, into: expected)
          #expect(agree(result.values, expected.values), "\(from) to \(to) at level \(level)")
        }
      }
    }
  }

  @Test(arguments: ElementType.allCases)
  func fillAgreesWithPlain(type: ElementType) throws {
    for shape in shapes {
      for layout in Layout.writable {
        let (result, expected) = (try target(shape, layout, type), try target(shape, layout, type))
        fast.fill(result, with: 2.75)
        plain.fill(expected, with: 2.75)
        #expect(holdSameBytes(result, expected), "\(shape) \(layout)")
      }
    }
  }
}
