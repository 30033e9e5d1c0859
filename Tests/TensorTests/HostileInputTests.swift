import Kernels
import TestSupport
import Tensors
import Testing

/// Every operation with every kind of wrong input: it answers or throws a sentence, and never stops the process.
///
/// Each in a process of its own, for the memory limit that refuses enormous sizes is one for the whole process.
@Suite struct HostileInputTests {
  static let byteLimit = 1 << 30

  /// What needs arguments that fit each other, which random ones seldom do; these have tests of their own.
  static let needsLuck: Set = ["cat nothing", "conv2d", "pools", "batch_norm fixed", "cross_entropy"]

  typealias Operation = (name: String, function: @Sendable ([Tensor], [Int]) throws -> [Tensor])

  static let shapes: [Shape] = [
    [], [0], [1], [3], [2, 3], [3, 2], [0, 3], [3, 0], [2, 0, 3], [4, 1, 2], [2, 3, 4, 4], [1, 1, 1, 1], [0, 2, 3, 3],
    [1, 2, 1, 2, 1, 2],
  ]
  static let numbers = [
    -1, 0, 1, 2, 3, 6, 7, -2, -6, -7, 1000, 1 << 31, 1 << 62, Int.max, Int.min, Int.max - 1, Int.min + 1,
  ]
  static let reals = [0, 1, -1, 0.5, 2, 1e300, -1e300, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 9.3e18]

