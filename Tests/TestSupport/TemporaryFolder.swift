import Glibc

/// Runs `body` with the path of a fresh folder, and removes the folder and its files afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/contrast-test-XXXXXX".utf8CString)
  guard let created = mkdtemp(&template) else { throw TestFailure("mkdtemp: \(String(cString: strerror(errno)))") }
  let path = String(cString: created)
  defer {
    for name in fileNames(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }
  return try body(path)
}

/// The names of a folder's files, sorted.
public func fileNames(in path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The bytes of a file.
public func contents(of path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY)
  guard file >= 0 else { throw TestFailure("open \(path): \(String(cString: strerror(errno)))") }
  defer { close(file) }
  var bytes: [UInt8] = [], part = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(file, &part, part.count)
    guard count > 0 else { return bytes }
    bytes += part[..<count]
  }
}

/// Writes bytes to a file.
public func write(_ bytes: [UInt8], to path: String) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  guard file >= 0 else { throw TestFailure("open \(path): \(String(cString: strerror(errno)))") }
  defer { close(file) }
  guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw TestFailure("write \(path)") }
}
