import Glibc

/// The calls that write a file, so that tests can make each of them fail.
struct SystemCalls {
  var open: (_ path: String, _ flags: Int32) -> Int32 = { Glibc.open($0, $1, 0o666) }
  var write: (_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int = { Glibc.write($0, $1, $2) }
  var synchronize: (_ file: Int32) -> Int32 = { Glibc.fsync($0) }
  var close: (_ file: Int32) -> Int32 = { Glibc.close($0) }
  var rename: (_ from: String, _ to: String) -> Int32 = { Glibc.rename($0, $1) }

  /// What the last failed call says, in words.
  static var lastError: String { String(cString: strerror(errno)) }
}