  /// A tensor of some shape, type, layout and content that the generator picks.
  static func tensor(_ generator: inout some RandomNumberGenerator) throws -> Tensor {
    let shape = shapes.randomElement(using: &generator)!
    let type = ElementType.allCases.randomElement(using: &generator)!
    var values: [Double] = (0..<shape.elementCount).map { _ in Double(Int.random(in: 0..<3, using: &generator)) }
    if type.isFloatingPoint, Bool.random(using: &generator) {
      for index in values.indices { values[index] = reals.randomElement(using: &generator)! }
    }
    var result = try Tensor(values, shape, type: type)
    if type == .int64, Int.random(in: 0..<8, using: &generator) == 0 {
      result = try Tensor(shape.elementCount == 1 ? [Int.min] : values.map { $0 == 0 ? Int.max : Int.min }, shape)
    }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0 where result.rank >= 2: result = try result.transposed(0, 1)
    case 1 where result.rank >= 1 && result.shape[0] > 1: result = try result.sliced(0, from: 0, to: 2, step: 2)
    case 2 where result.rank < 6: result = try result.expanded(Shape([2] + result.shape))
    default: break
    }
    if type.isFloatingPoint, Bool.random(using: &generator) { try result.detached().requireGradient() }
    if type.isFloatingPoint, Bool.random(using: &generator), !result.isTracked { try result.requireGradient() }
    return result
  }

  static let operations: [Operation] = [
    ("arithmetic", { t, n in [try t[0] + t[1], try t[0] - t[1], try t[0] * t[1], try t[0] / t[1]] }),
    ("mod", { t, n in [try t[0] % t[1]] }),
    ("numbers", { t, n in
      let x = reals[abs(n[0] % 12)]
      return [try t[0] + x, try t[0] - x, try t[0] * x, try x - t[0], try -t[0]]
    }),
    ("divided numbers", { t, n in
      let x = reals[abs(n[0] % 12)]
      return [try t[0] / x, try x / t[0]]
    }),
    ("mod number", { t, n in [try t[0] % reals[abs(n[0] % 12)]] }),
    ("number mod", { t, n in [try reals[abs(n[0] % 12)] % t[0]] }),
    ("functions", { t, n in
      [
        try t[0].exp(), try t[0].log(), try t[0].log1p(), try t[0].sqrt(), try t[0].rsqrt(), try t[0].reciprocal(),
        try t[0].tanh(), try t[0].sigmoid(), try t[0].softplus(), try t[0].sin(), try t[0].cos(), try t[0].erf(),
        try t[0].relu(), try t[0].square(), try t[0].abs(), try t[0].sign(), try t[0].floor(), try t[0].ceil(),
        try t[0].round(), try t[0].isFinite(), try t[0].not(),
      ]
    }),
    ("clamp", { t, n in [try t[0].clamp(low: reals[abs(n[0] % 12)], high: reals[abs(n[1] % 12)])] }),
    ("pow", { t, n in [try t[0].power(t[1])] }),
    ("pow number", { t, n in [try t[0].power(reals[abs(n[0] % 12)]), try Tensor.power(2.5, t[0])] }),
    ("extremes", { t, n in [try t[0].minimum(t[1]), try t[0].maximum(t[1]), try t[0].maximum(Double(n[0]))] }),
    ("comparisons", { t, n in
      [
        try t[0].equal(t[1]), try t[0].less(t[1]), try t[0].greaterOrEqual(Double(n[0])), try t[0].and(t[1]),
        try t[0].or(t[1]), try t[0].exclusiveOr(t[1]),
      ]
    }),
    ("where", { t, n in [try Tensor.select(t[0], t[1], t[2])] }),
    ("masked", { t, n in [try t[0].maskedFill(t[1], reals[abs(n[0] % 12)])] }),
    ("masked_select", { t, n in [try t[0].maskedSelect(t[1])] }),
    ("sum", { t, n in [try t[0].sum(Array(n.prefix(2))), try t[0].sum()] }),
    ("sum of one", { t, n in [try t[0].sum([n[0]], keepDimensions: true)] }),
    ("mean", { t, n in [try t[0].mean([n[0]]), try t[0].mean()] }),
    ("max", { t, n in [try t[0].maximum([n[0]])] }),
    ("max of all", { t, n in [try t[0].maximum(), try t[0].minimum()] }),
    ("any, all", { t, n in [try t[0].any([n[0]]), try t[0].all()] }),
    ("var", { t, n in [try t[0].variance([n[0]]), try t[0].standardDeviation()] }),
    ("norm", { t, n in [try t[0].norm([n[0]]), try t[0].normalized(n[1])] }),
    ("logsumexp", { t, n in [try t[0].logSumExp(n[0])] }),
    ("softmax", { t, n in [try t[0].softmax(n[0]), try t[0].logSoftmax(n[0])] }),
    ("cosine", { t, n in [try t[0].cosineSimilarity(t[1], n[0])] }),
    ("cdist", { t, n in [try t[0].pairwiseDistances(t[1])] }),
    ("cumsum", { t, n in [try t[0].cumulativeSum(n[0])] }),
    ("reshape", { t, n in [try t[0].reshaped([n[0], n[1]])] }),
    ("reshape to one", { t, n in [try t[0].reshaped([-1])] }),
    ("transpose", { t, n in [try t[0].transposed(n[0], n[1])] }),
    ("permute", { t, n in [try t[0].permuted(Array(n.prefix(t[0].rank)))] }),
    ("flatten", { t, n in [try t[0].flattened(from: n[0])] }),
    ("squeeze", { t, n in [try t[0].squeezed(), try t[0].squeezed(n[0])] }),
    ("unsqueeze", { t, n in [try t[0].unsqueezed(n[0])] }),
    ("expand", { t, n in [try t[0].expanded([abs(n[0] % 5), n[1]])] }),
    ("slice", { t, n in [try t[0].sliced(n[0], from: n[1], to: n[2], step: n[3])] }),
    ("select", { t, n in [try t[0].selected(n[0], n[1])] }),
    ("split", { t, n in try t[0].split(n[0], n[1]) }),
    ("cat", { t, n in [try Tensor.concatenated([t[0], t[1], t[0]], n[0])] }),
    ("cat nothing", { t, n in [try Tensor.concatenated([], n[0])] }),
    ("stack", { t, n in [try Tensor.stacked([t[0], t[0]], n[0])] }),
    ("stack different", { t, n in [try Tensor.stacked([t[0], t[1]], n[0])] }),
    ("flip", { t, n in [try t[0].flipped(n[0])] }),
    ("triangles", { t, n in [try t[0].lowerTriangle(diagonal: n[0]), try t[0].upperTriangle(diagonal: n[1])] }),
    ("index_select", { t, n in [try t[0].taking(rows: t[1])] }),
    ("index_select by list", { t, n in [try t[0].taking(rows: Tensor([n[0], 0], [2]))] }),
    ("gather", { t, n in [try t[0].gathered(n[0], t[1])] }),
    ("gather by zeros", { t, n in [try t[0].gathered(n[0], t[0].detached().converted(to: .int64) * 0)] }),
    ("one_hot", { t, n in [try t[0].oneHot(abs(n[0] % 1001))] }),
    ("topk", { t, n in
      let top = try t[0].topK(n[0])
      return [top.values, top.indices]
    }),
    ("argmax", { t, n in [try t[0].argumentOfMaximum(n[0]), try t[0].argumentOfMinimum(n[0])] }),
    ("matmul", { t, n in [try t[0].matmul(t[1])] }),
    ("matmul with itself", { t, n in [try t[0].matmul(t[0].transposed())] }),
    ("dot", { t, n in [try t[0].dot(t[1])] }),
    ("outer", { t, n in [try t[0].outer(t[1])] }),
    ("linear", { t, n in [try t[0].linear(weight: t[1], bias: n[0] > 0 ? t[2] : nil)] }),
    ("conv2d", { t, n in
      [
        try t[0].convolution(
          weight: t[1], bias: n[0] > 0 ? t[2] : nil,
          .init(strideY: n[1], strideX: n[2], paddingY: n[3], paddingX: 1, dilationY: n[0], groups: n[2]))
      ]
    }),
    ("conv2d with itself", { t, n in [try t[0].convolution(weight: t[0], .init(paddingY: abs(n[0] % 3), groups: 1))] }),
    ("pools", { t, n in
      let window = PoolingWindow(height: n[0], width: n[1], strideY: n[2], strideX: n[3], paddingY: n[4], paddingX: 0)
      return [try t[0].maxPool(window), try t[0].averagePool(window)]
    }),
    ("small pools", { t, n in
      let window = PoolingWindow(height: 2, width: 1, strideY: abs(n[2] % 3), strideX: 1, paddingY: abs(n[0] % 3))
      return [try t[0].averagePool(window), try t[0].maxPool(window)]
    }),
    ("global pool", { t, n in [try t[0].globalAveragePool()] }),
    ("batch_norm", { t, n in
      [try t[0].batchNormalized(weight: n[0] > 0 ? t[1] : nil, bias: nil, residual: n[1] > 0 ? t[2] : nil).output]
    }),
    ("batch_norm fixed", { t, n in
      [try t[0].batchNormalized(mean: t[1], variance: t[1], weight: nil, bias: nil, rectify: true)]
    }),
    ("cross_entropy", { t, n in [try t[0].crossEntropy(labels: t[1], labelSmoothing: reals[abs(n[0] % 12)])] }),
    ("cross_entropy by zeros", { t, n in
      [try t[0].crossEntropy(labels: Tensor.zeros([t[0].shape.first ?? 1], type: .int64))]
    }),
    ("nll_loss", { t, n in [try t[0].negativeLogLikelihood(labels: t[1])] }),
    ("conversions", { t, n in try ElementType.allCases.map { try t[0].converted(to: $0) } + [t[0].cloned()] }),
    ("in place", { t, n in
      [
        try t[0].detached().cloned().addInPlace(t[1].detached(), scale: reals[abs(n[0] % 12)]),
        try t[0].detached().cloned().multiplyInPlace(t[1].detached()),
      ]
    }),
    ("in place, tracked", { t, n in [try t[0].addInPlace(t[1])] }),
    ("copy_", { t, n in [try t[0].detached().copyIn(t[1].detached())] }),
    ("fill_", { t, n in [try t[0].detached().fill(reals[abs(n[0] % 12)])] }),
    ("put rows", { t, n in [try t[0].detached().putRows(Tensor([n[0]], [1]), t[1].detached())] }),
    ("creation", { t, n in [try Tensor.zeros([n[0], n[1]])] }),
    ("creation of numbers", { t, n in [try Tensor.full([2], reals[abs(n[0] % 12)], type: t[0].type)] }),
    ("values", { t, n in [try Tensor([1, 2, 3], [n[0]]), try Tensor(reals, [12], type: t[0].type)] }),
    ("arange", { t, n in
      [try Tensor.arange(from: reals[abs(n[0] % 12)], to: 3, step: reals[abs(n[1] % 12)], type: t[0].type)]
    }),
    ("eye", { t, n in [try Tensor.eye(n[0] % 1001)] }),
    ("random", { t, n in
      let stream = RandomStream(seed: 1)
      return [
        try .uniform(t[0].shape, low: 0, high: reals[abs(n[0] % 12)], type: t[0].type, using: stream),
        try .normal(t[0].shape, mean: 0, standardDeviation: reals[abs(n[0] % 12)], type: t[0].type, using: stream),
        try .bernoulli(t[0].shape, probability: reals[abs(n[0] % 12)], type: t[0].type, using: stream),
        try .randomPermutation(n[1] % 1001, using: stream),
      ]
    }),
    ("item", { t, n in
      _ = try t[0].item()
      return []
    }),
    ("integers", { t, n in
      _ = try t[0].integers()
      return []
    }),
  ]

  @Test(arguments: operations.indices)
  func answersOrThrows(_ number: Int) async {
    await #expect(processExitsWith: .success) { [number = number as Int] in
      StoragePool.byteLimit = HostileInputTests.byteLimit
      try HostileInputTests.check(HostileInputTests.operations[number], number)
    }
  }

  static func check(_ operation: Operation, _ number: Int) throws {
    var generator = Philox(key: RandomKey(seed: 7, stream: UInt64(number)))
    var answers = 0, refusals = Set<String>()
    for _ in 0..<1500 {
      let tensors: [Tensor] = try (0..<3).map { _ in try tensor(&generator) }
      let numbers = (0..<5).map { _ in Self.numbers.randomElement(using: &generator)! }
      let small = (0..<5).map { _ in Int.random(in: -3...3, using: &generator) }
      do {
        for result in try operation.function(tensors, Bool.random(using: &generator) ? numbers : small) {
          // What came out is sound: it can be read, printed, and sends a gradient back.
          _ = result.description
          #expect(try result.doubles().count == result.count)
          if result.isTracked { try result.backward(gradient: Tensor.ones(result.shape, type: result.type)) }
        }
        answers += 1
      } catch let error as TensorError {
        refusals.insert(error.description)
      } catch let error as KernelError {
        refusals.insert(error.description)
      }
    }
    #expect(answers > 0 || needsLuck.contains(operation.name), "\(operation.name) never gave an answer")
    #expect(refusals.allSatisfy { $0.count > 15 && $0.count < 250 }, "\(refusals)")
  }

  /// One view of an enormous shape costs nothing; what would fill memory with it is refused.
  @Test func enormousViewsAreRefusedWhereTheyWouldBeCopied() async {
    await #expect(processExitsWith: .success) {
      StoragePool.byteLimit = HostileInputTests.byteLimit
      let huge = try Tensor.ones([1]).expanded([1 << 44])
      #expect(huge.count == 1 << 44)
      #expect(throws: KernelError.self) { try huge + 1 }
      #expect(throws: KernelError.self) { try huge.contiguous() }
      #expect(throws: KernelError.self) { try Tensor.concatenated([huge, huge]) }
      #expect(throws: TensorError.self) { try huge.unsqueezed(1) * huge }
      #expect(throws: TensorError.self) { try huge.expanded([1 << 20, 1 << 44]) }
      #expect(huge.description.contains("[Tensor 17592186044416 f32]"))
      #expect(try huge.sliced(0, from: 1 << 43, to: (1 << 43) + 2).floats() == [1, 1])
    }
  }
}
