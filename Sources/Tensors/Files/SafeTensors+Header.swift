import Kernels

extension SafeTensors {
  /// Reads the header's text and checks all it claims against the bytes that follow it.
  static func parse(header: UnsafeRawBufferPointer, dataByteCount: Int) throws -> (
    entries: [Entry], metadata: [String: String]
  ) {
    guard header.first == UInt8(ascii: "{") else { throw TensorError("the header does not start with \"{\"") }
    guard case .object(let pairs) = try JSON(parsing: header) else { throw TensorError("the header is not an object") }
    var metadata: [String: String] = [:], entries: [Entry] = []
    for (name, value) in pairs {
      if name == "__metadata__" {
        metadata = try notes(value)
      } else {
        entries.append(try entry(name, value))
      }
    }
    entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw TensorError("tensor \"\(entry.name)\" starts at byte \(entry.bytes.lowerBound), expected \(end)")
      }
      end = entry.bytes.upperBound
    }
    guard end == dataByteCount else {
      throw TensorError("the tensors take \(end) bytes, the file has \(dataByteCount) for them")
    }
    return (entries, metadata)
  }

  private static func notes(_ value: JSON) throws -> [String: String] {
    guard case .object(let pairs) = value else { throw TensorError("__metadata__ is not an object") }
    var result: [String: String] = [:]
    for (key, value) in pairs {
      guard case .string(let text) = value else { throw TensorError("__metadata__ \"\(key)\" is not a string") }
      result[key] = text
    }
    return result
  }

  private static func entry(_ name: String, _ value: JSON) throws -> Entry {
    guard case .object(let pairs) = value else { throw TensorError("the entry of tensor \"\(name)\" is not an object") }
    let fields = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
    guard case .string(let typeName)? = fields["dtype"], let type = FileType(rawValue: typeName) else {
      throw TensorError("tensor \"\(name)\" has no type that can be read, but \(described(fields["dtype"]))")
    }
    guard let shape = sizes(fields["shape"]), shape.count <= Shape.maximumRank else {
      throw TensorError("the shape of tensor \"\(name)\" is no list of up to \(Shape.maximumRank) sizes")
    }
    guard let offsets = sizes(fields["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
      throw TensorError("the data_offsets of tensor \"\(name)\" are not two positions in order")
    }
    var product = type.byteCount
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { throw TensorError("tensor \"\(name)\" of shape \(shape) is too large") }
      product = next
    }
    try Shape(shape).checked("tensor \"\(name)\"")
    guard offsets[1] - offsets[0] == product else {
      throw TensorError(
        "tensor \"\(name)\" of shape \(shape) and type \(typeName) takes \(product) bytes, "
          + "its data_offsets give it \(offsets[1] - offsets[0])")
    }
    return Entry(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// A list of numbers from 0 on; nil for anything else.
  private static func sizes(_ value: JSON?) -> [Int]? {
    guard case .array(let values)? = value else { return nil }
    var result: [Int] = []
    for value in values {
      guard case .integer(let size) = value, size >= 0 else { return nil }
      result.append(size)
    }
    return result
  }

  private static func described(_ value: JSON?) -> String {
    switch value {
    case .string(let name)?: "\"\(name)\""
    case nil: "none"
    default: "something that is no name"
    }
  }
}
