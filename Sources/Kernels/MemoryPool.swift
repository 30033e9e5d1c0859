internal import Synchronization

/// Keeps freed blocks for the next tensor of about the same size: the system takes ten times longer to hand out 32 MB
/// than a kernel takes to fill it.
///
/// Blocks of up to 1 MB come in powers of two. Larger ones are multiples of 2 MB on 2 MB boundaries, in huge pages
/// where the system has them, and are reused for requests not much smaller than themselves. Any thread may call.
public final class MemoryPool: Sendable {
  /// The counts that `StoragePool` publishes.
  package struct Counts: Sendable {
    package var live = 0, cached = 0, peak = 0, allocated = 0
  }

  fileprivate struct State {
    var counts = Counts()
    var limit: Int?
    /// Heads of the lists of free small blocks by the logarithm of their size; a free block's first word is the next.
    var small = InlineArray<64, UInt>(repeating: 0)
    /// Free large blocks, by size and then address.
    var large: [Block] = []
  }

  /// A piece of memory as the system gave it; the address is a number so that it can cross the lock.
  package struct Block {
    var address: UInt
    var byteCount: Int
    var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: address)! }
  }

  private let state = Mutex(State())

  public init() {}

  deinit { trim() }

  package var counts: Counts { state.withLock { $0.counts } }

  package var limit: Int? {
    get { state.withLock { $0.limit } }
    set { state.withLock { $0.limit = newValue } }
  }

  func resetPeak() { state.withLock { $0.counts.peak = $0.counts.live } }

  /// A block of at least `byteCount` bytes, aligned to 64. `relieve` is called once, without the lock, when there is no
  /// room; what it frees is used.
  /// - Throws: `KernelError` when the limit would be passed or the system refuses.
  package func take(_ byteCount: Int, relieve: () -> Void) throws -> Block {
    guard byteCount <= 1 << 46 else { throw KernelError("\(Self.describe(byteCount)) are more than any memory holds") }
    let rounded = BlockSize.rounded(byteCount)
    if let block = attempt(rounded) { return block }
    relieve()
    if let block = attempt(rounded) { return block }
    let (counts, limit) = state.withLock { ($0.counts, $0.limit) }
    let need = "\(Self.describe(rounded)) more are needed and \(Self.describe(counts.live)) are in use"
    if let limit, counts.live + rounded > limit {
      throw KernelError("out of tensor memory: \(need), with a limit of \(Self.describe(limit))")
    }
    throw KernelError("out of memory: \(need), and the system has no more")
  }

  /// Takes back a block from `take`.
  package func give(_ block: Block) {
    state.withLock { state in
      state.counts.live -= block.byteCount
      state.counts.cached += block.byteCount
      guard BlockSize.isLarge(block.byteCount) else {
        let list = block.byteCount.trailingZeroBitCount
        block.pointer.storeBytes(of: state.small[list], as: UInt.self)
        state.small[list] = block.address
        return
      }
      state.large.insert(block, at: state.large.firstPosition { !$0.precedes(block) })
    }
  }

  /// Gives all unused blocks back to the system.
  public func trim() { state.withLock { $0.release(downTo: 0) } }

  private func attempt(_ byteCount: Int) -> Block? {
    state.withLock { state in
      if let block = state.reuse(byteCount) { return state.hand(out: block) }
      let room = (state.limit ?? .max) - state.counts.live
      guard byteCount <= room else { return nil }
      state.release(downTo: min(room - byteCount, state.cacheAllowance))
      var address = BlockSize.allocate(byteCount)
      if address == nil {
        state.release(downTo: 0)
        address = BlockSize.allocate(byteCount)
      }
      guard let address else { return nil }
      return state.hand(out: Block(address: address, byteCount: byteCount))
    }
  }

  /// 3 bytes, 20.5 kB, 1.3 MB, 2.0 GB: decimal units.
  static func describe(_ byteCount: Int) -> String {
    guard byteCount >= 1000 else { return "\(byteCount) bytes" }
    var (value, unit) = (Double(byteCount), 0)
    while value >= 999.95, unit < 4 { (value, unit) = (value / 1000, unit + 1) }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(["bytes", "kB", "MB", "GB", "TB"][unit])"
  }
}

extension MemoryPool.State {
  /// Unused memory worth keeping while more is asked for: as much as has ever been in use, and at least 256 MB.
  fileprivate var cacheAllowance: Int { Swift.max(counts.peak, 256 << 20) }

  fileprivate mutating func hand(out block: MemoryPool.Block) -> MemoryPool.Block {
    counts.live += block.byteCount
    counts.allocated += block.byteCount
    counts.peak = Swift.max(counts.peak, counts.live)
    return block
  }

  /// A free block that fits, removed from the free ones, if using it keeps to the limit.
  fileprivate mutating func reuse(_ byteCount: Int) -> MemoryPool.Block? {
    if BlockSize.isLarge(byteCount) {
      let position = large.firstPosition { $0.byteCount >= byteCount }
      guard position < large.count, large[position].byteCount <= BlockSize.largestFit(for: byteCount),
        counts.live + large[position].byteCount <= limit ?? .max
      else { return nil }
      counts.cached -= large[position].byteCount
      return large.remove(at: position)
    }
    let list = byteCount.trailingZeroBitCount
    guard small[list] != 0, counts.live + byteCount <= limit ?? .max else { return nil }
    let block = MemoryPool.Block(address: small[list], byteCount: byteCount)
    small[list] = block.pointer.load(as: UInt.self)
    counts.cached -= byteCount
    return block
  }

  /// Gives unused blocks back to the system, the largest first, until at most `byteCount` bytes are kept.
  fileprivate mutating func release(downTo byteCount: Int) {
    while counts.cached > byteCount, let block = large.popLast() {
      counts.cached -= block.byteCount
      BlockSize.deallocate(block.address, block.byteCount)
    }
    for list in stride(from: 63, through: 0, by: -1) {
      while counts.cached > byteCount, let head = UnsafeMutableRawPointer(bitPattern: small[list]) {
        small[list] = head.load(as: UInt.self)
        counts.cached -= 1 << list
        BlockSize.deallocate(UInt(bitPattern: head), 1 << list)
      }
    }
  }
}

extension MemoryPool.Block {
  fileprivate func precedes(_ other: MemoryPool.Block) -> Bool {
    (byteCount, address) < (other.byteCount, other.address)
  }
}

extension Array {
  /// The first position from which on `predicate` holds, given that it holds for all after one for which it holds.
  fileprivate func firstPosition(where predicate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
