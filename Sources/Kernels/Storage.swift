/// A block of memory that tensors share. It comes from the pool and returns there when the last view is gone.
public final class Storage {
  public let pointer: UnsafeMutableRawPointer
  /// Usable bytes; the block may be larger.
  public let byteCount: Int
  /// Counts in-place changes, so that `backward` can refuse a saved tensor that has changed since.
  public var version = 0
  /// The operation that made the last in-place change, for the error message.
  public private(set) var lastChange: StaticString = "an operation"

  private let block: MemoryPool.Block
  private let pool: MemoryPool

  /// Uninitialised memory, aligned to 64 bytes.
  /// - Throws: `KernelError` when the memory limit would be passed.
  public init(byteCount: Int, pool: MemoryPool = StoragePool.shared) throws {
    precondition(byteCount >= 0, "Storage: \(byteCount) bytes")
    block = try pool.take(byteCount) { StoragePool.pressureHandler?() }
    self.byteCount = byteCount
    self.pool = pool
    pointer = block.pointer
    #if DEBUG
      // A value nobody computes, so that reading what was never written shows.
      pointer.initializeMemory(as: UInt32.self, repeating: 0x7fed_beef, count: block.byteCount / 4)
    #endif
  }

  deinit { pool.give(block) }

  /// Records that `operation` has changed the memory in place.
  public func noteChange(by operation: StaticString) {
    version += 1
    lastChange = operation
  }
}
