/// A JSON value, as far as headers need it: read strictly, with repeated keys refused.
indirect enum JSON: Equatable {
  case object([(key: String, value: JSON)])
  case array([JSON])
  case string(String)
  /// Whole numbers that fit; others are `number`.
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case null

  static func == (one: JSON, two: JSON) -> Bool {
    switch (one, two) {
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    case (.array(let a), .array(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.null, .null): true
    default: false
    }
  }

  /// - Throws: what is wrong and at which byte.
  init(parsing bytes: UnsafeRawBufferPointer) throws {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }
}

/// Recursive descent over bytes; every read is checked, and depth is bounded.
private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var position = 0
  var depth = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func document() throws -> JSON {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("unexpected text after the end") }
    return result
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ what: String) -> TensorError { TensorError("\(what) at byte \(position + 1)") }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value() throws -> JSON {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws -> JSON) throws -> JSON {
    guard depth < 64 else { throw failure("nesting deeper than 64") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSON {
    var pairs: [(key: String, value: JSON)] = [], keys = Set<String>()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      let key = try string()
      guard keys.insert(key).inserted else { throw failure("the key \"\(key)\" is repeated") }
      guard take(":") else { throw failure("expected \":\"") }
      pairs.append((key, try value()))
    } while take(",")
    guard take("}") else { throw failure("expected \",\" or \"}\"") }
    return .object(pairs)
  }

  private mutating func array() throws -> JSON {
    var values: [JSON] = []
    if take("]") { return .array([]) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw failure("expected \",\" or \"]\"") }
    return .array(values)
  }

  private mutating func word(_ text: String, _ value: JSON) throws -> JSON {
    for expected in text.utf8 {
      guard current == expected else { throw failure("expected \"\(text)\"") }
      position += 1
    }
    return value
  }

  private mutating func number() throws -> JSON {
    let start = position
    var isWhole = true
    while let byte = current {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"): isWhole = false
      default:
        return try number(in: start..<position, isWhole: isWhole)
      }
      position += 1
    }
    return try number(in: start..<position, isWhole: isWhole)
  }

  private func number(in range: Range<Int>, isWhole: Bool) throws -> JSON {
    let text = String(decoding: bytes[range], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    guard !digits.isEmpty, digits.first != "0" || digits.count == 1 || !isWhole else {
      throw failure("expected a value")
    }
    if isWhole, let whole = Int(text) { return .integer(whole) }
    guard let value = Double(text) else { throw failure("\"\(text)\" is not a number") }
    return .number(value)
  }

  private mutating func string() throws -> String {
    guard current == UInt8(ascii: "\"") else { throw failure("expected a string") }
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else { throw failure("invalid UTF-8 before") }
        return result
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case 0..<0x20: throw failure("a control character inside a string")
      default: text.append(byte)
      }
    }
    throw failure("a string without an end")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    guard let byte = current else { throw failure("a string without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // A surrogate: the second half follows as another escape.
      guard first < 0xdc00, current == UInt8(ascii: "\\") else { throw failure("half of a character") }
      position += 1
      guard current == UInt8(ascii: "u") else { throw failure("half of a character") }
      position += 1
      let second = try codeUnit()
      guard second >= 0xdc00 && second < 0xe000,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      else { throw failure("half of a character") }
      return scalar
    default: throw failure("an unknown escape")
    }
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("a string without an end") }
    let text = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    guard text.utf8.count == 4, !text.hasPrefix("+"), !text.hasPrefix("-"), let value = UInt32(text, radix: 16) else {
      throw failure("an escape without four digits")
    }
    position += 4
    return value
  }
}
