/// Definitions for the Lua language server (LuaLS), so that editors complete and check scripts.
public enum Annotations {
  /// The definition file of a module: `---@meta contrast` and all it contains.
  public static func text(of module: Module) -> String {
    var lines = ["---@meta \(module.name)", "", "---@alias \(LuaIterator.luaName) fun(): any, any, any", ""]
    write(module, owner: module.name, isLocal: true, &lines)
    lines.append("return \(module.name)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func write(_ module: Module, owner: String, isLocal: Bool, _ lines: inout [String]) {
    lines += comment(module.summary)
    lines += ["---@class \(owner)", "\(isLocal ? "local " : "")\(owner) = {}", ""]
    for value in module.values {
      lines += comment(value.summary) + ["---@type \(value.type)", "\(owner).\(value.name) = nil", ""]
    }
    for declaration in module.classes { write(declaration, owner: owner, &lines) }
    for function in module.functions { lines += definition(of: function, as: "\(owner).\(function.name)") }
    for inner in module.modules { write(inner, owner: "\(owner).\(inner.name)", isLocal: false, &lines) }
  }

  private static func write(_ declaration: ClassDeclaration, owner: String, _ lines: inout [String]) {
    let path = "\(owner).\(declaration.name)"
    lines += comment(declaration.summary)
    lines.append("---@class \(declaration.name)\(declaration.baseName.map { ": \($0)" } ?? "")")
    for property in declaration.properties {
      lines.append("---@field \(property.name) \(property.type) \(oneLine(property.summary))")
    }
    if let members = declaration.members {
      lines.append("---@field [string] \(members.type) \(oneLine(members.summary))")
    }
    for operation in declaration.operators { lines += annotation(of: operation) }
    if let constructor = declaration.constructor {
      lines.append("---@overload fun(\(fields(constructor))): \(declaration.name)")
      if constructor.isNamed, !constructor.parameters.isEmpty {
        lines.append("---@overload fun(options: \(options(constructor))): \(declaration.name)")
      }
    }
    lines += ["\(path) = {}", ""]
    for function in declaration.statics { lines += definition(of: function, as: "\(path).\(function.name)") }
    for function in declaration.methods { lines += definition(of: function, as: "\(path):\(function.name)") }
  }

  /// LuaLS knows these operators; the others cannot be annotated.
  private static func annotation(of operation: (key: String, sign: String, function: Function)) -> [String] {
    let known = [
      "__add": "add", "__sub": "sub", "__mul": "mul", "__div": "div", "__idiv": "idiv", "__mod": "mod", "__pow": "pow",
      "__concat": "concat", "__unm": "unm", "__len": "len",
    ]
    let result = operation.function.results.first?.type ?? "nil"
    if operation.key == "__call" { return ["---@overload fun(\(fields(operation.function))): \(result)"] }
    guard let name = known[operation.key] else { return [] }
    let operand = operation.function.parameters.last.map { "(\($0.type))" } ?? ""
    return ["---@operator \(name)\(operand): \(result)"]
  }

  private static func definition(of function: Function, as path: String) -> [String] {
    var lines = comment(function.summary)
    for parameter in function.parameters {
      let name = parameter.takesRest ? "..." : parameter.name
      let isMarked = parameter.isOptional && !parameter.takesRest
      let type = isMarked && parameter.type.hasSuffix("?") ? String(parameter.type.dropLast()) : parameter.type
      var notes: [String] = []
      if let range = parameter.range { notes.append(range) }
      if let fallback = parameter.fallback { notes.append("default: \(fallback)") }
      let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
      lines.append("---@param \(name)\(isMarked ? "?" : "") \(type) \(oneLine(parameter.summary))\(note)")
    }
    for result in function.results { lines.append("---@return \(result.type) # \(oneLine(result.summary))") }
    if function.isNamed, !function.parameters.isEmpty {
      let result = function.results.isEmpty ? "" : ": \(function.results.map(\.type).joined(separator: ", "))"
      lines.append("---@overload fun(\(path.contains(":") ? "self, " : "")options: \(options(function)))\(result)")
    }
    let names = function.parameters.map { $0.takesRest ? "..." : $0.name }.joined(separator: ", ")
    return lines + ["function \(path)(\(names)) end", ""]
  }

  private static func field(_ parameter: Parameter) -> String {
    let type =
      parameter.isOptional && parameter.type.hasSuffix("?") ? String(parameter.type.dropLast()) : parameter.type
    if parameter.takesRest { return "...: \(type)" }
    return "\(parameter.name)\(parameter.isOptional ? "?" : ""): \(type)"
  }

  private static func fields(_ function: Function) -> String {
    function.parameters.map(field).joined(separator: ", ")
  }

  private static func options(_ function: Function) -> String { "{ \(fields(function)) }" }

  private static func comment(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "---\($0)" }
  }

  private static func oneLine(_ text: String) -> String { text.split(separator: "\n").joined(separator: " ") }
}
