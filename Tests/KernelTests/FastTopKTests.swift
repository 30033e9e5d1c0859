import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastTopKTests {
  private func check(_ input: Buffer, _ k: Int, _ comment: Comment) throws {
    let shape: Shape = [input.shape[0], k]
    let (values, expectedValues) = (try target(shape), try target(shape))
    let (columns, expectedColumns) = (try target(shape, .scattered, .int64), try target(shape, .scattered, .int64))
    fast.topK(input, values: values, indices: columns)
    plain.topK(input, values: expectedValues, indices: expectedColumns)
    #expect(agree(values.values, expectedValues.values) && columns.values == expectedColumns.values, comment)
  }

  @Test func agreesWithPlain() throws {
    for (rows, columns, ks) in [(3, 1, [0, 1]), (2, 10, [1, 5, 10]), (3, 700, [1, 20, 300, 700]), (2, 6000, [200])] {
      for layout in [Layout.rowMajor, .reversed, .scattered] {
        for k in ks {
          try atEachLevel { level in
            try check(try sample([rows, columns], layout), k, "\(rows) × \(columns), \(k) at level \(level)")
            // Few different values, so that ties decide.
            try check(try sample([rows, columns], layout) { $0.rounded() }, k, "ties, \(k)")
          }
        }
      }
    }
  }

  @Test(arguments: ["rising", "falling", "equal", "organ pipe", "not a number", "infinite", "signed zeros"])
  func orderedRows(order: String) throws {
    let count = 3000
    let input = try sample([1, count], .rowMajor, .float32) { index -> Float in
      switch order {
      case "rising": Float(index)
      case "falling": Float(-index)
      case "equal": 1
      case "organ pipe": Float(min(index, count - index))
      case "not a number": index % 5 == 0 ? .nan : Float(index % 17)
      case "infinite": index % 3 == 0 ? -.infinity : index % 1000 == 1 ? .infinity : Float(index)
      default: index % 2 == 0 ? -0.0 : 0
      }
    }
    for k in [1, 200, 1500, count] { try check(input, k, "\(order), \(k)") }
  }
}
