import Kernels
import SelfSupervision
import Tensors
import TestSupport
import Testing

struct FeatureQueueTests {
  /// Rows whose angle tells them apart: row i of a batch numbered from `start`.
  private func rows(_ numbers: Range<Int>) throws -> Tensor {
    try Tensor(numbers.flatMap { [Double($0 + 1), 1] }, [numbers.count, 2], type: .float64)
  }

  /// The numbers of the rows in the queue, -1 for initial ones.
  private func contents(_ queue: FeatureQueue) throws -> [Int] {
    let numbers = try queue.negatives().doubles()
    return stride(from: 0, to: numbers.count, by: 2).map { index in
      let ratio = numbers[index] / numbers[index + 1]
      return abs(ratio - ratio.rounded()) < 1e-9 && ratio >= 1 ? Int(ratio.rounded()) - 1 : -1
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 11, 14, 23])
  func keepsTheLatestRowsAtEveryBatchSize(batch: Int) throws {
    let queue = try FeatureQueue(capacity: 7, dimension: 2, type: .float64, using: RandomStream(seed: 1))
    var total = 0
    while total < 60 {
      try queue.enqueue(rows(total..<total + batch))
      total += batch
      // As if the rows had been written one by one: row number n lies at n modulo the capacity.
      var expected = [Int](repeating: -1, count: 7)
      for number in 0..<total { expected[number % 7] = number }
      #expect(try contents(queue) == expected, "after \(total) rows in batches of \(batch)")
      #expect(queue.next == total % 7)
    }
  }

  @Test func startsWithUnitRowsAndNormalisesWhatComes() throws {
    let queue = try FeatureQueue(capacity: 50, dimension: 3, using: RandomStream(seed: 2))
    try requireClose(queue.negatives().norm([1]), [Double](repeating: 1, count: 50))
    try queue.enqueue(Tensor([3.0, 0, 4], [1, 3]))
    try requireClose(queue.negatives().sliced(0, to: 1), [0.6, 0, 0.8])
    let other = try FeatureQueue(capacity: 50, dimension: 3, using: RandomStream(seed: 3))
    #expect(try !isClose(queue.negatives(), other.negatives()))
    try queue.enqueue(Tensor.zeros([0, 3]))
    #expect(queue.next == 1)
  }

  @Test func enqueueingBeforeBackwardHarmsNoGradient() throws {
    let queue = try FeatureQueue(capacity: 6, dimension: 4, type: .float64, using: RandomStream(seed: 4))
    let (queries, keys) = (try fixedNumbers([3, 4], seed: 1), try fixedNumbers([3, 4], seed: 2))
    func gradient(_ between: () throws -> Void) throws -> Tensor {
      let leaf = try queries.cloned()
      try leaf.requireGradient()
      // InfoNCE joins the negatives to the keys, a copy; a new loss may multiply by them as they are.
      let negatives = try queue.negatives()
      let loss =
        try infoNCE(queries: leaf, keys: keys, negatives: negatives, temperature: 0.2)
        + leaf.matmul(negatives.transposed(0, 1)).square().sum()
      try between()
      try loss.backward()
      return try #require(leaf.gradient)
    }
    let undisturbed = try gradient {}
    let disturbed = try gradient { try queue.enqueue(keys) }
    try requireClose(disturbed, undisturbed, relative: 0, absolute: 0)
    #expect(try !queue.negatives().isTracked)
  }

  @Test func keepsNoGradientOfTrackedRows() throws {
    let queue = try FeatureQueue(capacity: 4, dimension: 2, using: RandomStream(seed: 5))
    let keys = try Tensor.ones([2, 2])
    try keys.requireGradient()
    try queue.enqueue(keys * 2)
    #expect(try !queue.negatives().isTracked)
  }

  @Test func savesRowsAndPosition() throws {
    let queue = try FeatureQueue(capacity: 5, dimension: 2, type: .float64, using: RandomStream(seed: 6))
    try queue.enqueue(rows(0..<8))
    let state = queue.stateDictionary().map(\.name)
    #expect(state == ["features", "next"])
    let resumed = try FeatureQueue(capacity: 5, dimension: 2, type: .float64, using: RandomStream(seed: 7))
    try resumed.load(queue.stateDictionary())
    for number in 8..<12 {
      try queue.enqueue(rows(number..<number + 1))
      try resumed.enqueue(rows(number..<number + 1))
    }
    try requireClose(resumed.negatives(), queue.negatives(), relative: 0, absolute: 0)
    #expect(resumed.next == queue.next)
  }

  @Test(arguments: [Int.min, -1, 7, 1 << 60, Int.max])
  func survivesABrokenPosition(position: Int) throws {
    let queue = try FeatureQueue(capacity: 5, dimension: 2, type: .float64, using: RandomStream(seed: 8))
    try queue.load(["features": queue.negatives(), "next": Tensor([position], [])])
    #expect((0..<5).contains(queue.next))
    try queue.enqueue(rows(0..<3))
    #expect(try contents(queue).count { $0 >= 0 } == 3)
  }

  @Test func saysWhatDoesNotFit() throws {
    let stream = RandomStream(seed: 9)
    try expectError("feature_queue: capacity is 0, expected at least 1") {
      _ = try FeatureQueue(capacity: 0, dimension: 2, using: stream)
    }
    try expectError("feature_queue: dimension is -1, expected at least 1") {
      _ = try FeatureQueue(capacity: 2, dimension: -1, using: stream)
    }
    let queue = try FeatureQueue(capacity: 4, dimension: 2, using: stream)
    try expectError("feature_queue: rows [3, 5] do not fit, expected [n, 2]") {
      try queue.enqueue(Tensor.zeros([3, 5]))
    }
    try expectError("feature_queue: rows are f64, the queue is f32") {
      try queue.enqueue(Tensor.zeros([3, 2], type: .float64))
    }
  }
}
