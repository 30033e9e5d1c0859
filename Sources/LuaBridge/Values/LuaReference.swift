internal import CLuaHost

/// A Lua value kept beyond the call that brought it.
///
/// A value that is kept by an object that the value itself refers to is never collected: Lua cannot see the circle.
final class LuaReference {
  let host: OpaquePointer
  let number: Int32

  init(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) {
    let number = luahost_reference(lua.host, lua.state, index)
    guard number != 0 else { throw LuaMismatch(expected: "memory to keep a value", found: "none") }
    luahost_retain(lua.host)
    (self.host, self.number) = (lua.host, number)
  }

  deinit {
    luahost_forget(host, number)
    luahost_release(host)
  }

  func write(to lua: LuaWriter) {
    guard lua.host == host else { return lua.fail("a value of one Lua host cannot be given to another") }
    luahost_write_reference(lua.host, number)
  }

  /// Runs `body` with the value on the stack; nil when the host is closed.
  func withValue<Value>(_ body: (LuaStack, Int32) throws -> Value) rethrows -> Value? {
    guard let state = luahost_current(host), luahost_push_reference(host, state, number) else { return nil }
    defer { luahost_pop(state, 1) }
    return try body(LuaStack(state: state, host: host, count: 0), lua_gettop(state))
  }
}
