internal import CLuaHost

/// A Swift function that Lua can call: its name, its documentation and its argument checks in one place.
public final class Function: Declaration {
  public let parameters: [Parameter]
  public let results: [FunctionResult]
  /// Whether a table of named options may stand for arguments.
  public let isNamed: Bool
  let kind: Kind
  let objectCount: Int
  /// A method's object comes before the parameters.
  let takesObject: Bool
  var isLenient = false
  let body: (LuaCall) throws -> Void
  /// What is wrong with the declaration itself.
  let problems: [String]

  enum Kind { case native, scope, keep }

  init(
    _ name: String, _ summary: String, _ signature: Signature, _ results: Results, named: Bool = false,
    takesObject: Bool = false, kind: Kind = .native, body: @escaping (LuaCall) throws -> Void
  ) {
    (parameters, problems) = (signature.parameters, signature.problems)
    (self.results, objectCount) = (results.list, results.objectCount)
    (isNamed, self.takesObject, self.kind, self.body) = (named, takesObject, kind, body)
    super.init(name: name, summary: summary)
  }

  /// An entry that reads its arguments and writes its results itself, for what is called very often.
  public convenience init(
    _ name: String, _ summary: String, parameters: [Parameter] = [], returns: [FunctionResult] = [],
    native body: @escaping (LuaCall) throws -> Void
  ) {
    self.init(name, summary, Signature(parameters), Results(returns, objectCount: returns.count), body: body)
  }

  /// `tostring(object)`. A closed object has a text too: whatever is printed while a mistake is looked for.
  static func text(_ summary: String, _ results: Results, body: @escaping (LuaCall) throws -> Void) -> Function {
    Function("tostring", summary, Signature([]), results, takesObject: true) { call in
      if call.stack.isReleasedObject(1) { return call.write(call.stack.describe(1)) }
      try body(call)
    }
  }

  /// `scope(body, …)`: calls `body`, then releases the objects made in it that were not returned or kept.
  public static func scope() -> Function {
    Function(
      "scope",
      "Calls a function and releases every object made in it, at its end or at an error. What it returns, alone or in "
        + "tables, stays.",
      Signature(
        Argument<LuaFunction>("body", "called with the arguments that follow"),
        Argument<Rest<LuaAny>>("...", "arguments for the function")),
      Results([FunctionResult(type: "any", summary: "what the function returns")], objectCount: 0), kind: .scope
    ) { _ in }
  }

  /// `keep(…)`: takes objects out of every scope.
  public static func keep() -> Function {
    Function(
      "keep", "Takes objects, alone or in tables, out of every scope, so that they stay until they are collected.",
      Signature(Argument<Rest<LuaAny>>("...", "the objects")),
      Results([FunctionResult(type: "any", summary: "the same values")], objectCount: 0), kind: .keep
    ) { _ in }
  }

  /// Runs the function for a call from Lua. Nothing here raises: the status tells C what to do.
  func run(_ call: LuaCall) -> Int32 {
    do {
      if call.pointer.pointee.problem != 0 { throw refusal(of: call) }
      try body(call)
      return Int32(LUAHOST_DONE.rawValue)
    } catch {
      return fail(call, error)
    }
  }
}

/// The parameters of a function, from its arguments.
struct Signature {
  var parameters: [Parameter] = []
  var problems: [String] = []

  init(_ parameters: [Parameter]) { self.parameters = parameters }

  init<each Input: LuaReadable>(_ arguments: repeat Argument<each Input>) {
    for argument in repeat each arguments {
      parameters.append(argument.parameter)
      if argument.hasForbiddenDefault {
        problems.append("the default of '\(argument.parameter.name)' is not \(argument.parameter.range ?? "allowed")")
      }
    }
  }
}

/// The results of a function: their documentation, and how many objects there can be among them.
struct Results {
  var list: [FunctionResult] = []
  var objectCount = 0

  static var none: Results { Results([], objectCount: 0) }
  init(_ list: [FunctionResult], objectCount: Int) { (self.list, self.objectCount) = (list, objectCount) }
  init<each Output: LuaWritable>(_ types: repeat (each Output).Type, summaries: [String]) {
    for type in repeat each types {
      list.append(FunctionResult(type: type.luaName, summary: summaries[list.count]))
      objectCount += type.objectCount
    }
  }
}
