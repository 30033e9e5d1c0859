internal import CKernels
import Foundation

/// Element i of a group of 64 takes word i / 16 of the group's block i % 16: the order in which vector registers leave
/// them. A pair of normal numbers lies 16 elements apart.
///
/// Doubles alone come from the C kernel: it takes its logarithms and angles by arithmetic that every processor does
/// alike, where the C library's differ in the last bit.
extension PlainKernels {
  public func random(_ distribution: Distribution, key: RandomKey, into output: Buffer) {
    switch output.type {
    case .float32: random(Float.self, distribution, key, output)
    case .float64: randomDoubles(distribution, key, output)
    case .int64: random(Int64.self, distribution, key, output)
    case .uint8: random(UInt8.self, distribution, key, output)
    case .bool: random(Truth.self, distribution, key, output)
    }
  }

  /// Elements are numbered in row-major order, whatever the strides.
  private func random<E: PlainElement>(
    _ type: E.Type, _ distribution: Distribution, _ key: RandomKey, _ output: Buffer
  ) {
    let target = output.elements(E.self)
    let draw: (Int) -> Double =
      switch distribution {
      case .bernoulli(let probability):
        { Double(word(key, $0)) < (probability * 0x1p32).rounded(.down) ? 1 : 0 }
      case .uniform(let low, let high):
        // In single precision, and rounding must not reach the excluded upper end.
        { index in
          let (low, span) = (Float(low), Float(high - low))
          let last = max(Float(high).nextDown, low)
          return Double(min(low + span * (Float(word(key, index) >> 8) * 0x1p-24), last))
        }
      case .normal(let mean, let deviation):
        { mean + deviation * self.normal(key, $0) }
      }
    var index = 0
    walk(output.shape, output.strides) {
      target[$0.x] = E(real: draw(index))
      index += 1
    }
  }

  /// Box and Muller, 1958: radius from one word, angle from the next; the cosine first, the sine 16 elements later.
  private func normal(_ key: RandomKey, _ index: Int) -> Double {
    let first = index / 32 * 32 + index % 16
    let radius = (-2 * log((Double(word(key, first)) + 1) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * Double(word(key, first + 16)) * 0x1p-32
    return radius * (index % 32 < 16 ? cos(angle) : sin(angle))
  }

  private func randomDoubles(_ distribution: Distribution, _ key: RandomKey, _ output: Buffer) {
    let numbers = [Double](unsafeUninitializedCapacity: output.elementCount) { numbers, count in
      count = output.elementCount
      guard let start = numbers.baseAddress else { return }
      switch distribution {
      case .uniform(let low, let high):
        contrast_random_uniform_double(key.seed, key.stream, 0, count, low, high, start)
      case .normal(let mean, let deviation):
        contrast_random_normal_double(key.seed, key.stream, 0, count, mean, deviation, start)
      case .bernoulli(let probability):
        contrast_random_bernoulli_double(key.seed, key.stream, 0, count, probability, start)
      }
    }
    let target = output.elements(Double.self)
    var index = 0
    walk(output.shape, output.strides) {
      target[$0.x] = numbers[index]
      index += 1
    }
  }
}

/// The 32 random bits of element `index`.
private func word(_ key: RandomKey, _ index: Int) -> UInt32 {
  block(key, index / 64 * 16 + index % 16)[index % 64 / 16]
}

private func block(_ key: RandomKey, _ number: Int) -> SIMD4<UInt32> {
  let words = { (value: UInt64) in (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)) }
  let (block, stream, seed) = (words(UInt64(number)), words(key.stream), words(key.seed))
  return Philox.block(counter: [block.0, block.1, stream.0, stream.1], key: seed)
}
