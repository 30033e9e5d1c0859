internal import CLuaHost

/// The Lua values a native function can read: its arguments, or the results of a callback.
public struct LuaStack {
  let state: OpaquePointer
  let host: OpaquePointer
  /// How many arguments came; an index beyond is "no value".
  public let count: Int32

  init(state: OpaquePointer, host: OpaquePointer, count: Int32) {
    (self.state, self.host, self.count) = (state, host, count)
  }

  enum Kind: Int32 {
    case none = -1
    case `nil` = 0
    case boolean, light, number, string, table, function, userdata, thread
  }

  func kind(_ index: Int32) -> Kind { Kind(rawValue: lua_type(state, index)) ?? .none }

  /// Whether the value is nil or absent.
  public func isNil(_ index: Int32) -> Bool { lua_type(state, index) <= 0 }
  public func isTable(_ index: Int32) -> Bool { lua_type(state, index) == Kind.table.rawValue }
  public func isFunction(_ index: Int32) -> Bool { lua_type(state, index) == Kind.function.rawValue }

  /// What the value is, as an error message says it: "nil", "string", "3.5", "Tensor", "a closed Tensor".
  public func describe(_ index: Int32) -> String {
    switch kind(index) {
    case .none: return "no value"
    case .nil: return index > count ? "no value" : "nil"
    case .userdata: return describeObject(index)
    case let kind: return String(cString: lua_typename(state, kind.rawValue))
    }
  }

  private func describeObject(_ index: Int32) -> String {
    guard let name = luahost_object_class(host, state, index).map({ String(cString: $0) }) else { return "userdata" }
    switch objectState(index) {
    case LUAHOST_OBJECT_CLOSED: return "a closed \(name)"
    case LUAHOST_OBJECT_LEFT_SCOPE: return "a \(name) that was released at the end of its scope"
    default: return name
    }
  }

  /// Runs `body` with the stack index of `table[position]` of a list.
  func withItem<Value>(
    _ position: Int, of table: Int32, _ body: (Int32) throws(LuaMismatch) -> Value
  ) throws(LuaMismatch) -> Value {
    guard luahost_push_item(state, table, Int64(position)) else { throw Self.tooDeep }
    defer { luahost_pop(state, 1) }
    return try body(lua_gettop(state))
  }

  /// Runs `body` with the stack index of the field `name` of a table.
  func withField<Value>(
    _ name: String, of table: Int32, _ body: (Int32) throws(LuaMismatch) -> Value
  ) throws(LuaMismatch) -> Value {
    var name = name
    let pushed = name.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { luahost_push_field(host, state, table, $0.baseAddress, $0.count) }
    }
    guard pushed else { throw Self.tooDeep }
    defer { luahost_pop(state, 1) }
    return try body(lua_gettop(state))
  }

  /// Runs `body` with the stack indices of each key and value of a table, in Lua's order.
  func forEachField(
    of table: Int32, _ body: (_ key: Int32, _ value: Int32) throws(LuaMismatch) -> Void
  ) throws(LuaMismatch) {
    let table = lua_absindex(state, table)
    let before = lua_gettop(state)
    guard luahost_push_nil(state) else { throw Self.tooDeep }
    while luahost_next(host, state, table) {
      do throws(LuaMismatch) { try body(before + 1, before + 2) } catch {
        luahost_pop(state, lua_gettop(state) - before)
        throw error
      }
      luahost_pop(state, 1)
    }
  }

  static var tooDeep: LuaMismatch {
    LuaMismatch(expected: "a value that fits on the Lua stack", found: "one nested too deeply")
  }

  /// How many values the list part of a table has.
  public func listCount(_ index: Int32) -> Int { Int(clamping: lua_rawlen(state, index)) }
}
