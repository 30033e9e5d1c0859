import Glibc

/// A whole file in memory, and folder listings, with errors that name the path and the system's reason.
enum FileBytes {
  /// The bytes of a file.
  /// - Throws: `ImageError` when it cannot be read or is no regular file.
  static func read(_ path: String) throws(ImageError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw ImageError("\(path): not a regular file") }
    let size = Int(status.st_size)
    var readCount = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while readCount < size {
        let got = Glibc.read(descriptor, buffer.baseAddress! + readCount, size - readCount)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        readCount += got
      }
      count = readCount
    }
    guard readCount == size else { throw failure("only \(readCount) of \(size) bytes could be read", path) }
    return bytes
  }

  /// The names in a folder, without hidden ones, in the order of their bytes; nil where there is no such folder.
  static func names(in folder: String) -> [String]? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func failure(_ what: String, _ path: String) -> ImageError {
    ImageError("\(path): \(what) (\(String(cString: strerror(errno))))")
  }
}
