import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastIndexingTests {
  /// Shapes of slices, the largest to be shared by threads.
  private let slices: [Shape] = [[], [0], [1], [5], [3, 4], [2, 3, 5], [7, 401], [70_001]]

  private func with(_ first: Int, _ slice: Shape) -> Shape {
    var shape = slice
    shape.insert(first, at: 0)
    return shape
  }

  @Test func rowsAgreeWithPlain() throws {
    for slice in slices {
      for count in [0, 1, 6, 30] where count * slice.elementCount < 500_000 {
        for layout in [Layout.rowMajor, .reversed, .scattered, .repeatedColumns] {
          for outputLayout in [Layout.rowMajor, .channelsLast, .scattered] {
            let indices = try sampleIndices([count], .scattered, below: 9)
            let (table, rows) = (try sample(with(9, slice), layout), try sample(with(count, slice), layout, seed: 4))
            let (taken, expected) = (
              try target(with(count, slice), outputLayout), try target(with(count, slice), outputLayout)
            )
            fast.takeRows(table, indices: indices, into: taken)
            plain.takeRows(table, indices: indices, into: expected)
            #expect(holdSameBytes(taken, expected), "take \(slice) \(count) \(layout)")

            let put = try sample(with(9, slice), outputLayout)
            let expectedPut = try sample(with(9, slice), outputLayout)
            fast.putRows(rows, indices: indices, into: put)
            plain.putRows(rows, indices: indices, into: expectedPut)
            #expect(holdSameBytes(put, expectedPut), "put \(slice) \(count) \(layout)")
            fast.addRows(rows, indices: indices, into: put)
            plain.addRows(rows, indices: indices, into: expectedPut)
            #expect(holdSameBytes(put, expectedPut), "add \(slice) \(count) \(layout)")
          }
        }
      }
    }
  }

  @Test func rowsOfOtherTypes() throws {
    let indices = try sampleIndices([5], below: 4)
    let labels = try sampleIndices([4, 3], below: 100)
    let (taken, expected) = (try target([5, 3], .rowMajor, .int64), try target([5, 3], .rowMajor, .int64))
    fast.takeRows(labels, indices: indices, into: taken)
    plain.takeRows(labels, indices: indices, into: expected)
    #expect(taken.values == expected.values)
    let (truths, places) = (try sampleTruth([5, 3], .reversed), try sampleIndices([5], below: 4, seed: 8))
    let (put, expectedPut) = (try target([4, 3], .rowMajor, .bool), try target([4, 3], .rowMajor, .bool))
    fast.putRows(truths, indices: places, into: put)
    plain.putRows(truths, indices: places, into: expectedPut)
    #expect(put.values == expectedPut.values)
  }

  @Test func gatheringAndScatteringAgreeWithPlain() throws {
    for shape in shapes where !shape.isEmpty {
      for dimension in shape.indices {
        for layout in shape.elementCount < 5000 ? Layout.allCases : [.channelsLast] {
          var wide = shape
          wide[dimension] = 4
          let indices = try sampleIndices(shape, layout, below: 4)
          let table = try sample(wide, layout)
          let (result, expected) = (try target(shape, .scattered), try target(shape, .scattered))
          fast.gather(table, dimension: dimension, indices: indices, into: result)
          plain.gather(table, dimension: dimension, indices: indices, into: expected)
          #expect(holdSameBytes(result, expected), "gather \(shape) \(dimension) \(layout)")

          let parts = try sample(shape, layout, seed: 5)
          let (sums, expectedSums) = (try sample(wide, .channelsLast), try sample(wide, .channelsLast))
          fast.scatterAdd(parts, dimension: dimension, indices: indices, into: sums)
          plain.scatterAdd(parts, dimension: dimension, indices: indices, into: expectedSums)
          #expect(
            agree(sums.values, expectedSums.values, relative: 1e-6, absolute: 1e-5),
            "scatter \(shape) \(dimension) \(layout)")
        }
      }
    }
  }

  @Test func additionsDoNotDependOnTheThreadCount() throws {
    let (rows, indices) = (try sample([500, 300]), try sampleIndices([500], below: 7))
    let results = try [1, 2, 5].map { threads in
      let sums = try sample([7, 300], seed: 6)
      ThreadTeam.using(threads) { fast.addRows(rows, indices: indices, into: sums) }
      return sums.values
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
