internal import Glibc

/// Which sizes the pool's blocks come in, and how they are had from the system.
enum BlockSize {
  static let smallest = 64
  static let largestSmall = 1 << 20
  /// A huge page.
  static let page = 2 << 20

  static func isLarge(_ byteCount: Int) -> Bool { byteCount > largestSmall }

  /// The size of the block for a request.
  static func rounded(_ byteCount: Int) -> Int {
    if isLarge(byteCount) { return (byteCount + page - 1) / page * page }
    if byteCount <= smallest { return smallest }
    return 1 << (Int.bitWidth - (byteCount - 1).leadingZeroBitCount)
  }

  /// The largest free block that a request of `byteCount` may take: wasting more would starve larger requests.
  static func largestFit(for byteCount: Int) -> Int { Swift.min(2 * byteCount, byteCount + 2 * page) }

  /// The address of fresh memory, or nil when the system has none.
  static func allocate(_ byteCount: Int) -> UInt? {
    var pointer: UnsafeMutableRawPointer?
    guard isLarge(byteCount) else {
      return posix_memalign(&pointer, 64, byteCount) == 0 ? UInt(bitPattern: pointer) : nil
    }
    let mapped = mmap(nil, byteCount + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { return nil }
    let start = UInt(bitPattern: mapped)
    let aligned = (start + UInt(page) - 1) / UInt(page) * UInt(page)
    unmap(start, Int(aligned - start))
    unmap(aligned + UInt(byteCount), page - Int(aligned - start))
    // Advice only: where the system has no huge pages, ordinary ones serve.
    _ = madvise(UnsafeMutableRawPointer(bitPattern: aligned), byteCount, MADV_HUGEPAGE)
    return aligned
  }

  static func deallocate(_ address: UInt, _ byteCount: Int) {
    if isLarge(byteCount) { unmap(address, byteCount) } else { free(UnsafeMutableRawPointer(bitPattern: address)) }
  }

  private static func unmap(_ address: UInt, _ byteCount: Int) {
    if byteCount > 0 { munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount) }
  }
}
