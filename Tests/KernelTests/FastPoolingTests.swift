import Kernels
import Testing

/// Pooling against the plain one, on random shapes and memory orders.
@Suite struct FastPoolingTests {
  private let fast = FastKernels.shared
  private let plain = PlainKernels.shared

  /// A random window and an image batch that it fits.
  private func draw(_ samples: inout RandomBuffers) throws -> (PoolingWindow, Buffer, Shape) {
    let (height, width) = (samples.integer(1...9), samples.integer(1...9))
    var window = PoolingWindow(
      height: samples.integer(1...min(height, 4)), width: samples.integer(1...min(width, 4)),
      strideY: samples.integer(1...3), strideX: samples.integer(1...3))
    window.paddingY = samples.integer(0...window.height / 2)
    window.paddingX = samples.integer(0...window.width / 2)
    let shape: Shape = [samples.integer(1...3), samples.choice([1, 3, 8, 13, 64, 70]), height, width]
    let rows = (height + 2 * window.paddingY - window.height) / window.strideY + 1
    let columns = (width + 2 * window.paddingX - window.width) / window.strideX + 1
    return (window, try samples.floats(shape, samples.layout()), [shape[0], shape[1], rows, columns])
  }

  @Test(arguments: 0..<150) func maximaAgree(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let (window, input, shape) = try draw(&samples)
    // Few different values, so that ties occur, and a NaN now and then.
    let coarse = input.floats.map { ($0 * 3).rounded() }
    input.fill { seed % 10 == 0 && $0 % 31 == 0 ? .nan : coarse[$0] }
    let (expected, places) = (try samples.empty(shape), try samples.empty(shape, type: .int64))
    try plain.maxPool(input, window, into: expected, positions: places)
    let layout = samples.layout()
    let (computed, found) = (try samples.empty(shape, layout), try samples.empty(shape, layout, type: .int64))
    try fast.maxPool(input, window, into: computed, positions: found)
    #expect(computed.floats.map(\.bitPattern) == expected.floats.map(\.bitPattern), "\(input.shape), \(window)")
    #expect(found.integers == places.integers, "\(input.shape), \(window)")

    let gradient = try samples.floats(shape, samples.layout())
    let (expectedGradient, computedGradient) = (
      try samples.empty(input.shape), try samples.empty(input.shape, samples.layout())
    )
    try plain.maxPoolGradient(outputGradient: gradient, positions: places, into: expectedGradient)
    try fast.maxPoolGradient(outputGradient: gradient, positions: found, into: computedGradient)
    #expect(difference(computedGradient, expectedGradient) < 1e-6)
  }

  @Test(arguments: 0..<150) func averagesAgree(seed: Int) throws {
    var samples = RandomBuffers(seed: UInt64(seed))
    let (window, input, shape) = try draw(&samples)
    let (expected, computed) = (try samples.empty(shape), try samples.empty(shape, samples.layout()))
    try plain.averagePool(input, window, into: expected)
    try fast.averagePool(input, window, into: computed)
    #expect(difference(computed, expected) < 1e-6, "\(input.shape), \(window)")

    let gradient = try samples.floats(shape, samples.layout())
    let (expectedGradient, computedGradient) = (
      try samples.empty(input.shape), try samples.empty(input.shape, samples.layout())
    )
    try plain.averagePoolGradient(outputGradient: gradient, window, into: expectedGradient)
    try fast.averagePoolGradient(outputGradient: gradient, window, into: computedGradient)
    #expect(difference(computedGradient, expectedGradient) < 1e-6, "\(input.shape), \(window)")
  }
}
