internal import CLuaHost

/// A function of the script that Swift keeps and calls.
public final class LuaFunction: LuaReadable, LuaWritable {
  public static var luaName: String { "function" }
  let reference: LuaReference

  init(_ reference: LuaReference) { self.reference = reference }

  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaFunction {
    guard lua.isFunction(index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    return LuaFunction(try LuaReference(lua, at: index))
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { lua.isFunction(index) }
  public static func text(of value: LuaFunction) -> String { "function" }
  public func write(to lua: LuaWriter) { reference.write(to: lua) }

  /// Calls the function for its effect. An error in it passes through unchanged to the script that called Swift.
  public func callAsFunction<each Input: LuaWritable>(_ arguments: repeat each Input) throws {
    try call(repeat each arguments, results: 0) { _, _ in }
  }

  /// Calls the function for one result.
  public func callAsFunction<each Input: LuaWritable, Output: LuaReadable>(
    _ arguments: repeat each Input
  ) throws -> Output {
    try call(repeat each arguments, results: 1) { lua, first in try Self.result(lua, first) }
  }

  /// Calls the function for two results.
  public func callAsFunction<each Input: LuaWritable, First: LuaReadable, Second: LuaReadable>(
    _ arguments: repeat each Input
  ) throws -> (First, Second) {
    try call(repeat each arguments, results: 2) { lua, first in
      (try Self.result(lua, first), try Self.result(lua, first + 1))
    }
  }

  private static func result<Output: LuaReadable>(_ lua: LuaStack, _ index: Int32) throws -> Output {
    do throws(LuaMismatch) { return try Output.read(lua, at: index) } catch {
      throw LuaError("bad result of a function (\(error))")
    }
  }

  private func call<each Input: LuaWritable, Output>(
    _ arguments: repeat each Input, results: Int32, read: (LuaStack, Int32) throws -> Output
  ) throws -> Output {
    let host = reference.host
    guard !luahost_is_closed(host) else { throw LuaError("the Lua host of this function is closed") }
    // Outside of any script there is nobody to pass an error on to: the call is a run of its own.
    guard luahost_running() == host else {
      return try LuaHost.of(host).call(reference.number, repeat each arguments, results: results, read: read)
    }
    let mark = luahost_mark(host)
    let writer = LuaWriter(host: host)
    repeat (each arguments).write(to: writer)
    guard luahost_call_reference(host, reference.number, mark, results) else {
      throw CallbackError(LuaHost.of(host))
    }
    let state = luahost_current(host)!
    defer { luahost_pop(state, results) }
    return try read(LuaStack(state: state, host: host, count: .max), lua_gettop(state) - results + 1)
  }
}

/// An error that a script's function raised while Swift had called it. The error object waits in the native call's
/// slot.
public struct CallbackError: Error, CustomStringConvertible {
  public let description: String
  let frame: UInt
  let serial: Int

  init(_ host: LuaHost) {
    description = host.message
    frame = UInt(bitPattern: luahost_frame(host.core))
    host.callbackErrors += 1
    serial = host.callbackErrors
  }
}
