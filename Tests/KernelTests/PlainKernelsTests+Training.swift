import Foundation
import Testing

import Kernels

extension PlainKernelsTests {
  // By hand: g = 0.5 + 0.1 · 1 = 0.6; v = 0.6, then 0.9 · 0.6 + 0.6 = 1.14; p = 1 − 0.1 · 0.6.
  @Test func stepsSGDWithMomentum() throws {
    let (parameter, gradient) = (try buffer([1], .float64), try buffer([0.5], .float64))
    let velocity = try buffer([7], .float64)
    let entry = SGDEntry(
      parameter: parameter, gradient: gradient, velocity: velocity, learningRate: 0.1, weightDecay: 0.1)
    kernels.sgd([entry], SGDSettings(momentum: 0.9, nesterov: false, isFirstStep: true))
    #expect(isClose(numbers(parameter) + numbers(velocity), [0.94, 0.6], within: 1e-15))
    kernels.sgd([entry], SGDSettings(momentum: 0.9, nesterov: true, isFirstStep: false))
    let (decayed, next) = (0.5 + 0.094, 0.9 * 0.6 + 0.594)
    #expect(isClose(numbers(velocity), [next], within: 1e-15))
    let expected = 0.94 - 0.1 * (decayed + 0.9 * next)
    #expect(isClose(numbers(parameter), [expected], within: 1e-15))
    let plain = SGDEntry(
      parameter: parameter, gradient: gradient, velocity: nil, learningRate: 1, weightDecay: 0, trust: 0.5)
    kernels.fill(parameter, with: 1)
    kernels.sgd([plain], SGDSettings(momentum: 0, nesterov: false, isFirstStep: true))
    #expect(numbers(parameter) == [0.75])
  }

  // Step 1 of Adam moves by the learning rate against the gradient's sign, whatever its size.
  @Test func stepsAdamW() throws {
    let (parameter, gradient) = (try buffer([1, 1], .float64), try buffer([1e-3, -50], .float64))
    let (first, second) = (try buffer([0, 0], .float64), try buffer([0, 0], .float64))
    let entry = AdamWEntry(
      parameter: parameter, gradient: gradient, firstMoment: first, secondMoment: second, learningRate: 0.1,
      weightDecay: 0.5)
    kernels.adamW([entry], AdamWSettings(beta1: 0.9, beta2: 0.999, epsilon: 0, step: 1))
    #expect(isClose(numbers(parameter), [0.85, 1.05], within: 1e-12))
    #expect(isClose(numbers(first), [1e-4, -5], within: 1e-12))
    #expect(isClose(numbers(second), [1e-9, 2.5], within: 1e-12))
  }

  @Test func averagesMoveTowardsTheirValues() throws {
    let (average, value) = (try buffer([1, 2], .float32), try buffer([3, 4], .float32))
    kernels.movingAverage([average], following: [value], decay: 0.75)
    #expect(numbers(average) == [1.5, 2.5])
    #expect(numbers(value) == [3, 4])
    #expect(kernels.sumOfSquares(value) == 25)
  }

  @Test(arguments: [ElementType.float32, .float64])
  func drawsDependOnKeyAndIndexOnly(type: ElementType) throws {
    let key = RandomKey(seed: 1, stream: 2)
    for distribution: Distribution in [.uniform(low: -1, high: 3), .normal(mean: 1, standardDeviation: 2), .bernoulli(0.3)] {
      let (whole, part) = (try Buffer(type, [100, 100]), try Buffer(type, [50]))
      kernels.random(distribution, key: key, into: whole)
      kernels.random(distribution, key: key, into: part)
      #expect(Array(numbers(whole).prefix(50)) == numbers(part))
      kernels.random(distribution, key: RandomKey(seed: 1, stream: 3), into: part)
      #expect(Array(numbers(whole).prefix(50)) != numbers(part))
      let values = numbers(whole)
      let mean = values.reduce(0, +) / 10_000
      let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 10_000).squareRoot()
      let expected: (Double, Double) =
        switch distribution {
        case .uniform: (1, 4 / 12.0.squareRoot())
        case .normal: (1, 2)
        case .bernoulli: (0.3, 0.21.squareRoot())
        }
      #expect(abs(mean - expected.0) < 0.06 && abs(deviation - expected.1) < 0.05, "\(distribution): \(mean), \(deviation)")
      if case .uniform = distribution { #expect(values.allSatisfy { $0 >= -1 && $0 < 3 }) }
    }
  }

  // The 64 bits of double i of a group of 32 are those of draw 2 (i % 16) + i / 16 of the group's 16 blocks.
  @Test func doublesComeFromTheirKeysWords() throws {
    let key = RandomKey(seed: 3, stream: 4)
    var generator = Philox(key: key)
    let words = (0..<64).map { _ in generator.next() }
    let word = { (index: Int) in words[index / 32 * 32 + index % 16 * 2 + index % 32 / 16] }
    let uniform = (0..<50).map { 2 + 3 * (Double(word($0) >> 11) * 0x1p-53) }
    let normal = (0..<50).map { index in
      let first = index / 32 * 32 + index % 16
      let radius = (-2 * log((Double(word(first) >> 11) + 1) * 0x1p-53)).squareRoot()
      let angle = 2 * Double.pi * Double(word(first + 16)) * 0x1p-64
      return radius * (index % 32 < 16 ? cos(angle) : sin(angle))
    }
    var output = try Buffer(.float64, [5, 10])
    kernels.random(.uniform(low: 2, high: 5), key: key, into: output)
    #expect(isClose(numbers(output), uniform, within: 1e-15))
    (output.shape, output.strides) = ([10, 5], [1, 10])
    kernels.random(.normal(mean: 0, standardDeviation: 1), key: key, into: output)
    #expect(isClose(numbers(output), normal, within: 1e-13))
  }
}
