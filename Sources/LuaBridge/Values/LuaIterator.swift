/// What a `for` loop takes: `for a, b in object:over(…) do`. The closure gives the next values, and nil at the end.
public final class LuaIterator: LuaObject {
  public static var luaName: String { "iterator" }
  let next: (LuaWriter) throws -> Void

  private init(writing next: @escaping (LuaWriter) throws -> Void) { self.next = next }

  public convenience init<Value: LuaWritable>(_ next: @escaping () throws -> Value?) {
    self.init { lua in
      guard let value = try next() else { return lua.writeNil() }
      value.write(to: lua)
    }
  }

  public convenience init<First: LuaWritable, Second: LuaWritable>(_ next: @escaping () throws -> (First, Second)?) {
    self.init { lua in
      guard let (first, second) = try next() else { return lua.writeNil() }
      first.write(to: lua)
      second.write(to: lua)
    }
  }

  public convenience init<First: LuaWritable, Second: LuaWritable, Third: LuaWritable>(
    _ next: @escaping () throws -> (First, Second, Third)?
  ) {
    self.init { lua in
      guard let (first, second, third) = try next() else { return lua.writeNil() }
      first.write(to: lua)
      second.write(to: lua)
      third.write(to: lua)
    }
  }
}
