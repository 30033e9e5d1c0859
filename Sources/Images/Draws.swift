import Kernels

/// Single random draws that depend on nothing but the numbers they are keyed by.
///
/// Philox4x32-10 in counter mode (Salmon et al., 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"): the seed is the
/// key, and (stream, sample, purpose) and a running block number are the counter. So neither the number of threads, nor
/// the order of the draws for different samples, nor a step added to a recipe changes anybody else's numbers.
public struct Draws {
  /// Keeps these counters apart from those of tensors filled from the same seed, whose last word is small.
  private static let domain: UInt32 = 0xD15C_0001

  private let key: (UInt32, UInt32)
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var used = 4

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - stream: what the draws belong to as a whole, such as an epoch.
  ///   - sample: which image: below 2³².
  ///   - purpose: what is drawn for it, such as step 2 of view 1: below 2¹⁶.
  public init(seed: UInt64, stream: Int, sample: Int, purpose: Int) {
    precondition(purpose >= 0 && purpose < 1 << 16, "Draws: purpose \(purpose) of \(1 << 16)")
    precondition(sample >= 0 && sample < 1 << 32, "Draws: sample \(sample) of \(1 << 32)")
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(
      UInt32(purpose) << 16, UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: stream),
      Self.domain)
  }

  /// The next 32 random bits.
  public mutating func bits() -> UInt32 {
    if used == 4 {
      block = Philox.block(counter: counter, key: key)
      counter.x &+= 1
      used = 0
    }
    used += 1
    return block[used - 1]
  }

  /// low ≤ x < high, in steps of 2⁻³² of the range.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * (Double(bits()) * 0x1p-32)
  }

  public mutating func uniform(_ range: ClosedRange<Double>) -> Double { uniform(range.lowerBound, range.upperBound) }

  /// 0 ≤ n < bound; the bias of the multiplication is below bound · 2⁻³².
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= 1 << 32, "Draws: an integer below \(bound)")
    return Int((UInt64(bits()) &* UInt64(bound)) >> 32)
  }

  public mutating func chance(_ probability: Double) -> Bool { uniform(0, 1) < probability }

  /// The numbers 0 ..< count in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(below: last + 1)) }
    return order
  }
}
