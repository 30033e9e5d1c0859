/// A Swift type that has a name in Lua.
public protocol LuaNamed {
  /// The type's name in error messages, in `help` and in annotations.
  static var luaName: String { get }
}

/// A Swift type that a Lua function can take as an argument, or that a callback can return.
///
/// Reading never runs Lua code: tables are read without metamethods, strings are not converted to numbers.
public protocol LuaReadable: LuaNamed {
  /// Which tables are values of this type; needed to tell a value from a table of named options.
  static var tableForm: LuaTableForm { get }
  /// Whether an absent argument is a value of this type.
  static var acceptsNil: Bool { get }
  /// Whether the type takes all arguments that are left.
  static var takesRest: Bool { get }
  /// The value at a stack index, or a mismatch that says what was expected and what came.
  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Self
  /// Whether `read` would succeed, found out cheaply: what `Either` decides by.
  static func accepts(_ lua: LuaStack, at index: Int32) -> Bool
  /// How a default value is shown.
  static func text(of value: Self) -> String
}

extension LuaReadable {
  public static var tableForm: LuaTableForm { .none }
  public static var acceptsNil: Bool { false }
  public static var takesRest: Bool { false }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { (try? read(lua, at: index)) != nil }
  public static func text(of value: Self) -> String { "\(value)" }
}

/// A Swift type that a Lua function can return, or that can be given to a callback.
public protocol LuaWritable: LuaNamed {
  /// How many objects a value is at most, of those whose handle can be made before the call (0 or 1).
  static var objectCount: Int { get }
  /// Records the value, as one value.
  func write(to lua: LuaWriter)
}

extension LuaWritable {
  public static var objectCount: Int { 0 }
}

/// A Swift type that crosses into Lua and back.
public typealias LuaValue = LuaReadable & LuaWritable

/// How a type reads a table: `{ 1, 2, 3 }` is a list, `{ a = 1, b = 2 }` is a record.
public struct LuaTableForm: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let none: LuaTableForm = []
  public static let list = LuaTableForm(rawValue: 1)
  public static let record = LuaTableForm(rawValue: 2)
}

/// A value did not have the type or range its parameter declares: "number expected, got nil".
public struct LuaMismatch: Error, CustomStringConvertible {
  public var expected: String
  public var found: String

  public init(expected: String, found: String) {
    (self.expected, self.found) = (expected, found)
  }
  /// Describes the value at `index` as what was found.
  public init(expected: String, _ lua: LuaStack, at index: Int32) {
    self.init(expected: expected, found: lua.describe(index))
  }
  public var description: String { "\(expected) expected, got \(found)" }
}

/// An error whose description is the sentence a script sees.
public struct LuaError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
