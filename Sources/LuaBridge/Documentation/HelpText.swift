internal import CLuaHost

/// What `help(…)` prints.
public enum HelpText {
  /// The global function `help`: of a function, a class, an object, a module, or a name.
  static func function(for host: LuaHost) -> Function {
    let subject = Argument<LuaAny>("subject", "a function, class, object or module, or the name of one")
    return Function(
      "help", "Prints what a function, class or module is for.", Signature(subject), .none
    ) { [unowned host] call in
      let text = try Self.text(of: call, host)
      try host.printThroughLua(text)
    }
  }

  private static func text(of call: LuaCall, _ host: LuaHost) throws -> String {
    let stack = call.stack
    if stack.isNil(1) { return overview(host) }
    if let name = try? String.read(stack, at: 1) { return try text(named: name, host) }
    guard let found = luahost_declaration(host.core, stack.state, 1) else {
      return "There is no help for this \(stack.describe(1))."
    }
    return text(of: Unmanaged<Declaration>.fromOpaque(found).takeUnretainedValue())
  }

  private static func overview(_ host: LuaHost) -> String {
    let modules = host.modules.map { "  \($0.name)  \($0.summary)" }.joined(separator: "\n")
    return "help(x) tells about a function, class, object or module, or about a name such as \"info_nce\".\n\(modules)"
  }

  private static func text(named name: String, _ host: LuaHost) throws -> String {
    let all = host.modules.flatMap { everything(in: $0) }
    let matches = all.filter { entry in
      entry.path == name || entry.path.hasSuffix("." + name) || entry.path.hasSuffix(":" + name)
    }
    if !matches.isEmpty { return matches.map { text(of: $0.declaration) }.joined(separator: "\n\n") }
    let hint =
      Spelling.suggestion(for: name, among: all.map(\.declaration.name)).map { "; did you mean '\($0)'?" } ?? ""
    return "There is nothing called '\(name)'\(hint)"
  }

  private static func everything(in module: Module) -> [(path: String, declaration: Declaration)] {
    [(module.title, module)]
      + module.members.flatMap { member -> [(path: String, declaration: Declaration)] in
        let path = "\(module.title).\(member.declaration.name)"
        switch member {
        case .module(let inner): return everything(in: inner)
        case .class(let declaration):
          return [(path, declaration)] + declaration.statics.map { ("\(path).\($0.name)", $0) }
            + declaration.methods.map { ("\(path):\($0.name)", $0) }
        default: return [(path, member.declaration)]
        }
      }
  }

  // MARK: Texts

  public static func text(of declaration: Declaration) -> String {
    switch declaration {
    case let function as Function: text(of: function)
    case let declaration as ClassDeclaration: text(of: declaration)
    case let module as Module: text(of: module)
    default: "\(declaration.title)\n  \(declaration.summary)"
    }
  }

  static func call(_ function: Function) -> String {
    let parameters = function.parameters.map { $0.isOptional && !$0.takesRest ? "[\($0.name)]" : $0.name }
    return "\(function.title)(\(parameters.joined(separator: ", ")))"
  }

  private static func text(of function: Function) -> String {
    var lines = [call(function), "  \(function.summary)"]
    for parameter in function.parameters {
      var details = [parameter.type]
      if let range = parameter.range { details.append(range) }
      if let fallback = parameter.fallback {
        details.append("default \(fallback)")
      } else if parameter.isOptional, !parameter.takesRest {
        details.append("optional")
      }
      lines.append("  \(parameter.name)  \(parameter.summary) (\(details.joined(separator: ", ")))")
    }
    for result in function.results { lines.append("  returns \(result.summary) (\(result.type))") }
    if function.isNamed, !function.parameters.isEmpty {
      let names = function.parameters.map { "\($0.name) = …" }.joined(separator: ", ")
      lines.append("  also \(function.title){ \(names) }")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(of declaration: ClassDeclaration) -> String {
    let base = declaration.baseName.map { " (a \($0))" } ?? ""
    var lines = ["\(declaration.name)\(base)", "  \(declaration.summary)"]
    let listed = (declaration.constructor.map { [$0] } ?? []) + declaration.statics + declaration.methods
    for function in listed { lines.append("  \(call(function))  \(function.summary)") }
    for property in declaration.properties {
      let access = property.setter == nil ? "read only" : "can be assigned"
      lines.append("  \(declaration.name).\(property.name)  \(property.summary) (\(property.type), \(access))")
    }
    if let members = declaration.members {
      lines.append("  \(declaration.name).…  \(members.summary) (\(members.type), read only)")
    }
    for operation in declaration.operators { lines.append("  \(operation.sign)  \(operation.function.summary)") }
    return lines.joined(separator: "\n")
  }

  private static func text(of module: Module) -> String {
    var lines = [module.title, "  \(module.summary)"]
    for member in module.members {
      switch member {
      case .function(let function): lines.append("  \(module.title).\(call(function))  \(function.summary)")
      case let member:
        lines.append("  \(module.title).\(member.declaration.name)  \(member.declaration.summary)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
