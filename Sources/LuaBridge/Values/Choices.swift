internal import CLuaHost

/// A string enumeration: `"mean" | "sum" | "none"` in Lua.
public protocol LuaEnumeration: LuaReadable, LuaWritable, CaseIterable, RawRepresentable<String> {}

extension LuaEnumeration {
  public static var luaName: String { allCases.map { "\"\($0.rawValue)\"" }.joined(separator: "|") }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
    guard String.accepts(lua, at: index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    let text = try String.read(lua, at: index)
    if let value = Self(rawValue: text) { return value }
    let hint = Spelling.suggestion(for: text, among: allCases.map(\.rawValue)).map { "; did you mean \"\($0)\"?" } ?? ""
    throw LuaMismatch(expected: luaName, found: "\"\(text)\"\(hint)")
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { String.accepts(lua, at: index) }
  public static func text(of value: Self) -> String { "\"\(value.rawValue)\"" }
  public func write(to lua: LuaWriter) { lua.write(rawValue) }
}

/// One of two types, such as a tensor or a number. The first that fits is taken.
public enum Either<First, Second> {
  case first(First)
  case second(Second)
}

extension Either: LuaNamed where First: LuaNamed, Second: LuaNamed {
  public static var luaName: String { "\(First.luaName)|\(Second.luaName)" }
}

extension Either: LuaReadable where First: LuaReadable, Second: LuaReadable {
  public static var tableForm: LuaTableForm { First.tableForm.union(Second.tableForm) }
  public static var acceptsNil: Bool { First.acceptsNil || Second.acceptsNil }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Either {
    if First.accepts(lua, at: index) { return .first(try First.read(lua, at: index)) }
    do throws(LuaMismatch) { return .second(try Second.read(lua, at: index)) } catch {
      throw LuaMismatch(expected: luaName, found: error.found)
    }
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    First.accepts(lua, at: index) || Second.accepts(lua, at: index)
  }
  public static func text(of value: Either) -> String {
    switch value {
    case .first(let value): First.text(of: value)
    case .second(let value): Second.text(of: value)
    }
  }
}

extension Either: LuaWritable where First: LuaWritable, Second: LuaWritable {
  public static var objectCount: Int { Swift.max(First.objectCount, Second.objectCount) }
  public func write(to lua: LuaWriter) {
    switch self {
    case .first(let value): value.write(to: lua)
    case .second(let value): value.write(to: lua)
    }
  }
}

/// A dimension or position as scripts count: from 1, or from -1 at the end. 0 is refused.
public struct LuaIndex: LuaReadable, LuaWritable, Hashable, Sendable {
  /// As Swift counts: from 0, or from -1 at the end.
  public let zeroBased: Int
  public init(zeroBased: Int) { self.zeroBased = zeroBased }

  public static var luaName: String { "integer" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaIndex {
    let position = try Int.read(lua, at: index)
    guard position != 0 else {
      throw LuaMismatch(expected: "a position counted from 1, or from -1 at the end,", found: "0")
    }
    return LuaIndex(zeroBased: position > 0 ? position - 1 : position)
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { Int.accepts(lua, at: index) }
  public static func text(of value: LuaIndex) -> String { "\(value.oneBased)" }
  var oneBased: Int { zeroBased >= 0 ? zeroBased + 1 : zeroBased }
  public func write(to lua: LuaWriter) { lua.write(oneBased) }
}
