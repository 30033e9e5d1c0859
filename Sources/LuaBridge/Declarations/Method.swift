/// A method of a class: `object:name(…)`.
public final class Method<Object: LuaObject> {
  let function: Function

  init(
    _ name: String, _ summary: String, _ signature: Signature, _ results: Results, named: Bool,
    body: @escaping (LuaCall) throws -> Void
  ) {
    function = Function(name, summary, signature, results, named: named, takesObject: true, body: body)
  }

  /// An entry that reads its arguments (the object is the first) and writes its results itself.
  public init(
    _ name: String, _ summary: String, parameters: [Parameter] = [], returns: [FunctionResult] = [],
    native body: @escaping (Object, LuaCall) throws -> Void
  ) {
    let results = Results(returns, objectCount: returns.count)
    function = Function(name, summary, Signature(parameters), results, takesObject: true) { call in
      try body(try call.object(Object.self), call)
    }
  }
}
