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
    // A tensor without elements may have enormous sizes beside its 0.
    let isEmpty = buffer.elementCount == 0
    shown = isEmpty ? [] : buffer.shape.map { size in
      isLong && size > 6 ? [0, 1, 2, nil, size - 3, size - 2, size - 1] : (0..<size).map { $0 }
    }
    var indices: [[Int]] = isEmpty ? [] : [[]]
    for positions in shown { indices = indices.flatMap { index in positions.compactMap { $0 }.map { index + [$0] } } }
    let isScientific = buffer.type.isFloatingPoint && Self.needsExponents(indices.map { buffer.element($0) })
    self.isScientific = isScientific
    width = indices.map { buffer.text($0, isScientific).count }.max() ?? 0
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
    let text = buffer.text(index, isScientific)
    return String(repeating: " ", count: max(width - text.count, 0)) + text
  }

  /// Whether four decimals would hide small values or large ones would widen every column.
  private static func needsExponents(_ values: [Double]) -> Bool {
    let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
    guard let largest = sizes.max(), let smallest = sizes.min() else { return false }
    return largest >= 1e8 || largest < 1e-3 || (smallest < 1e-4 && largest >= 1e5)
  }
}

extension Buffer {
  private func address(_ index: [Int]) -> UnsafeMutableRawPointer {
    var place = 0
    for (position, stride) in zip(index, strides) { place += position * stride }
    return pointer + place * type.byteCount
  }

  fileprivate func element(_ index: [Int]) -> Double {
    withExtendedLifetime(storage) { element(at: address(index)) }
  }

  fileprivate func text(_ index: [Int], _ isScientific: Bool) -> String {
    switch type {
    case .bool: return element(index) != 0 ? "true" : "false"
    case .uint8: return "\(Int(element(index)))"
    case .int64: return withExtendedLifetime(storage) { "\(address(index).load(as: Int.self))" }
    case .float32, .float64:
      let value = element(index)
      guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
      return Self.printed(isScientific ? "%.4e" : "%.4f", value)
    }
  }

  private static func printed(_ format: String, _ value: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
      let length = withVaList([value]) { vsnprintf(text.baseAddress!, text.count, format, $0) }
      return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
