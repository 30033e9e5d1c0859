import Foundation

/// What is stored: a buffer's element as the plain kernels read and write it.
protocol PlainElement {
  /// What it is computed in.
  associatedtype Wide: PlainNumber
  /// Back from computing: rounds reals to the nearest, wraps integers.
  init(_ wide: Wide)
  var wide: Wide { get }
  /// From a real: truncates toward zero and saturates where this is an integer.
  init(real: Double)
  /// From an integer: wraps where this is narrower.
  init(integer: Int64)
}

/// What is computed in: `Double` for reals, `Int64` for integers and truth values.
protocol PlainNumber: Comparable {
  static var zero: Self { get }
  static var one: Self { get }
  static var lowest: Self { get }
  static var highest: Self { get }
  init(real: Double)
  var real: Double { get }
  var isNotANumber: Bool { get }
  func element<E: PlainElement>(_ type: E.Type) -> E
  func adding(_ other: Self) -> Self
  func subtracting(_ other: Self) -> Self
  func multiplied(by other: Self) -> Self
  /// Integers truncate; by zero they give 0.
  func divided(by other: Self) -> Self
  /// The remainder with the divisor's sign; integers by zero give 0.
  func modulo(_ other: Self) -> Self
  func raised(to exponent: Self) -> Self
  /// `scale` is a real number even where this is an integer.
  func scaled(by scale: Double) -> Self
  static func function(_ operation: UnaryOperation) -> (Self) -> Self
}

extension PlainNumber {
  /// NaN where either is, as PyTorch.
  func minimum(_ other: Self) -> Self { isNotANumber ? self : other.isNotANumber || other < self ? other : self }
  func maximum(_ other: Self) -> Self { isNotANumber ? self : other.isNotANumber || other > self ? other : self }
  /// The order of maxima: NaN is above everything, as PyTorch has it.
  func isAbove(_ other: Self) -> Bool { isNotANumber ? !other.isNotANumber : self > other }
}

extension Float: PlainElement {
  var wide: Double { Double(self) }
  init(real: Double) { self.init(real) }
  init(integer: Int64) { self.init(integer) }
}

extension Double: PlainElement {
  var wide: Double { self }
  init(real: Double) { self = real }
  init(integer: Int64) { self.init(integer) }
}

extension Int64: PlainElement {
  var wide: Int64 { self }
  init(real: Double) { self = real.isNaN ? 0 : real >= 0x1p63 ? .max : real < -0x1p63 ? .min : Int64(real) }
  init(integer: Int64) { self = integer }
}

extension UInt8: PlainElement {
  init(_ wide: Int64) { self.init(truncatingIfNeeded: wide) }
  var wide: Int64 { Int64(self) }
  init(real: Double) { self = real.isNaN ? 0 : UInt8(Swift.min(Swift.max(real, 0), 255)) }
  init(integer: Int64) { self.init(truncatingIfNeeded: integer) }
}

/// An element of type `bool`: one byte, 0 or 1.
struct Truth: PlainElement {
  private var byte: UInt8
  init(_ value: Bool) { byte = value ? 1 : 0 }
  init(_ wide: Int64) { self.init(wide != 0) }
  init(real: Double) { self.init(real != 0) }
  init(integer: Int64) { self.init(integer != 0) }
  var isTrue: Bool { byte != 0 }
  var wide: Int64 { isTrue ? 1 : 0 }
}

extension Double: PlainNumber {
  static var one: Double { 1 }
  static var lowest: Double { -.infinity }
  static var highest: Double { .infinity }
  var real: Double { self }
  var isNotANumber: Bool { isNaN }
  func element<E: PlainElement>(_ type: E.Type) -> E { E(real: self) }
  func adding(_ other: Double) -> Double { self + other }
  func subtracting(_ other: Double) -> Double { self - other }
  func multiplied(by other: Double) -> Double { self * other }
  func divided(by other: Double) -> Double { self / other }
  func modulo(_ other: Double) -> Double {
    let remainder = fmod(self, other)
    return remainder != 0 && (remainder < 0) != (other < 0) ? remainder + other : remainder
  }
  func raised(to exponent: Double) -> Double { pow(self, exponent) }
  func scaled(by scale: Double) -> Double { self * scale }
}

extension Int64: PlainNumber {
  static var one: Int64 { 1 }
  static var lowest: Int64 { .min }
  static var highest: Int64 { .max }
  var real: Double { Double(self) }
  var isNotANumber: Bool { false }
  func element<E: PlainElement>(_ type: E.Type) -> E { E(integer: self) }
  func adding(_ other: Int64) -> Int64 { self &+ other }
  func subtracting(_ other: Int64) -> Int64 { self &- other }
  func multiplied(by other: Int64) -> Int64 { self &* other }
  func divided(by other: Int64) -> Int64 { other == 0 ? 0 : other == -1 ? 0 &- self : self / other }
  func modulo(_ other: Int64) -> Int64 {
    guard other != 0, other != -1 else { return 0 }
    let remainder = self % other
    return remainder != 0 && (remainder < 0) != (other < 0) ? remainder + other : remainder
  }
  /// By repeated squaring, wrapping; a negative exponent gives the truncated reciprocal.
  func raised(to exponent: Int64) -> Int64 {
    guard exponent >= 0 else { return self == 1 ? 1 : self == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
    var (result, base, rest) = (Int64(1), self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* base }
      (base, rest) = (base &* base, rest >> 1)
    }
    return result
  }
  func scaled(by scale: Double) -> Int64 {
    if let whole = Int64(exactly: scale) { return self &* whole }
    return Int64(real: Double(self) * scale)
  }
}
