/// Where a run's random keys come from: a seed, and how many keys it has given.
///
/// Each key names an independent stream of numbers. A checkpoint saves `seed` and `position`, and a resumed run goes on
/// with the same numbers.
public final class RandomStream {
  public var seed: UInt64
  /// The number of the next key's stream.
  public var position: UInt64 = 0

  public init(seed: UInt64) { self.seed = seed }

  public func nextKey() -> RandomKey {
    defer { position &+= 1 }
    return RandomKey(seed: seed, stream: position)
  }
}
