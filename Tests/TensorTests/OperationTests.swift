import Kernels
import TestSupport
@testable import Tensors
import Testing

/// Laws, types, memory order and edges that the comparisons with PyTorch do not show.
@Suite struct OperationTests {
  // MARK: Types

  @Test func typesArePromoted() throws {
    let ladder: [ElementType] = [.bool, .uint8, .int64, .float32, .float64]
    for (row, first) in ladder.enumerated() {
      for (column, second) in ladder.enumerated() {
        let sum = try Tensor.ones([2], type: first) + Tensor.ones([2], type: second)
        let larger = ladder[max(row, column)]
        #expect(sum.type == (larger == .bool ? .int64 : larger), "\(first) + \(second)")
        #expect(try sum.doubles() == [2, 2])
      }
    }
  }

  @Test func numbersKeepFloatTypesAndMakeFractionsOfIntegers() throws {
    #expect(try (Tensor.ones([1], type: .float64) * 0.1).doubles() == [0.1])
    #expect(try (Tensor.ones([1]) * 0.1).type == .float32)
    let whole = try Tensor([7, -7], [2])
    #expect(try (whole + 1).integers() == [8, -6])
    #expect(try (whole * 2.5).type == .float32)
    #expect(try (whole / 2).floats() == [3.5, -3.5])
    #expect(try (whole % 3).integers() == [1, 2])
    #expect(try (10 - whole).integers() == [3, 17])
    #expect(try whole.clamp(low: -3).integers() == [7, -3])
    #expect(try whole.power(2).type == .float32)
    #expect(try whole.mean().item() == 0)
    #expect(try Tensor([1.0, 0, 1], [3], type: .bool).sum().integers() == [2])
    #expect(try whole.greater(0).sum().integers() == [1])
  }

  @Test func integersAreExactAboveDoubles() throws {
    let large = (1 << 53) + 1
    #expect(try (Tensor([large], [1]) + 1).integers() == [large + 1])
    #expect(try Tensor([large], [1]).equal(Tensor([large - 1], [1])).doubles() == [0])
  }

  // MARK: Memory order

  @Test func elementwiseResultsKeepTheOrderInMemory() throws {
    let image = try fixedNumbers([2, 3, 4, 5], type: .float32)
    let nhwc = Tensor(buffer: try image.buffer.channelsLast())
    let bias = try Tensor.ones([1, 3, 1, 1])
    for result in [try nhwc.relu(), try nhwc + bias, try bias + nhwc, try nhwc * nhwc, try nhwc.greater(0)] {
      #expect(result.buffer.isChannelsLast && !result.buffer.isContiguous)
    }
    #expect(try nhwc.converted(to: .float64).buffer.isChannelsLast)
    #expect(try nhwc.cloned().buffer.isChannelsLast)
    #expect(try Tensor.concatenated([nhwc, nhwc], 1).buffer.isChannelsLast)
    #expect(try nhwc.transposed().relu().buffer.strides == nhwc.transposed().buffer.strides)
    try requireClose(nhwc.relu(), image.relu())
    try requireClose(nhwc + bias, image + bias)
  }

  @Test func imagesStayChannelsLastAndFlattenFreely() throws {
    let image = try fixedNumbers([2, 3, 4, 4], type: .float32)
    let weight = try fixedNumbers([5, 3, 3, 3], type: .float32)
    let features = try image.convolution(weight: weight, .init(paddingY: 1, paddingX: 1))
    #expect(features.buffer.isChannelsLast)
    let normalized = try features.batchNormalized(weight: nil, bias: nil, rectify: true).output
    #expect(normalized.buffer.isChannelsLast)
    let pooled = try normalized.maxPool(.init(height: 2, width: 2, strideY: 2, strideX: 2)).globalAveragePool()
    #expect(pooled.shape == [2, 5, 1, 1])
    let flat = try pooled.flattened(from: 1)
    #expect(flat.shape == [2, 5])
    #expect(flat.buffer.storage === pooled.buffer.storage)
  }

