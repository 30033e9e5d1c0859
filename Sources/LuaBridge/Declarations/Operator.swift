/// What an operator sign does with objects of a class.
public final class Operator<Object: LuaObject> {
  public enum Kind: String, CaseIterable, Sendable {
    case add, subtract, multiply, divide, floorDivide, modulo, power
    case negate, length, call, index, setIndex, text, pairs, concatenate

    /// The metamethod.
    var key: String {
      switch self {
      case .add: "__add"
      case .subtract: "__sub"
      case .multiply: "__mul"
      case .divide: "__div"
      case .floorDivide: "__idiv"
      case .modulo: "__mod"
      case .power: "__pow"
      case .negate: "__unm"
      case .length: "__len"
      case .call: "__call"
      case .index: "__index"
      case .setIndex: "__newindex"
      case .text: "__tostring"
      case .pairs: "__pairs"
      case .concatenate: "__concat"
      }
    }

    /// How a script writes it.
    var sign: String {
      switch self {
      case .add: "+"
      case .subtract: "-"
      case .multiply: "*"
      case .divide: "/"
      case .floorDivide: "//"
      case .modulo: "%"
      case .power: "^"
      case .negate: "unary -"
      case .length: "#"
      case .call: "()"
      case .index: "[]"
      case .setIndex: "[] ="
      case .text: "tostring"
      case .pairs: "pairs"
      case .concatenate: ".."
      }
    }
  }

  let kind: Kind
  let function: Function

  init(
    _ kind: Kind, _ summary: String, _ signature: Signature, _ results: Results, named: Bool = false,
    takesObject: Bool = true, body: @escaping (LuaCall) throws -> Void
  ) {
    self.kind = kind
    function =
      kind == .text
      ? .text(summary, results, body: body)
      : Function(kind.sign, summary, signature, results, named: named, takesObject: takesObject, body: body)
    function.isLenient = kind != .call  // Lua passes the operand of a unary operator twice
  }

  /// Arithmetic with both orders of operands: two objects, an object and a number, a number and an object.
  public convenience init(
    _ kind: Kind, _ summary: String, both: @escaping (Object, Object) throws -> Object,
    right: @escaping (Object, Double) throws -> Object, left: @escaping (Double, Object) throws -> Object
  ) {
    let operand = Argument<Either<Object, Double>>("operand", "the other operand")
    self.init(kind, summary, Signature(operand), Results(Object.self, summaries: ["the result"])) { call in
      let stack = call.stack
      if let first = Object.borrow(stack, at: 1) {
        if let second = Object.borrow(stack, at: 2) { return call.write(try both(first, second)) }
        if Double.accepts(stack, at: 2) { return call.write(try right(first, try Double.read(stack, at: 2))) }
      } else if Double.accepts(stack, at: 1), let second = Object.borrow(stack, at: 2) {
        return call.write(try left(try Double.read(stack, at: 1), second))
      }
      throw Self.badOperands(kind, stack)
    }
  }

  private static func badOperands(_ kind: Kind, _ stack: LuaStack) -> LuaError {
    let name = Object.luaName
    return LuaError(
      "bad operands to '\(kind.sign)' (\(name) and \(name), or \(name) and number, expected; "
        + "got \(stack.describe(1)) and \(stack.describe(2)))")
  }

  /// Any operator whose object may be either operand, such as `..`: the closure takes both.
  public convenience init<First: LuaReadable, Second: LuaReadable, Output: LuaWritable>(
    _ kind: Kind, _ summary: String, _ first: Argument<First>, _ second: Argument<Second>, returns: String,
    operands body: @escaping (First, Second) throws -> Output
  ) {
    self.init(
      kind, summary, Signature(first, second), Results(Output.self, summaries: [returns]), takesObject: false
    ) { call in
      var index: Int32 = 0
      call.write(try body(try first.read(call, &index), try second.read(call, &index)))
    }
  }

  /// An operator with one result; the closure takes the object first.
  public convenience init<each Input: LuaReadable, Output: LuaWritable>(
    _ kind: Kind, _ summary: String, _ arguments: repeat Argument<each Input>, returns: String, named: Bool = false,
    _ body: @escaping (Object, repeat each Input) throws -> Output
  ) {
    let arguments = (repeat each arguments)
    let results = Results(Output.self, summaries: [returns])
    self.init(kind, summary, Signature(repeat each arguments), results, named: named) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      call.write(try body(object, repeat (each arguments).read(call, &index)))
    }
  }

  /// The same for a method of the class, named as `Object.callAsFunction`.
  public convenience init<each Input: LuaReadable, Output: LuaWritable>(
    _ kind: Kind, _ summary: String, _ arguments: repeat Argument<each Input>, returns: String, named: Bool = false,
    calls body: @escaping (Object) -> (repeat each Input) throws -> Output
  ) {
    let arguments = (repeat each arguments)
    let results = Results(Output.self, summaries: [returns])
    self.init(kind, summary, Signature(repeat each arguments), results, named: named) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      call.write(try body(object)(repeat (each arguments).read(call, &index)))
    }
  }

  /// An operator without a result, such as `object[i] = value`.
  public convenience init<each Input: LuaReadable>(
    _ kind: Kind, _ summary: String, _ arguments: repeat Argument<each Input>, named: Bool = false,
    _ body: @escaping (Object, repeat each Input) throws -> Void
  ) {
    let arguments = (repeat each arguments)
    self.init(kind, summary, Signature(repeat each arguments), .none, named: named) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      try body(object, repeat (each arguments).read(call, &index))
    }
  }

  /// `tostring(object)`.
  public convenience init(_ kind: Kind, _ summary: String, text body: @escaping (Object) throws -> String) {
    self.init(kind, summary, returns: "the text", body)
  }
}

extension Operator {
  /// An entry that reads its arguments and writes its results itself.
  public convenience init(
    _ kind: Kind, _ summary: String, returns: [FunctionResult] = [],
    native body: @escaping (Object, LuaCall) throws -> Void
  ) {
    self.init(kind, summary, Signature([]), Results(returns, objectCount: returns.count)) { call in
      try body(try call.object(Object.self), call)
    }
    function.isLenient = true
  }
}
