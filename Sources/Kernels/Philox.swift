/// Philox4x32-10 as a Swift generator, for single draws: crops, flips, shuffles.
///
/// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// A pure function of its key, with a state of four numbers. Tensors full of numbers come from `KernelSet.random`.
public struct Philox: RandomNumberGenerator, Sendable {
  private let key: RandomKey
  private var block: UInt64 = 0
  /// The second half of the last block, until it is asked for.
  private var spare: UInt64?

  public init(key: RandomKey) { self.key = key }

  public mutating func next() -> UInt64 {
    if let number = spare {
      spare = nil
      return number
    }
    let words = Philox.block(
      counter: [
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: key.stream), UInt32(truncatingIfNeeded: key.stream >> 32),
      ],
      key: (UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32)))
    block &+= 1
    spare = UInt64(words[2]) | UInt64(words[3]) << 32
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// The block cipher itself: ten rounds on a 128-bit counter.
  public static func block(counter: SIMD4<UInt32>, key: (UInt32, UInt32)) -> SIMD4<UInt32> {
    var words = counter
    var key = key
    for _ in 0..<10 {
      let first = words[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = words[2].multipliedFullWidth(by: 0xCD9E_8D57)
      words = [second.high ^ words[1] ^ key.0, second.low, first.high ^ words[3] ^ key.1, first.low]
      key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
    }
    return words
  }
}
