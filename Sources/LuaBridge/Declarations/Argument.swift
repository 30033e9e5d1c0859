/// One argument: its name, what it means, the value used when the script leaves it out, and the values it may have.
public final class Argument<Value: LuaReadable> {
  let parameter: Parameter
  let fallback: Value?
  let isAllowed: ((Value) -> Bool)?

  init(_ name: String, _ summary: String, fallback: Value?, range: String?, isAllowed: ((Value) -> Bool)?) {
    self.fallback = fallback
    self.isAllowed = isAllowed
    let isNil = fallback.map { Value.text(of: $0) == "nil" } ?? false
    parameter = Parameter(
      name: name, summary: summary, type: Value.luaName, fallback: isNil ? nil : fallback.map(Value.text(of:)),
      range: range, isOptional: fallback != nil || Value.acceptsNil, takesRest: Value.takesRest, form: Value.tableForm)
  }

  public convenience init(_ name: String, _ summary: String, default fallback: Value? = nil) {
    self.init(name, summary, fallback: fallback, range: nil, isAllowed: nil)
  }

  /// Whether the default is a value that a script could not give itself.
  var hasForbiddenDefault: Bool {
    guard let fallback, let isAllowed else { return false }
    return !isAllowed(fallback)
  }

  /// Reads the argument after `index`, and advances `index` to it.
  func read(_ call: LuaCall, _ index: inout Int32) throws -> Value {
    index += 1
    let stack = call.stack
    if let fallback, stack.isNil(index) { return fallback }
    let value: Value
    do throws(LuaMismatch) { value = try Value.read(stack, at: index) } catch {
      throw ArgumentError(name: parameter.name, mismatch: error)
    }
    if let isAllowed, !isAllowed(value) {
      throw ArgumentError(
        name: parameter.name,
        mismatch: LuaMismatch(expected: "\(parameter.type) \(parameter.range ?? "")", found: Value.text(of: value)))
    }
    return value
  }
}

/// An argument that a function cannot take.
struct ArgumentError: Error {
  let name: String
  let mismatch: LuaMismatch
}

/// The values an argument may have, in words and as a test.
public struct Bounds<Value> {
  let text: String
  let contains: (Value) -> Bool

  init(_ text: String, _ contains: @escaping (Value) -> Bool) { (self.text, self.contains) = (text, contains) }
}

extension Bounds where Value: Comparable & ExpressibleByIntegerLiteral {
  public static var positive: Bounds { Bounds("above 0") { $0 > 0 } }
  public static var nonNegative: Bounds { Bounds("of at least 0") { $0 >= 0 } }
}

extension Bounds where Value: Comparable & LuaReadable {
  init(_ range: ClosedRange<Value>) {
    self.init("from \(Value.text(of: range.lowerBound)) to \(Value.text(of: range.upperBound))", range.contains)
  }
  init(_ range: Range<Value>) {
    self.init("from \(Value.text(of: range.lowerBound)) to below \(Value.text(of: range.upperBound))", range.contains)
  }
  init(_ range: PartialRangeFrom<Value>) {
    self.init("of at least \(Value.text(of: range.lowerBound))", range.contains)
  }
}

extension Argument {
  public convenience init(_ name: String, _ summary: String, default fallback: Value? = nil, in bounds: Bounds<Value>) {
    self.init(name, summary, fallback: fallback, range: bounds.text, isAllowed: bounds.contains)
  }

  /// An optional argument whose value, when there is one, lies within bounds.
  public convenience init<Wrapped>(
    _ name: String, _ summary: String, default fallback: Value? = nil, in bounds: Bounds<Wrapped>
  ) where Value == Wrapped? {
    self.init(name, summary, fallback: fallback, range: bounds.text) { $0.map(bounds.contains) ?? true }
  }
}

extension Argument where Value: Comparable {
  public convenience init(
    _ name: String, _ summary: String, default fallback: Value? = nil, in range: ClosedRange<Value>
  ) {
    self.init(name, summary, default: fallback, in: Bounds(range))
  }
  public convenience init(_ name: String, _ summary: String, default fallback: Value? = nil, in range: Range<Value>) {
    self.init(name, summary, default: fallback, in: Bounds(range))
  }
  public convenience init(
    _ name: String, _ summary: String, default fallback: Value? = nil, in range: PartialRangeFrom<Value>
  ) {
    self.init(name, summary, default: fallback, in: Bounds(range))
  }
}

extension Argument {
  public convenience init<Wrapped: Comparable & LuaReadable>(
    _ name: String, _ summary: String, default fallback: Value? = nil, in range: ClosedRange<Wrapped>
  ) where Value == Wrapped? {
    self.init(name, summary, default: fallback, in: Bounds(range))
  }
  public convenience init<Wrapped: Comparable & LuaReadable>(
    _ name: String, _ summary: String, default fallback: Value? = nil, in range: PartialRangeFrom<Wrapped>
  ) where Value == Wrapped? {
    self.init(name, summary, default: fallback, in: Bounds(range))
  }
}
