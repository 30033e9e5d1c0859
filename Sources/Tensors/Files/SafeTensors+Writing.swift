import Kernels

extension SafeTensors {
  /// Writes the tensors and notes about them. The same input gives the same bytes, in whatever order it comes.
  ///
  /// The file appears complete or not at all: an existing one stays until the new one is on the disk.
  /// - Throws: for a repeated or reserved name, and with the path and the cause if the file cannot be written.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
  ) throws {
    try write(tensors, metadata: metadata, to: path, system: SystemCalls())
  }

  static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String], to path: String, system: SystemCalls
  ) throws {
    // Wide types first, so that every tensor starts at a multiple of its element size.
    let sorted = tensors.sorted {
      let (one, two) = ($0.tensor.type.byteCount, $1.tensor.type.byteCount)
      return one != two ? one > two : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let header = try header(sorted, metadata)
    try AtomicFile.write(to: path, system: system) { file in
      try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.append($0) }
      try header.withUnsafeBytes { try file.append($0) }
      for (_, tensor) in sorted {
        let packed = try tensor.buffer.rowMajor()
        let byteCount = packed.elementCount * packed.type.byteCount
        try withExtendedLifetime(packed.storage) {
          try file.append(UnsafeRawBufferPointer(start: packed.pointer, count: byteCount))
        }
      }
    }
  }

  private static func header(_ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]) throws
    -> [UInt8]
  {
    var parts: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let pairs = notes.map { "\(quoted($0.key)):\(quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var names = Set<String>(), start = 0
    for (name, tensor) in tensors {
      guard name != "__metadata__" else { throw TensorError("safetensors: the name \"__metadata__\" is reserved") }
      guard names.insert(name).inserted else { throw TensorError("safetensors: two tensors are named \"\(name)\"") }
      let end = start + tensor.count * tensor.type.byteCount
      parts.append(
        "\(quoted(name)):{\"dtype\":\"\(FileType(tensor.type).rawValue)\","
          + "\"shape\":[\(tensor.shape.map(String.init).joined(separator: ","))],\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var bytes = Array("{\(parts.joined(separator: ","))}".utf8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
    guard bytes.count <= largestHeader else {
      throw TensorError("safetensors: a header of \(bytes.count) bytes is too long to be read again")
    }
    return bytes
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
