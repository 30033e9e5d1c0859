/// A block of memory that tensors share. It comes from the pool and returns there when the last view is gone.
public final class Storage {
  public let pointer: UnsafeMutableRawPointer
  /// Usable bytes; the block may be larger.
  public let byteCount: Int
  /// Counts in-place changes, so that `backward` can refuse a saved tensor that has changed since.
  public var version = 0

  /// - Throws: `KernelError` when the memory limit would be passed.
  public init(byteCount: Int) throws {
    self.byteCount = byteCount
    pointer = UnsafeMutableRawPointer.allocate(byteCount: Swift.max(byteCount, 64), alignment: 64)
  }

  deinit { pointer.deallocate() }
}
