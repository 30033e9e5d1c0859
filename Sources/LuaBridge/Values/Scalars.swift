internal import CLuaHost

extension Bool: LuaValue {
  public static var luaName: String { "boolean" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Bool {
    guard accepts(lua, at: index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    return lua_toboolean(lua.state, index) != 0
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    lua_type(lua.state, index) == LuaStack.Kind.boolean.rawValue
  }
  public func write(to lua: LuaWriter) { lua.write(self) }
}

/// Takes 3 and 3.0, and refuses 3.5.
extension Int: LuaValue {
  public static var luaName: String { "integer" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Int {
    var isInteger: Int32 = 0
    let value = lua_tointegerx(lua.state, index, &isInteger)
    if isInteger != 0, lua_type(lua.state, index) == LuaStack.Kind.number.rawValue { return Int(value) }
    throw mismatch(lua, at: index)
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    var isInteger: Int32 = 0
    _ = lua_tointegerx(lua.state, index, &isInteger)
    return isInteger != 0 && lua_type(lua.state, index) == LuaStack.Kind.number.rawValue
  }
  private static func mismatch(_ lua: LuaStack, at index: Int32) -> LuaMismatch {
    guard let number = try? Double.read(lua, at: index) else { return LuaMismatch(expected: luaName, lua, at: index) }
    return LuaMismatch(expected: luaName, found: "\(number)")
  }
  public func write(to lua: LuaWriter) { lua.write(self) }
}

extension Double: LuaValue {
  public static var luaName: String { "number" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Double {
    guard accepts(lua, at: index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    return lua_tonumberx(lua.state, index, nil)
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    lua_type(lua.state, index) == LuaStack.Kind.number.rawValue
  }
  public static func text(of value: Double) -> String { numberText(value) }
  public func write(to lua: LuaWriter) { lua.write(self) }
}

extension Float: LuaValue {
  public static var luaName: String { "number" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Float {
    Float(try Double.read(lua, at: index))
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { Double.accepts(lua, at: index) }
  public static func text(of value: Float) -> String {
    value == value.rounded() ? numberText(Double(value)) : "\(value)"
  }
  public func write(to lua: LuaWriter) { lua.write(Double(self)) }
}

/// A number as a person writes it in a script: 1 and not 1.0.
func numberText(_ value: Double) -> String {
  if let integer = Int(exactly: value), abs(integer) < 1_000_000 { return "\(integer)" }
  return "\(value)"
}

/// Bytes that are not UTF-8 are replaced; numbers are not taken for strings.
extension String: LuaValue {
  public static var luaName: String { "string" }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> String {
    var length = 0
    guard let bytes = luahost_string(lua.state, index, &length) else {
      throw LuaMismatch(expected: luaName, lua, at: index)
    }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    lua_type(lua.state, index) == LuaStack.Kind.string.rawValue
  }
  public static func text(of value: String) -> String { "\"\(value)\"" }
  public func write(to lua: LuaWriter) { lua.write(self) }
}

extension Optional: LuaNamed where Wrapped: LuaNamed {
  public static var luaName: String { "\(Wrapped.luaName)?" }
}

extension Optional: LuaReadable where Wrapped: LuaReadable {
  public static var tableForm: LuaTableForm { Wrapped.tableForm }
  public static var acceptsNil: Bool { true }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Wrapped? {
    lua.isNil(index) ? nil : try Wrapped.read(lua, at: index)
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    lua.isNil(index) || Wrapped.accepts(lua, at: index)
  }
  public static func text(of value: Wrapped?) -> String { value.map(Wrapped.text(of:)) ?? "nil" }
}

extension Optional: LuaWritable where Wrapped: LuaWritable {
  public static var objectCount: Int { Wrapped.objectCount }
  public func write(to lua: LuaWriter) {
    if let value = self { value.write(to: lua) } else { lua.writeNil() }
  }
}
