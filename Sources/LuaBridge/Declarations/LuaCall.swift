internal import CLuaHost

/// One call of a native function: its arguments, and the place for its results.
public struct LuaCall {
  let pointer: UnsafeMutablePointer<luahost_call>

  public var stack: LuaStack {
    LuaStack(state: pointer.pointee.state, host: pointer.pointee.host, count: pointer.pointee.count)
  }
  public var writer: LuaWriter { LuaWriter(host: pointer.pointee.host) }

  /// The argument at a position counted from 1 (the object of a method is the first).
  public func argument<Value: LuaReadable>(_ position: Int32, _ type: Value.Type = Value.self) throws -> Value {
    try Value.read(stack, at: position)
  }

  /// The object of a method.
  func object<Object: LuaObject>(_ type: Object.Type) throws -> Object {
    guard let object = Object.borrow(stack, at: 1) else {
      throw SelfError(
        mismatch: LuaMismatch(expected: Object.luaName, stack, at: 1), isReleased: stack.isReleasedObject(1))
    }
    return object
  }

  /// Adds a result.
  public func write(_ value: some LuaWritable) { value.write(to: writer) }
}

/// A method was called on something else than its object.
struct SelfError: Error {
  let mismatch: LuaMismatch
  /// Whether it was an object once.
  let isReleased: Bool
}