  @Test func reshapingSharesMemoryWhereItCan() throws {
    let x = try Tensor.arange(to: 24).reshaped([2, 3, 4])
    #expect(try x.reshaped([6, 4]).buffer.storage === x.buffer.storage)
    let part = try x.sliced(2, from: 0, to: 2)
    #expect(try part.reshaped([6, 2]).buffer.storage === x.buffer.storage)
    #expect(try part.reshaped([3, 2, 2]).floats() == [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21])
    let copied = try part.reshaped([12])
    #expect(copied.buffer.storage !== x.buffer.storage)
    #expect(try copied.floats() == [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21])
    #expect(try x.transposed(0, 2).reshaped([4, 6]).floats() == x.permuted([2, 1, 0]).doubles().map(Float.init))
    #expect(try x.permuted([1, 2, 0]).reshaped([12, 2]).buffer.storage === x.buffer.storage)
    #expect(try x.reshaped([2, 1, 12, 1]).squeezed().shape == [2, 12])
    #expect(try Tensor.zeros([0, 3]).reshaped([3, 0]).shape == [3, 0])
    #expect(try Tensor.ones([]).reshaped([1, 1]).shape == [1, 1])
  }

  // MARK: Laws

  @Test func softmaxRowsSumToOne() throws {
    let x = try fixedNumbers([5, 7], type: .float32) * 50
    try requireClose(x.softmax().sum([1]), Tensor.ones([5]))
    try requireClose(x.logSoftmax().exp(), x.softmax())
    try requireClose(x - x.logSumExp(keepDimensions: true), x.logSoftmax(), absolute: 1e-4)
  }

  @Test func softplusIsTheStableForm() throws {
    let x = try fixedNumbers([50], type: .float64) * 10
    try requireClose(x.softplus(), (x.exp() + 1).log(), relative: 1e-12, absolute: 1e-12)
    #expect(try Tensor([1000.0, -1000], [2]).softplus().floats() == [1000, 0])
  }

  @Test func crossEntropyAtChanceIsTheLogarithmOfTheClasses() throws {
    let loss = try Tensor.zeros([3, 8]).crossEntropy(labels: Tensor([0, 3, 7], [3]))
    try requireClose(loss, [2.0794415416798357])
  }

  @Test func crossEntropyIsLogSoftmaxAndLikelihood() throws {
    let x = try fixedNumbers([6, 5]) * 3, labels = try Tensor([0, 1, 2, 3, 4, 0], [6])
    try requireClose(
      x.crossEntropy(labels: labels), x.logSoftmax().negativeLogLikelihood(labels: labels), relative: 1e-12)
    let target = try labels.oneHot(5) * 0.9 + 0.1 / 5
    try requireClose(
      x.crossEntropy(labels: labels, labelSmoothing: 0.1), -(x.logSoftmax() * target).sum([1]).mean(), relative: 1e-7)
  }

  @Test func batchNormalizationGivesStatistics() throws {
    let x = try fixedNumbers([4, 3, 2, 2], type: .float32)
    let (y, mean, variance) = try x.batchNormalized(weight: nil, bias: nil)
    try requireClose(mean, x.mean([0, 2, 3]))
    try requireClose(variance, x.variance([0, 2, 3], unbiased: false))
    try requireClose(y.mean([0, 2, 3]), Tensor.zeros([3]))
    try requireClose(x.batchNormalized(mean: mean, variance: variance, weight: nil, bias: nil), y)
    #expect(!mean.isTracked && !variance.isTracked)
  }

  @Test func convolutionOfOnePixelIsAMatrixProduct() throws {
    let x = try fixedNumbers([2, 3, 4, 5], type: .float32), w = try fixedNumbers([6, 3, 1, 1], type: .float32)
    let rows = try x.permuted([0, 2, 3, 1]).matmul(w.reshaped([6, 3]).transposed())
    try requireClose(x.convolution(weight: w), rows.permuted([0, 3, 1, 2]))
  }

  @Test func normalizedRowsHaveLengthOne() throws {
    let x = try fixedNumbers([4, 9], type: .float32)
    try requireClose(x.normalized().norm([1]), Tensor.ones([4]))
    #expect(try Tensor.zeros([2, 3]).normalized().floats() == [0, 0, 0, 0, 0, 0])
  }

