import Testing

import Kernels

extension PlainKernelsTests {
  private func image(_ values: [Double], _ type: ElementType, _ shape: Shape, _ format: MemoryFormat) throws -> Buffer {
    let result = try Buffer(type, shape, format: format)
    kernels.copy(try buffer(values, type, shape), into: result)
    return result
  }

  // torch 2.13: x = arange(1., 19).reshape(1, 2, 3, 3), w and b as below, F.conv2d(x, w, b, stride=2, padding=1),
  // y.backward(arange(1., 9).reshape(1, 2, 2, 2)). The first output by hand: x[0, 0] · w[0, 0, 1, 1] +
  // x[1, 0] · w[0, 1, 1, 1] + b = 1 · 2 + 10 · 0 + 0.5.
  @Test(arguments: [ElementType.float32, .float64], [MemoryFormat.rowMajor, .channelsLast])
  func convolvesAHandExample(type: ElementType, format: MemoryFormat) throws {
    let geometry = ConvolutionGeometry(strideY: 2, strideX: 2, paddingY: 1, paddingX: 1)
    let input = try image((1...18).map(Double.init), type, [1, 2, 3, 3], format)
    let weight = try buffer([1, 0, -1, 2, 0, 1, 1, 0, 2, 1, 0, 0, -1, 0, 0, 1], type, [2, 2, 2, 2])
    let output = try Buffer(type, [1, 2, 2, 2], format: format)
    try kernels.convolution(input, weight: weight, bias: buffer([0.5, -1], type), geometry, into: output)
    #expect(numbers(output) == [2.5, 15.5, 27.5, 47.5, 9, 11, 19, 19])

    let gradient = try image((1...8).map(Double.init), type, [1, 2, 2, 2], format)
    let inputGradient = try Buffer(type, [1, 2, 3, 3], format: format)
    try kernels.convolutionInputGradient(outputGradient: gradient, weight: weight, geometry, into: inputGradient)
    #expect(numbers(inputGradient) == [2, -2, 4, 7, 20, 8, 6, -4, 8, 5, 2, 6, 3, -8, 4, 7, 4, 8])

    let (weightGradient, biasGradient) = (try Buffer(type, [2, 2, 2, 2]), try Buffer(type, [2]))
    try kernels.convolutionWeightGradient(
      input: input, outputGradient: gradient, geometry, into: weightGradient, biasGradient: biasGradient)
    #expect(
      numbers(weightGradient) == [20, 36, 36, 64, 56, 99, 90, 154, 40, 76, 76, 144, 112, 211, 202, 378])
    #expect(numbers(biasGradient) == [10, 26])
  }

  @Test func convolvesGroupsApartAndDilated() throws {
    let geometry = ConvolutionGeometry(dilationY: 2, dilationX: 2, groups: 2)
    let input = try buffer((1...18).map(Double.init), .float64, [1, 2, 3, 3])
    let weight = try buffer([1, 1, 1, 1, 1, 0, 0, -1], .float64, [2, 1, 2, 2])
    let output = try Buffer(.float64, [1, 2, 1, 1])
    try kernels.convolution(input, weight: weight, bias: nil, geometry, into: output)
    #expect(numbers(output) == [20, -8])
    let gradient = try buffer([1, 2], .float64, [1, 2, 1, 1])
    let (inputGradient, weightGradient) = (try Buffer(.float64, [1, 2, 3, 3]), try Buffer(.float64, [2, 1, 2, 2]))
    try kernels.convolutionInputGradient(outputGradient: gradient, weight: weight, geometry, into: inputGradient)
    #expect(numbers(inputGradient) == [1, 0, 1, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, -2])
    try kernels.convolutionWeightGradient(
      input: input, outputGradient: gradient, geometry, into: weightGradient, biasGradient: nil)
    #expect(numbers(weightGradient) == [1, 3, 7, 9, 20, 24, 32, 36])
  }

  @Test(arguments: [ElementType.float32, .float64])
  func poolsMaximaWithTheirPositions(type: ElementType) throws {
    let window = PoolingWindow(height: 2, width: 2, strideY: 2, strideX: 2, paddingY: 1, paddingX: 1)
    let input = try buffer([-1, -2, -3, -4, 5, 5, -7, 5, -9], type, [1, 1, 3, 3])
    let (output, positions) = (try Buffer(type, [1, 1, 2, 2]), try Buffer(.int64, [1, 1, 2, 2]))
    try kernels.maxPool(input, window, into: output, positions: positions)
    #expect(numbers(output) == [-1, -2, -4, 5])
    #expect(numbers(positions) == [0, 1, 3, 4])
    let inputGradient = try Buffer(type, [1, 1, 3, 3])
    try kernels.maxPoolGradient(
      outputGradient: buffer([1, 2, 3, 4], type, [1, 1, 2, 2]), positions: positions, into: inputGradient)
    #expect(numbers(inputGradient) == [1, 2, 0, 3, 4, 0, 0, 0, 0])
    try kernels.maxPool(
      buffer([1, .nan, 3, 4], type, [1, 1, 2, 2]), PoolingWindow(height: 2, width: 2, strideY: 1, strideX: 1),
      into: Buffer(type, [1, 1, 1, 1]), positions: positions)
    #expect(numbers(positions)[0] == 1)
  }

  @Test func poolsAveragesCountingPadding() throws {
    let window = PoolingWindow(height: 2, width: 2, strideY: 2, strideX: 2, paddingY: 1, paddingX: 1)
    let input = try buffer([1, 2, 3, 4, 5, 6, 7, 8, 9], .float64, [1, 1, 3, 3])
    let (output, inputGradient) = (try Buffer(.float64, [1, 1, 2, 2]), try Buffer(.float64, [1, 1, 3, 3]))
    try kernels.averagePool(input, window, into: output)
    #expect(numbers(output) == [0.25, 1.25, 2.75, 7])
    try kernels.averagePoolGradient(
      outputGradient: buffer([4, 8, 12, 16], .float64, [1, 1, 2, 2]), window, into: inputGradient)
    #expect(numbers(inputGradient) == [1, 2, 2, 3, 4, 4, 3, 4, 4])
  }

  // torch 2.13: relu(F.batch_norm(x, None, None, w, b, True, eps=1e-5) + residual), y.backward([[1, 2], [3, 4], [5, 6]]).
  @Test(arguments: [ElementType.float32, .float64])
  func normalizesBatches(type: ElementType) throws {
    let (weight, bias) = (try buffer([2, 0.5], type), try buffer([-1, 1], type))
    let input = try buffer([1, 2, 3, 5, 5, 11], type, [3, 2])
    let residual = try buffer([3, -1, 0, 0, 0.5, -0.5], type, [3, 2])
    let (mean, variance, output) = (try Buffer(type, [2]), try Buffer(type, [2]), try Buffer(type, [3, 2]))
    try kernels.batchNormalize(
      input, weight: weight, bias: bias, residual: residual, rectify: true, epsilon: 1e-5, into: output, mean: mean,
      variance: variance)
    #expect(numbers(mean) == [3, 6])
    #expect(isClose(numbers(variance), [8.0 / 3, 14], within: 1e-6))
    let expected = [0, 0, 0, 0.866369426768984, 1.9494851500028274, 1.16815286615508]
    #expect(isClose(numbers(output), expected, within: 1e-6))
    // The first output sits on the edge: −1 − 2.4494… + 3 < 0.

    let (inputGradient, sideGradient) = (try Buffer(type, [3, 2]), try Buffer(type, [3, 2]))
    let (weightGradient, biasGradient) = (try Buffer(type, [2]), try Buffer(type, [2]))
    try kernels.batchNormalizeGradient(
      outputGradient: buffer([1, 2, 3, 4, 5, 6], type, [3, 2]), input: input, output: output, weight: weight,
      mean: mean, variance: variance, epsilon: 1e-5, into: inputGradient, weightGradient: weightGradient,
      biasGradient: biasGradient, residualGradient: sideGradient)
    #expect(isClose(numbers(weightGradient), [6.123712875007069, 6.948789808012831], within: 1e-5))
    #expect(numbers(biasGradient) == [5, 10])
    #expect(numbers(sideGradient) == [0, 0, 0, 4, 5, 6])
    let expectedGradient = [
      1.0206073305825945, -0.11454072769409687, -2.0412376250023563, 0.17181067792299975, 1.0206302944197614,
      -0.05726995022890294,
    ]
    #expect(isClose(numbers(inputGradient), expectedGradient, within: 1e-5))
  }

  @Test func normalizesImagesWithGivenStatistics() throws {
    let input = try image([1, 2, 3, 4, 5, 6, 7, 8], .float32, [1, 2, 2, 2], .channelsLast)
    let output = try Buffer(.float32, [1, 2, 2, 2], format: .channelsLast)
    try kernels.batchNormalize(
      input, mean: buffer([1, 4], .float32), variance: buffer([4, 1], .float32), weight: nil, bias: nil, residual: nil,
      rectify: false, epsilon: 0, into: output)
    #expect(numbers(output) == [0, 0.5, 1, 1.5, 1, 2, 3, 4])
  }
}
