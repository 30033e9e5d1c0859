/// A class as Lua sees it, whatever its Swift type.
public final class ClassDeclaration: Declaration {
  let key: UnsafeRawPointer
  let baseKey: UnsafeRawPointer?
  /// The name of the class it inherits from.
  public let baseName: String?
  let contains: (AnyObject) -> Bool
  let describe: (AnyObject) -> String
  public internal(set) var constructor: Function?
  public internal(set) var statics: [Function] = []
  public internal(set) var methods: [Function] = []
  var properties: [(name: String, summary: String, type: String, getter: Function, setter: Function?)] = []
  var operators: [(key: String, sign: String, function: Function)] = []
  var members: MembersDeclaration?

  init<Object: LuaObject>(_ type: Object.Type, baseKey: UnsafeRawPointer?, baseName: String?, summary: String) {
    key = typeKey(type)
    (self.baseKey, self.baseName) = (baseKey, baseName)
    contains = { $0 is Object }
    let name = Object.luaName
    describe = { ($0 as? any CustomStringConvertible)?.description ?? name }
    super.init(name: name, summary: summary)
  }

  func take(_ members: [ClassMember]) {
    for member in members {
      switch member {
      case .constructor(let function):
        function.title = name
        constructor = function
      case .function(let function):
        function.title = "\(name).\(function.name)"
        statics.append(function)
      case .method(let function):
        function.title = "\(name):\(function.name)"
        methods.append(function)
      case .property(let name, let summary, let type, let getter, let setter):
        getter.title = "\(self.name).\(name)"
        setter?.title = "\(self.name).\(name)"
        properties.append((name, summary, type, getter, setter))
      case .operator(let key, let sign, let function):
        function.title = key == "__call" ? name : "\(name) \(sign)"
        operators.append((key, sign, function))
      case .members(let declaration): self.members = declaration
      }
    }
  }

  /// The methods and properties, without those it inherits.
  var names: [String] { methods.map(\.name) + properties.map(\.name) }

  var functions: [Function] {
    let accessors = properties.flatMap { [$0.getter, $0.setter].compactMap { $0 } }
    return [constructor].compactMap { $0 } + statics + methods + accessors + operators.map(\.function)
  }
}

/// A Swift class that Lua scripts hold and call.
public final class Class<Object: LuaObject> {
  let declaration: ClassDeclaration

  /// The names of its methods and properties, without those it inherits.
  public var names: [String] { declaration.names }

  public init(
    _ type: Object.Type, _ summary: String, @ClassBuilder<Object> _ members: () -> [ClassMember] = { [] }
  ) {
    declaration = ClassDeclaration(type, baseKey: nil, baseName: nil, summary: summary)
    declaration.take(members())
  }

  /// A class that has the members of `base`, and is accepted where `base` is.
  public init<Base: LuaObject>(
    _ type: Object.Type, inherits base: Base.Type, _ summary: String,
    @ClassBuilder<Object> _ members: () -> [ClassMember] = { [] }
  ) {
    declaration = ClassDeclaration(type, baseKey: typeKey(base), baseName: Base.luaName, summary: summary)
    declaration.take(members())
  }
}

/// Makes objects: `contrast.Tensor(…)`.
public final class Constructor<Object: LuaObject> {
  let function: Function

  public init<each Input: LuaReadable>(
    _ summary: String, _ arguments: repeat Argument<each Input>, named: Bool = false,
    calls body: @escaping (repeat each Input) throws -> Object
  ) {
    let arguments = (repeat each arguments)
    let results = Results(Object.self, summaries: ["the new \(Object.luaName)"])
    function = Function(Object.luaName, summary, Signature(repeat each arguments), results, named: named) { call in
      var index: Int32 = 0
      call.write(try body(repeat (each arguments).read(call, &index)))
    }
  }
}

/// A part of a class declaration, made by the builder.
public enum ClassMember {
  case constructor(Function)
  case function(Function)
  case method(Function)
  case property(name: String, summary: String, type: String, getter: Function, setter: Function?)
  case `operator`(key: String, sign: String, Function)
  case members(MembersDeclaration)
}

@resultBuilder public enum ClassBuilder<Object: LuaObject> {
  public static func buildExpression(_ method: Method<Object>) -> [ClassMember] { [.method(method.function)] }
  public static func buildExpression(_ function: Function) -> [ClassMember] { [.function(function)] }
  public static func buildExpression(_ constructor: Constructor<Object>) -> [ClassMember] {
    [.constructor(constructor.function)]
  }
  public static func buildExpression(_ property: Property<Object>) -> [ClassMember] {
    [
      .property(
        name: property.name, summary: property.summary, type: property.type, getter: property.getter,
        setter: property.setter)
    ]
  }
  public static func buildExpression(_ operation: Operator<Object>) -> [ClassMember] {
    [.operator(key: operation.kind.key, sign: operation.kind.sign, operation.function)]
  }
  public static func buildExpression(_ members: Members<Object>) -> [ClassMember] { [.members(members.declaration)] }
  public static func buildExpression(_ members: [ClassMember]) -> [ClassMember] { members }
  public static func buildBlock(_ members: [ClassMember]...) -> [ClassMember] { members.flatMap { $0 } }
  public static func buildOptional(_ members: [ClassMember]?) -> [ClassMember] { members ?? [] }
  public static func buildEither(first members: [ClassMember]) -> [ClassMember] { members }
  public static func buildEither(second members: [ClassMember]) -> [ClassMember] { members }
  public static func buildArray(_ members: [[ClassMember]]) -> [ClassMember] { members.flatMap { $0 } }
}
