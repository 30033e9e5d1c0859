/// A property of a class: `object.name`, and `object.name = value` when it has a setter.
public final class Property<Object: LuaObject> {
  let getter: Function
  let setter: Function?
  let name: String, summary: String, type: String

  private init(_ name: String, _ summary: String, type: String, getter: Function, setter: Function?) {
    (self.name, self.summary, self.type, self.getter, self.setter) = (name, summary, type, getter, setter)
  }

  /// A property that scripts only read.
  public convenience init<Value: LuaWritable>(
    _ name: String, _ summary: String, _ get: @escaping (Object) throws -> Value
  ) {
    self.init(name, summary, type: Value.luaName, getter: Self.getter(name, summary, get), setter: nil)
  }

  /// A property that scripts read and assign.
  public convenience init<Value: LuaValue>(
    _ name: String, _ summary: String, get: @escaping (Object) throws -> Value,
    set: @escaping (Object, Value) throws -> Void
  ) {
    let argument = Argument<Value>("value", "the new value")
    let setter = Function(name, summary, Signature(argument), .none, takesObject: true) { call in
      var index: Int32 = 1
      try set(try call.object(Object.self), try argument.read(call, &index))
    }
    self.init(name, summary, type: Value.luaName, getter: Self.getter(name, summary, get), setter: setter)
  }

  private static func getter<Value: LuaWritable>(
    _ name: String, _ summary: String, _ get: @escaping (Object) throws -> Value
  ) -> Function {
    Function(name, summary, Signature([]), Results(Value.self, summaries: [summary]), takesObject: true) { call in
      call.write(try get(try call.object(Object.self)))
    }
  }
}
