import Kernels
import Testing

/// Matrix products against the plain ones, on random shapes and memory orders.
@Suite struct FastMatrixProductTests {
  private let fast = FastKernels.shared
  private let plain = PlainKernels.shared

  /// `matrix` repeated over batch dimensions by strides of 0.
  private func repeated(_ matrix: Buffer, over batch: Shape) -> Buffer {
    Buffer(
      storage: matrix.storage, offset: matrix.offset, shape: Shape(Array(batch) + Array(matrix.shape)),
      strides: Shape(Array(repeating: 0, count: batch.rank) + Array(matrix.strides)), type: .float32)
  }

  @Test(arguments: 0..<200) func agreesWithThePlainProduct(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let sizes = [1, 1, 2, 3, 5, 8, 17, 33, 64, 70]
    let (m, n, k) = (samples.choice(sizes), samples.choice(sizes), samples.choice(sizes))
    let batch = Shape(samples.choice([[], [], [1], [3], [7], [2, 3], [5, 1]]))
    func operand(_ rows: Int, _ columns: Int) throws -> Buffer {
      if samples.integer(0...2) == 0 {
        return repeated(try samples.floats([rows, columns], samples.choice([.rowMajor, .swapped, .inset])), over: batch)
      }
      let layout = samples.choice([RandomBuffers.Layout.rowMajor, .swapped, .inset, .everySecond])
      return try samples.floats(Shape(Array(batch) + [rows, columns]), layout)
    }
    let (first, second) = (try operand(m, k), try operand(k, n))
    let bias = samples.integer(0...1) == 0 ? nil : try samples.floats([n], samples.choice([.rowMajor, .everySecond]))
    let shape = Shape(Array(batch) + [m, n])
    let expected = try samples.empty(shape)
    try plain.matmul(first, second, bias: bias, into: expected)
    let computed = try samples.floats(shape, samples.choice([.rowMajor, .rowMajor, .swapped, .inset, .everySecond]))
    try fast.matmul(first, second, bias: bias, into: computed)
    #expect(
      difference(computed, expected) < 1e-5,
      "\(first.shape) by \(first.strides), \(second.shape) by \(second.strides), bias \(bias != nil)")
    let bits = computed.floats.map(\.bitPattern)
    try fast.matmul(first, second, bias: bias, into: computed)
    #expect(computed.floats.map(\.bitPattern) == bits)
  }

  @Test(arguments: [(512, 512, 512), (256, 65, 1030), (1, 700, 300), (700, 1, 300), (300, 200, 1)])
  func largeProductsAgree(m: Int, n: Int, k: Int) throws {
    var samples = RandomBuffers(seed: 5)
    let (first, second) = (try samples.floats([m, k]), try samples.floats([k, n], .swapped))
    let (expected, computed) = (try samples.empty([m, n]), try samples.empty([m, n]))
    try plain.matmul(first, second, bias: nil, into: expected)
    try fast.matmul(first, second, bias: nil, into: computed)
    #expect(difference(computed, expected) < 1e-5)
  }

  @Test func anEmptySumIsTheBias() throws {
    var samples = RandomBuffers(seed: 6)
    let (first, second, bias) = (try samples.floats([3, 0]), try samples.floats([0, 2]), try samples.floats([2]))
    let output = try samples.floats([3, 2])
    try fast.matmul(first, second, bias: bias, into: output)
    #expect(output.floats == bias.floats + bias.floats + bias.floats)
    try fast.matmul(first, second, bias: nil, into: output)
    #expect(output.floats == [0, 0, 0, 0, 0, 0])
  }
}
