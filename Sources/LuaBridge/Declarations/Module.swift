/// A Lua module: everything a script sees, and everything its documentation says.
public final class Module: Declaration {
  public let members: [ModuleMember]

  public init(_ name: String, _ summary: String, @ModuleBuilder _ members: () -> [ModuleMember]) {
    self.members = members()
    super.init(name: name, summary: summary)
    retitle(under: "")
  }

  private func retitle(under prefix: String) {
    title = prefix + name
    for case .module(let module) in members { module.retitle(under: "\(title).") }
  }

  public var functions: [Function] { members.compactMap { $0.declaration as? Function } }
  public var classes: [ClassDeclaration] { members.compactMap { $0.declaration as? ClassDeclaration } }
  public var modules: [Module] { members.compactMap { $0.declaration as? Module } }
  public var values: [Value] { members.compactMap { $0.declaration as? Value } }

  /// Every class of the module and of those inside it.
  var allClasses: [ClassDeclaration] { classes + modules.flatMap(\.allClasses) }
}

/// A constant of a module.
public final class Value: Declaration {
  let write: (LuaWriter) -> Void
  public let type: String

  public init<Content: LuaWritable>(_ name: String, _ summary: String, _ content: Content) {
    write = content.write(to:)
    type = Content.luaName
    super.init(name: name, summary: summary)
  }
}

public enum ModuleMember {
  case function(Function)
  case `class`(ClassDeclaration)
  case module(Module)
  case value(Value)

  var declaration: Declaration {
    switch self {
    case .function(let function): function
    case .class(let declaration): declaration
    case .module(let module): module
    case .value(let value): value
    }
  }
}

@resultBuilder public enum ModuleBuilder {
  public static func buildExpression(_ function: Function) -> [ModuleMember] { [.function(function)] }
  public static func buildExpression<Object>(_ declaration: Class<Object>) -> [ModuleMember] {
    [.class(declaration.declaration)]
  }
  public static func buildExpression(_ module: Module) -> [ModuleMember] { [.module(module)] }
  public static func buildExpression(_ value: Value) -> [ModuleMember] { [.value(value)] }
  public static func buildExpression(_ members: [ModuleMember]) -> [ModuleMember] { members }
  public static func buildExpression(_ functions: [Function]) -> [ModuleMember] { functions.map { .function($0) } }
  public static func buildBlock(_ members: [ModuleMember]...) -> [ModuleMember] { members.flatMap { $0 } }
  public static func buildOptional(_ members: [ModuleMember]?) -> [ModuleMember] { members ?? [] }
  public static func buildEither(first members: [ModuleMember]) -> [ModuleMember] { members }
  public static func buildEither(second members: [ModuleMember]) -> [ModuleMember] { members }
  public static func buildArray(_ members: [[ModuleMember]]) -> [ModuleMember] { members.flatMap { $0 } }
}
