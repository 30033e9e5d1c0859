import Kernels
import Testing

private let fast = FastKernels.shared
private let plain = PlainKernels.shared

@Suite struct FastOptimizerTests {
  /// Tensors of many sizes and orders, the last two of them large enough to be cut for the threads.
  private let tensors: [(Shape, Layout)] = [
    ([5], .rowMajor), ([], .rowMajor), ([0, 3], .rowMajor), ([3, 4], .reversed), ([2, 8, 3, 3], .channelsLast),
    ([9, 5], .scattered), ([1001, 47], .rowMajor), ([33, 1000], .reversed),
  ]

  private func copies(_ seed: UInt64, _ transform: (Float) -> Float = { $0 }) throws -> [Buffer] {
    try tensors.map { try sample($0.0, $0.1, seed: seed, transform) }
  }

  @Test(arguments: [(0.0, 0.0, false), (0.9, 0, false), (0.9, 0.1, false), (0.9, 0, true)], [false, true])
  func sgdAgreesWithPlain(kind: (momentum: Double, dampening: Double, nesterov: Bool), isFirst: Bool) throws {
    let settings = SGDSettings(
      momentum: kind.momentum, dampening: kind.dampening, nesterov: kind.nesterov, isFirstStep: isFirst)
    let gradients = try copies(2)
    let run = { (kernels: any KernelSet) throws -> [[Double]] in
      let (parameters, velocities) = (try copies(1), try copies(3))
      kernels.sgd(
        tensors.indices.map {
          SGDEntry(
            parameter: parameters[$0], gradient: gradients[$0], velocity: kind.momentum == 0 ? nil : velocities[$0],
            learningRate: 0.1 * Double($0 + 1), weightDecay: 0.01, trust: 0.5)
        }, settings)
      return (parameters + velocities).map(\.values)
    }
    for (result, expected) in zip(try run(fast), try run(plain)) {
      #expect(agree(result, expected, relative: 1e-6, absolute: 1e-6))
    }
  }

  @Test func entriesOfUnlikeOrder() throws {
    let gradient = try sample([7, 6], .reversed, seed: 2)
    let run = { (kernels: any KernelSet) throws -> [Double] in
      let parameter = try sample([7, 6])
      kernels.sgd(
        [SGDEntry(parameter: parameter, gradient: gradient, velocity: nil, learningRate: 0.1, weightDecay: 0)],
        SGDSettings(momentum: 0, nesterov: false, isFirstStep: true))
      return parameter.values
    }
    #expect(agree(try run(fast), try run(plain), relative: 1e-6, absolute: 1e-7))
  }

  @Test(arguments: [1, 2, 1000])
  func adamWAgreesWithPlain(step: Int) throws {
    let settings = AdamWSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: step)
    let gradients = try copies(2)
    let run = { (kernels: any KernelSet) throws -> [[Double]] in
      let (parameters, first, second) = (try copies(1), try copies(3), try copies(4) { $0 * $0 })
      kernels.adamW(
        tensors.indices.map {
          AdamWEntry(
            parameter: parameters[$0], gradient: gradients[$0], firstMoment: first[$0], secondMoment: second[$0],
            learningRate: 0.001 * Double($0 + 1), weightDecay: 0.05)
        }, settings)
      return (parameters + first + second).map(\.values)
    }
    for (result, expected) in zip(try run(fast), try run(plain)) {
      #expect(agree(result, expected, relative: 2e-6, absolute: 1e-6))
    }
  }

  @Test(arguments: [0, 0.5, 0.996, 1])
  func movingAverageAgreesWithPlain(decay: Double) throws {
    let values = try copies(2)
    let run = { (kernels: any KernelSet) throws -> [[Double]] in
      let averages = try copies(1)
      kernels.movingAverage(averages, following: values, decay: decay)
      return averages.map(\.values)
    }
    for (result, expected) in zip(try run(fast), try run(plain)) {
      #expect(agree(result, expected, relative: 1e-6, absolute: 5e-7))
      if decay == 0 || decay == 1 { #expect(result == expected) }
    }
  }

  @Test func anAverageReachesWhatItFollows() throws {
    let (average, value) = (try sample([100]), try sample([100], seed: 2))
    for _ in 0..<20_000 { fast.movingAverage([average], following: [value], decay: 0.99) }
    #expect(agree(average.values, value.values, relative: 1e-5))
  }

  @Test func levelsAgreeToTheBit() throws {
    var results: [[[UInt8]]] = []
    let gradients = try copies(2)
    try atEachLevel { _ in
      let (parameters, first, second) = (try copies(1), try copies(3), try copies(4) { $0 * $0 })
      fast.adamW(
        tensors.indices.map {
          AdamWEntry(
            parameter: parameters[$0], gradient: gradients[$0], firstMoment: first[$0], secondMoment: second[$0],
            learningRate: 0.001, weightDecay: 0.05)
        }, AdamWSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3))
      fast.sgd(
        tensors.indices.map {
          SGDEntry(
            parameter: parameters[$0], gradient: gradients[$0], velocity: first[$0], learningRate: 0.1,
            weightDecay: 0.01)
        }, SGDSettings(momentum: 0.9, nesterov: true, isFirstStep: false))
      results.append((parameters + first + second).map(\.bytes))
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
