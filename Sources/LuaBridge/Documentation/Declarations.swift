/// What is wrong with declarations, found before any script runs.
public enum Declarations {
  public static func problems(in module: Module) -> [String] {
    var problems = common(module, title: module.title)
    problems += repeated(module.members.map(\.declaration.name), in: module.title)
    for member in module.members {
      switch member {
      case .function(let function): problems += self.problems(in: function, title: "\(module.title).\(function.name)")
      case .class(let declaration): problems += self.problems(in: declaration)
      case .module(let module): problems += self.problems(in: module)
      case .value(let value): problems += common(value, title: "\(module.title).\(value.name)")
      }
    }
    return problems
  }

  private static func problems(in declaration: ClassDeclaration) -> [String] {
    var problems = common(declaration, title: declaration.name)
    problems += repeated(declaration.names, in: declaration.name)
    problems += repeated(declaration.statics.map(\.name), in: declaration.name)
    problems += repeated(declaration.operators.map(\.sign), in: declaration.name)
    if declaration.names.contains("close") { problems.append("\(declaration.name): every class has 'close' already") }
    if declaration.members?.summary.isEmpty == true {
      problems.append("\(declaration.name): the members have no summary")
    }
    for function in declaration.functions { problems += self.problems(in: function, title: function.title) }
    return problems
  }

  private static func problems(in function: Function, title: String) -> [String] {
    var problems = common(function, title: title) + function.problems.map { "\(title): \($0)" }
    problems += repeated(function.parameters.map(\.name), in: title)
    var optional: String?
    for parameter in function.parameters {
      if parameter.summary.isEmpty { problems.append("\(title): argument '\(parameter.name)' has no summary") }
      if parameter.name.isEmpty { problems.append("\(title): an argument has no name") }
      if let optional, !parameter.isOptional {
        problems.append("\(title): required argument '\(parameter.name)' follows optional '\(optional)'")
      }
      if parameter.isOptional { optional = parameter.name }
    }
    for parameter in function.parameters.dropLast() where parameter.takesRest {
      problems.append("\(title): '\(parameter.name)' takes all arguments that are left, so it must be the last")
    }
    for result in function.results where result.summary.isEmpty { problems.append("\(title): a result has no summary") }
    return problems
  }

  private static func common(_ declaration: Declaration, title: String) -> [String] {
    var problems: [String] = []
    if declaration.name.isEmpty { problems.append("a declaration has no name (summary: \(declaration.summary))") }
    if declaration.summary.isEmpty { problems.append("\(title) has no summary") }
    return problems
  }

  private static func repeated(_ names: [String], in title: String) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }.map { "\(title): the name '\($0)' is used twice" }
  }
}
