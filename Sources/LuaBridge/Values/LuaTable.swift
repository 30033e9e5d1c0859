internal import CLuaHost

/// A table of the script, kept and read without metamethods.
public final class LuaTable: LuaReadable, LuaWritable {
  public static var luaName: String { "table" }
  public static var tableForm: LuaTableForm { [.list, .record] }
  let reference: LuaReference

  init(_ reference: LuaReference) { self.reference = reference }

  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaTable {
    guard lua.isTable(index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    return LuaTable(try LuaReference(lua, at: index))
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { lua.isTable(index) }
  public static func text(of value: LuaTable) -> String { "table" }
  public func write(to lua: LuaWriter) { reference.write(to: lua) }

  /// The length of the list part.
  public var count: Int { reference.withValue { lua, table in lua.listCount(table) } ?? 0 }

  /// The names among the keys, sorted.
  public var names: [String] {
    var names: [String] = []
    _ = reference.withValue { lua, table in
      try? lua.forEachField(of: table) { key, _ throws(LuaMismatch) in
        if let name = try? String.read(lua, at: key) { names.append(name) }
      }
    }
    return names.sorted()
  }

  /// `table[position]`, counted from 1; throws a sentence when it has another type.
  public func value<Value: LuaReadable>(_ position: Int, as type: Value.Type = Value.self) throws -> Value {
    try labelled("[\(position)]") {
      try reference.withValue { lua, table in
        try lua.withItem(position, of: table) { i throws(LuaMismatch) in
          try Value.read(lua, at: i)
        }
      }
    }
  }

  /// `table[name]`; throws a sentence when it has another type.
  public func value<Value: LuaReadable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    try labelled("'\(name)'") {
      try reference.withValue { lua, table in
        try lua.withField(name, of: table) { i throws(LuaMismatch) in
          try Value.read(lua, at: i)
        }
      }
    }
  }

  private func labelled<Value>(_ key: String, _ body: () throws -> Value?) throws -> Value {
    do {
      if let value = try body() { return value }
    } catch let mismatch as LuaMismatch {
      throw LuaError("bad value of \(key) (\(mismatch))")
    }
    throw LuaError("the Lua host of this table is closed")
  }
}

/// Any Lua value.
public enum LuaAny: LuaReadable, LuaWritable {
  case `nil`
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case table(LuaTable)
  case function(LuaFunction)
  /// An object of a declared class.
  case object(AnyObject)
  /// A coroutine, or an object of somebody else.
  case other

  public static var luaName: String { "any" }
  public static var tableForm: LuaTableForm { [.list, .record] }
  public static var acceptsNil: Bool { true }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaAny {
    switch lua.kind(index) {
    case .none, .nil: return .nil
    case .boolean: return .boolean(try Bool.read(lua, at: index))
    case .number:
      if lua_isinteger(lua.state, index) != 0 { return .integer(try Int.read(lua, at: index)) }
      return .number(try Double.read(lua, at: index))
    case .string: return .string(try String.read(lua, at: index))
    case .table: return .table(try LuaTable.read(lua, at: index))
    case .function: return .function(try LuaFunction.read(lua, at: index))
    case .userdata: return lua.anyObject(index).map { .object($0) } ?? .other
    case .light, .thread: return .other
    }
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { true }

  public func write(to lua: LuaWriter) {
    switch self {
    case .nil: lua.writeNil()
    case .boolean(let value): lua.write(value)
    case .integer(let value): lua.write(value)
    case .number(let value): lua.write(value)
    case .string(let value): lua.write(value)
    case .table(let value): value.write(to: lua)
    case .function(let value): value.write(to: lua)
    case .object(let value): lua.write(object: value)
    case .other: lua.fail("this kind of value cannot be given back to Lua")
    }
  }
}
