/// What a script can ask `help` about: a function, a class or a module.
public class Declaration {
  public let name: String
  public let summary: String
  /// The name with what it belongs to: "Tensor:matmul", "contrast.nn".
  public internal(set) var title: String

  init(name: String, summary: String) {
    (self.name, self.summary, self.title) = (name, summary, name)
  }
}

/// A parameter, as documentation and error messages see it.
public struct Parameter: Sendable {
  public let name: String
  public let summary: String
  /// The name of its Lua type.
  public let type: String
  /// The default, as a script would write it.
  public let fallback: String?
  /// What values are allowed: "0 to 1", "above 0".
  public let range: String?
  public let isOptional: Bool
  public let takesRest: Bool
  let form: LuaTableForm

  /// For entries that read their arguments themselves; others get theirs from `Argument`.
  public init(_ name: String, _ summary: String, type: String, isOptional: Bool = false) {
    self.init(
      name: name, summary: summary, type: type, fallback: nil, range: nil, isOptional: isOptional, takesRest: false,
      form: .none)
  }

  init(
    name: String, summary: String, type: String, fallback: String?, range: String?, isOptional: Bool, takesRest: Bool,
    form: LuaTableForm
  ) {
    (self.name, self.summary, self.type, self.fallback, self.range) = (name, summary, type, fallback, range)
    (self.isOptional, self.takesRest, self.form) = (isOptional, takesRest, form)
  }
}

/// One result of a function, as documentation sees it.
public struct FunctionResult: Sendable {
  public let type: String
  public let summary: String

  public init(type: String, summary: String) { (self.type, self.summary) = (type, summary) }
}
