import Kernels
import LuaBridge

extension Session {
  /// What `contrast.options` does: reads the command line, answers `--help`, and sets the seed and the threads.
  func readOptions(_ declared: LuaTable) throws -> OptionValues {
    let own = try declared.names.map { try Self.option($0, declared) }
    let options = ScriptOptions(options: own + ScriptOptions.common)
    let name = script ?? "-e"
    let values: [String: OptionValue]
    do {
      guard let parsed = try options.parse(arguments) else {
        print(options.help(script: name, introduction: introduction), terminator: "")
        throw endScript(status: 0)
      }
      values = parsed
    } catch let error as UsageError {
      throw usageError(error.description)
    }
    settings = RunSettings(values)
    if case .integer(let threads)? = values["threads"], threads != 0 {
      guard threads > 0, threads <= 1024 else {
        throw usageError("--threads takes 1 to 1024, or 0 for all cores, got \(threads)")
      }
      ThreadTeam.setCount(threads)
    }
    seed(settings.seed)
    return OptionValues(values: values)
  }

  /// Ends the script with a message about its command line and status 2.
  private func usageError(_ sentence: String) -> LuaError {
    Progress.write("contrast-lua: \(script ?? "-e"): \(sentence)\n")
    return endScript(status: 2)
  }

  /// What to throw so that the script ends here.
  private func endScript(status: Int32) -> LuaError {
    LuaHost.current?.exit(code: status)
    return LuaError("the script ends")
  }

  /// One declared option: `{ default, "what it means" }`.
  private static func option(_ name: String, _ declared: LuaTable) throws -> ScriptOptions.Option {
    let entry: LuaTable
    do { entry = try declared.value(name) } catch {
      throw LuaError("options: \(name) = { default, \"what it means\" } expected")
    }
    guard !ScriptOptions.common.contains(where: { $0.name == name }) else {
      throw LuaError("options: --\(name) is an option of every run; choose another name")
    }
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }), name != "help" else {
      throw LuaError("options: '\(name)' cannot be an option's name")
    }
    guard let summary: String = try? entry.value(2) else {
      throw LuaError("options: \(name) = { default, \"what it means\" } expected; the text is missing")
    }
    switch try entry.value(1, as: LuaAny.self) {
    case .boolean(let flag): return .init(name: name, summary: summary, fallback: .flag(flag))
    case .integer(let integer): return .init(name: name, summary: summary, fallback: .integer(integer))
    case .number(let number): return .init(name: name, summary: summary, fallback: .number(number))
    case .string(let text): return .init(name: name, summary: summary, fallback: .text(text))
    default: throw LuaError("options: the default of \(name) is neither a number, a text nor true or false")
    }
  }
}

/// The options' values on the way to Lua.
struct OptionValues: LuaWritable {
  let values: [String: OptionValue]

  static var luaName: String { "table" }

  func write(to lua: LuaWriter) {
    lua.writeTable { table in
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        switch value {
        case .integer(let integer): table.set(name, integer)
        case .number(let number): table.set(name, number)
        case .text(let text): table.set(name, text)
        case .flag(let flag): table.set(name, flag)
        }
      }
    }
  }
}
