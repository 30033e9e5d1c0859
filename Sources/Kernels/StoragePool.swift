/// The pool that all tensors' memory comes from, and its account.
public enum StoragePool {
  /// The pool itself.
  public static let shared = MemoryPool()

  /// Bytes in use by living storages, rounded up to the pool's block sizes.
  public static var liveByteCount: Int { shared.counts.live }
  /// Unused bytes kept for the next tensors.
  public static var cachedByteCount: Int { shared.counts.cached }
  /// The largest `liveByteCount` since the start or `resetPeak()`.
  public static var peakByteCount: Int { shared.counts.peak }
  /// All bytes ever handed out: it only grows. Its growth between two looks is the pressure on a script's collector.
  public static var allocatedByteCount: Int { shared.counts.allocated }

  /// The most that may be in use, in bytes; nil for no limit. Unused blocks give way before the limit is felt.
  public static var byteLimit: Int? {
    get { shared.limit }
    set { shared.limit = newValue }
  }

  /// Called when there is no room, before giving up: frees what only a collector can find.
  ///
  /// It runs on the thread that asked for memory. Set it once, at the start, before any tensor: it is not locked.
  public nonisolated(unsafe) static var pressureHandler: (() -> Void)?

  /// Gives all unused blocks back to the system.
  public static func trim() { shared.trim() }

  /// Starts `peakByteCount` anew.
  public static func resetPeak() { shared.resetPeak() }
}
