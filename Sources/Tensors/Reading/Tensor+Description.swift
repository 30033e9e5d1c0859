import Glibc
import Kernels

extension Tensor: CustomStringConvertible {
  /// The values in rows and columns with four decimals, then shape and type. Above 1000 elements, three from each end
  /// of every dimension.
  public var description: String { TensorPrinter(buffer).text }
}

/// Lays out a tensor as text of bounded length.
private struct TensorPrinter {
  private let buffer: Buffer
  /// The positions shown of each dimension; nil is the gap between the ends.
  private let shown: [[Int?]]
  private let width: Int
  private let isScientific: Bool
  private static let lineWidth = 100

  init(_ buffer: Buffer) {
    self.buffer = buffer
    let isLong = buffer.elementCount > 1000
    shown = buffer.shape.map { size in
      isLong && size > 6 ? [0, 1, 2, nil, size - 3, size - 2, size - 1] : (0..<size).map { $0 }
    }
    let values = Self.values(buffer, shown)
    isScientific = Self.needsExponents(values, buffer.type)
    var widest = 0
    for value in values { widest = max(widest, Self.format(value, buffer.type, isScientific).count) }
    width = widest
  }

  var text: String {
    let footer = "[Tensor \(buffer.shape.map(String.init).joined(separator: "×")) \(buffer.type.rawValue)]"
    if buffer.shape.rank == 0 { return "\(formatted([])) [Tensor \(buffer.type.rawValue)]" }
    if buffer.elementCount == 0 { return footer }
    return lines([]).joined(separator: "\n") + "\n" + footer
  }

  /// The lines of the part at the given leading positions: a row, a matrix, or matrices under their titles.
  private func lines(_ leading: [Int]) -> [String] {
    let left = buffer.shape.rank - leading.count
    if left == 1 { return row(leading) }
    var result: [String] = []
    for position in shown[leading.count] {
      guard let position else {
        result += left == 2 ? [" …"] : ["", "…", ""]
        continue
      }
      let part = lines(leading + [position])
      if left == 3 {
        if !result.isEmpty && result.last != "" { result.append("") }
        result.append("(\((leading + [position]).map { "\($0 + 1)" }.joined(separator: ",")),.,.) =")
      }
      if left > 3 && !result.isEmpty && result.last != "" { result.append("") }
      result += part
    }
    return result
  }

  /// One row, broken where it would be too long.
  private func row(_ leading: [Int]) -> [String] {
    var result = [""]
    for position in shown[leading.count] {
      let cell = position.map { formatted(leading + [$0]) } ?? "…"
      if result[result.count - 1].count + width + 2 > Self.lineWidth { result.append("   ") }
      result[result.count - 1] += " " + cell
    }
    return result
  }

  private func formatted(_ index: [Int]) -> String {
    let text = Self.format(Self.value(buffer, index), buffer.type, isScientific)
    return String(repeating: " ", count: max(width - text.count, 0)) + text
  }

  private static func values(_ buffer: Buffer, _ shown: [[Int?]]) -> [Double] {
    var indices: [[Int]] = [[]]
    for positions in shown { indices = indices.flatMap { index in positions.compactMap { $0 }.map { index + [$0] } } }
    return indices.map { value(buffer, $0) }
  }

  private static func value(_ buffer: Buffer, _ index: [Int]) -> Double {
    var offset = 0
    for (position, stride) in zip(index, buffer.strides) { offset += position * stride }
    return withExtendedLifetime(buffer.storage) {
      buffer.element(at: buffer.pointer + offset * buffer.type.byteCount)
    }
  }

  /// Whether four decimals would hide small values or large ones would widen every column.
  private static func needsExponents(_ values: [Double], _ type: ElementType) -> Bool {
    let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
    guard type.isFloatingPoint, let largest = sizes.max(), let smallest = sizes.min() else { return false }
    return largest >= 1e8 || largest < 1e-3 || (smallest < 1e-4 && largest >= 1e5)
  }

  private static func format(_ value: Double, _ type: ElementType, _ isScientific: Bool) -> String {
    switch type {
    case .bool: return value != 0 ? "true" : "false"
    case .int64, .uint8: return "\(Int(exactly: value) ?? Int.max)"
    case .float32, .float64:
      guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
      return printed(isScientific ? "%.4e" : "%.4f", value)
    }
  }

  private static func printed(_ format: String, _ value: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
      let length = withVaList([value]) { vsnprintf(text.baseAddress!, text.count, format, $0) }
      return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
