import Kernels
import Testing

@Suite struct MemoryPoolTests {
  private let pool = MemoryPool()

  @Test(arguments: [0, 1, 64, 65, 1000, 1 << 20, 1 << 20 + 1, 5_000_000])
  func aFreedBlockIsUsedAgain(byteCount: Int) throws {
    var address: UnsafeMutableRawPointer?
    do {
      let first = try Storage(byteCount: byteCount, pool: pool)
      withExtendedLifetime(first) { address = first.pointer }
    }
    let second = try Storage(byteCount: byteCount, pool: pool)
    #expect(second.pointer == address)
    #expect(second.byteCount == byteCount)
    #expect(UInt(bitPattern: second.pointer) % (byteCount > 1 << 20 ? 2 << 20 : 64) == 0)
  }

  @Test func countsFollowWhatLives() throws {
    do {
      let first = try Storage(byteCount: 3 << 20, pool: pool)
      let second = try Storage(byteCount: 100, pool: pool)
      #expect(pool.counts.live == 4 << 20 + 128)
      withExtendedLifetime((first, second)) {}
    }
    #expect(pool.counts.live == 0)
    #expect(pool.counts.cached == 4 << 20 + 128)
    #expect(pool.counts.peak == 4 << 20 + 128)
    let third = try Storage(byteCount: 128, pool: pool)
    #expect(pool.counts.allocated == 4 << 20 + 256)
    #expect(pool.counts.cached == 4 << 20)
    withExtendedLifetime(third) {}
  }

  @Test func trimGivesEverythingUnusedBack() throws {
    let kept = try Storage(byteCount: 3 << 20, pool: pool)
    for byteCount in [10, 100_000, 9 << 20] { _ = try Storage(byteCount: byteCount, pool: pool) }
    #expect(pool.counts.cached > 9 << 20)
    pool.trim()
    #expect(pool.counts.cached == 0)
    #expect(pool.counts.live == 4 << 20)
    kept.pointer.storeBytes(of: 7, as: Int.self)
    #expect(kept.pointer.load(as: Int.self) == 7)
  }

  @Test func aMuchLargerBlockIsNotSpentOnASmallRequest() throws {
    _ = try Storage(byteCount: 64 << 20, pool: pool)
    let small = try Storage(byteCount: 3 << 20, pool: pool)
    #expect(pool.counts.live == 4 << 20)
    let fitting = try Storage(byteCount: 61 << 20, pool: pool)
    #expect(pool.counts.live == 68 << 20)
    withExtendedLifetime((small, fitting)) {}
  }

  @Test func theLimitIsASentence() throws {
    pool.limit = 8 << 20
    let first = try Storage(byteCount: 6 << 20, pool: pool)
    let error = #expect(throws: KernelError.self) { try Storage(byteCount: 3 << 20, pool: pool) }
    #expect(
      error?.description
        == "out of tensor memory: 4.2 MB more are needed and 6.3 MB are in use, with a limit of 8.4 MB")
    withExtendedLifetime(first) {}
  }

  @Test func unusedBlocksGiveWayToTheLimit() throws {
    pool.limit = 8 << 20
    _ = try Storage(byteCount: 6 << 20, pool: pool)
    let other = try Storage(byteCount: 8 << 20, pool: pool)
    #expect(pool.counts.cached == 0)
    #expect(pool.counts.live == 8 << 20)
    withExtendedLifetime(other) {}
  }

  @Test func pressureIsRelievedBeforeGivingUp() throws {
    pool.limit = 8 << 20
    var garbage: Storage? = try Storage(byteCount: 6 << 20, pool: pool)
    var calls = 0
    let block = try pool.take(4 << 20) {
      calls += 1
      garbage = nil
    }
    #expect(garbage == nil)
    #expect(calls == 1)
    pool.give(block)
  }

  @Test func impossibleSizesAreRefused() {
    let error = #expect(throws: KernelError.self) { try Storage(byteCount: 1 << 60, pool: pool) }
    #expect(error?.description == "1152921.5 TB are more than any memory holds")
    #expect(throws: KernelError.self) { try Storage(byteCount: 1 << 45, pool: pool) }
  }

  @Test func manyThreadsShareAPool() async throws {
    await withTaskGroup(of: Void.self) { group in
      for seed in 0..<8 {
        group.addTask { [pool] in
          var samples = RandomBuffers(seed: UInt64(seed))
          var kept: [Storage] = []
          for _ in 0..<2000 {
            let byteCount = samples.integer(1...(samples.integer(0...20) == 0 ? 3_000_000 : 5000))
            guard let storage = try? Storage(byteCount: byteCount, pool: pool) else { continue }
            storage.pointer.storeBytes(of: UInt8(seed), toByteOffset: byteCount - 1, as: UInt8.self)
            kept.append(storage)
            if kept.count > 20 {
              let old = kept.remove(at: samples.integer(0...19))
              #expect(old.pointer.load(fromByteOffset: old.byteCount - 1, as: UInt8.self) == UInt8(seed))
            }
          }
        }
      }
    }
    #expect(pool.counts.live == 0)
  }
}