  // MARK: Edges

  @Test func emptyReductions() throws {
    let empty = try Tensor.zeros([0, 3])
    #expect(try empty.sum().item() == 0)
    #expect(try empty.mean().item().isNaN)
    #expect(try empty.sum([0]).floats() == [0, 0, 0])
    #expect(try empty.all().item() == 1)
    #expect(try empty.any().item() == 0)
    #expect(try empty.variance([0]).floats().allSatisfy(\.isNaN))
    #expect(try empty.maximum([1]).shape == [0])
    #expect(try empty.softmax().shape == [0, 3])
    #expect(try empty.matmul(Tensor.ones([3, 2])).shape == [0, 2])
    #expect(try Tensor.zeros([2, 0]).matmul(Tensor.zeros([0, 2])).floats() == [0, 0, 0, 0])
    #expect(try Tensor.zeros([2, 0]).linear(weight: .zeros([2, 0]), bias: .ones([2])).floats() == [1, 1, 1, 1])
    #expect(try Tensor.concatenated([empty, Tensor.ones([1, 3])]).shape == [1, 3])
  }

  @Test func notANumberPasses() throws {
    let x = try Tensor([Double.nan, 1], [2])
    #expect(try x.relu().floats()[0].isNaN)
    #expect(try x.maximum().item().isNaN)
    #expect(try x.maximum(0).floats()[0].isNaN)
    #expect(try x.clamp(low: 0, high: 1).floats()[0].isNaN)
    #expect(try x.isFinite().doubles() == [0, 1])
    #expect(try x.equal(x).doubles() == [0, 1])
  }

  @Test func theFirstOfEqualsWins() throws {
    let x = try Tensor([1.0, 3, 3, 0, 0, 0], [2, 3])
    #expect(try x.argumentOfMaximum(1).integers() == [1, 0])
    #expect(try x.argumentOfMinimum(1).integers() == [0, 0])
    #expect(try x.topK(2).indices.integers() == [1, 2, 0, 1])
  }

  @Test func creation() throws {
    #expect(try Tensor.arange(to: 5).floats() == [0, 1, 2, 3, 4])
    #expect(try Tensor.arange(from: 1, to: 0, step: -0.25).floats() == [1, 0.75, 0.5, 0.25])
    #expect(try Tensor.arange(from: 3, to: 3).shape == [0])
    #expect(try Tensor.arange(from: 2, to: 8, step: 3, type: .int64).integers() == [2, 5])
    #expect(try Tensor.eye(2).floats() == [1, 0, 0, 1])
    #expect(try Tensor.eye(0).shape == [0, 0])
    #expect(try Tensor(scalar: 2.5).item() == 2.5)
    #expect(try Tensor([1.0, 2, 255], [3], type: .uint8).integers() == [1, 2, 255])
    #expect(try Tensor([2, 0], [2]).oneHot(3).floats() == [0, 0, 1, 1, 0, 0])
  }

  @Test func randomNumbersDependOnTheSeedAlone() throws {
    func draw(_ seed: UInt64) throws -> [[Double]] {
      let stream = RandomStream(seed: seed)
      let drawn: [Tensor] = try [
        .uniform([1000], low: -1, high: 2, using: stream),
        .normal([1000], mean: 3, standardDeviation: 2, using: stream),
        .bernoulli([1000], probability: 0.25, using: stream), .randomPermutation(100, using: stream),
      ]
      return try drawn.map { try $0.doubles() }
    }
    let (first, again, other) = (try draw(1), try draw(1), try draw(2))
    #expect(first == again && first != other)
    #expect(first[0].allSatisfy { $0 >= -1 && $0 < 2 })
    #expect(abs(first[1].reduce(0, +) / 1000 - 3) < 0.3)
    #expect(abs(first[2].reduce(0, +) / 1000 - 0.25) < 0.06)
    #expect(first[3].sorted() == (0..<100).map(Double.init))
  }
}
