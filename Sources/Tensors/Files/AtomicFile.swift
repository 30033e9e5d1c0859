import Glibc

/// Writes a file that is either complete and on the disk, or not there: the old one stays until the new one has
/// replaced it, whatever happens in between.
struct AtomicFile {
  private let path: String
  private let temporaryPath: String
  private let file: Int32
  private let system: SystemCalls

  /// Runs `body`, which writes the content, and puts the file in place.
  /// - Throws: a sentence with the path and the cause; the temporary file is gone then and the old one is as it was.
  static func write(to path: String, system: SystemCalls = SystemCalls(), _ body: (AtomicFile) throws -> Void) throws {
    let new = try AtomicFile(path, system)
    do {
      do { try body(new) } catch {
        _ = system.close(new.file)
        throw error
      }
      try new.finish()
    } catch {
      unlink(new.temporaryPath)
      throw error
    }
  }

  private init(_ path: String, _ system: SystemCalls) throws {
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
      throw TensorError("cannot write \"\(path)\": not the name of a file")
    }
    (self.path, self.system) = (path, system)
    for attempt in 0... {
      let candidate = "\(path).tmp.\(getpid()).\(attempt)"
      let file = system.open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
      if file >= 0 {
        (temporaryPath, self.file) = (candidate, file)
        return
      }
      guard errno == EEXIST && attempt < 100 else { throw Self.failure(path, "open") }
    }
    fatalError("unreachable: the loop above has no end")
  }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var left = bytes
    while let start = left.baseAddress, !left.isEmpty {
      let count = system.write(file, start, left.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path, "write") }
      left = UnsafeRawBufferPointer(rebasing: left[count...])
    }
  }

  private func finish() throws {
    let isOnDisk = system.synchronize(file) == 0
    let cause = SystemCalls.lastError
    let isClosed = system.close(file) == 0
    guard isOnDisk else { throw TensorError("cannot write \"\(path)\": fsync failed: \(cause)") }
    guard isClosed else { throw Self.failure(path, "close") }
    guard system.rename(temporaryPath, path) == 0 else { throw Self.failure(path, "rename") }
    // Without this the new name may be lost with the power, which is not a reason to report failure: the file is whole.
    let slash = path.lastIndex(of: "/")
    let folder = open(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".", O_RDONLY | O_DIRECTORY)
    if folder >= 0 {
      _ = system.synchronize(folder)
      _ = close(folder)
    }
  }

  private static func failure(_ path: String, _ call: String) -> TensorError {
    TensorError("cannot write \"\(path)\": \(call) failed: \(SystemCalls.lastError)")
  }
}
