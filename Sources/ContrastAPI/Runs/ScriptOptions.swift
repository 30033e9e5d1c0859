import LuaBridge

/// A value that the command line can set.
enum OptionValue: Equatable {
  case integer(Int)
  case number(Double)
  case text(String)
  case flag(Bool)

  /// The placeholder in the usage text.
  var placeholder: String {
    switch self {
    case .integer: "INTEGER"
    case .number: "NUMBER"
    case .text: "TEXT"
    case .flag: ""
    }
  }

  /// The default as people read it.
  var text: String {
    switch self {
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .flag(let flag): flag ? "yes" : "no"
    }
  }

  /// Reads what stands on the command line as the same kind of value.
  func parsed(_ text: String) -> OptionValue? {
    switch self {
    case .integer:
      Int(text).map(OptionValue.integer) ?? Double(text).flatMap(Int.init(exactly:)).map(OptionValue.integer)
    case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .text: .text(text)
    case .flag: ["yes": true, "true": true, "no": false, "false": false][text].map(OptionValue.flag)
    }
  }

  var kind: String {
    switch self {
    case .integer: "an integer"
    case .number: "a number"
    case .text: "text"
    case .flag: "yes or no"
    }
  }
}

/// What was wrong with a command line; the program ends with status 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}

/// A script's command-line options: what `contrast.options` declares, and those that every run has.
struct ScriptOptions {
  struct Option {
    let name, summary: String
    let fallback: OptionValue
    /// Whether an empty value means "not given" (file names).
    var isOptional = false
  }

  let options: [Option]

  /// The options that every script with a run understands.
  static let common: [Option] = [
    Option(name: "seed", summary: "start of all random numbers", fallback: .integer(0)),
    Option(name: "threads", summary: "processor threads; 0: as many as there are cores", fallback: .integer(0)),
    Option(
      name: "checkpoint", summary: "save the run here after every epoch, at the end and on Ctrl-C", fallback: .text(""),
      isOptional: true),
    Option(name: "resume", summary: "go on from this checkpoint", fallback: .text(""), isOptional: true),
    Option(
      name: "log", summary: "append one line of JSON per epoch to this file", fallback: .text(""), isOptional: true),
    Option(name: "stop", summary: "stop after this step, as Ctrl-C does; 0: never", fallback: .integer(0)),
    Option(name: "quiet", summary: "no progress lines", fallback: .flag(false)),
  ]

  /// The values that the arguments give, over the defaults; nil when help was asked for.
  func parse(_ arguments: [String]) throws -> [String: OptionValue]? {
    var values = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.fallback) })
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" { return nil }
      guard argument.hasPrefix("--") else {
        throw UsageError(description: "unexpected argument '\(argument)'; options start with --, see --help")
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0]).replacing("-", with: "_")
      let option = try find(name)
      if case .flag = option.fallback, parts.count == 1 {
        values[option.name] = .flag(!name.hasPrefix("no_") || option.name == name)
        continue
      }
      guard option.name == name else {
        throw UsageError(description: "--\(name) takes no value; write --\(option.name)=yes or --\(option.name)=no")
      }
      guard let text = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw UsageError(description: "--\(option.name) needs a value: \(option.summary)")
      }
      guard let value = option.fallback.parsed(text) else {
        throw UsageError(description: "--\(option.name) takes \(option.fallback.kind), got '\(text)'")
      }
      values[option.name] = value
    }
    return values
  }

  private func find(_ name: String) throws -> Option {
    if let option = options.first(where: { $0.name == name }) { return option }
    if name.hasPrefix("no_"), let option = options.first(where: { $0.name == name.dropFirst(3) }),
      case .flag = option.fallback
    {
      return option
    }
    let hint = Spelling.suggestion(for: name, among: options.map(\.name)).map { "; did you mean --\($0)?" }
    throw UsageError(description: "unknown option --\(name)\(hint ?? "; see --help")")
  }

  /// The text of `--help`: what the script says of itself, its own options, then the common ones.
  func help(script: String, introduction: [String]) -> String {
    let own = options.filter { option in !Self.common.contains { $0.name == option.name } }
    let shared = options.filter { option in Self.common.contains { $0.name == option.name } }
    var lines = introduction + (introduction.isEmpty ? [] : [""])
    lines.append("usage: contrast-lua \(script) [options]")
    let width = options.map { usage($0).count }.max() ?? 0
    for (title, group) in [("options", own), ("options of every run", shared)] where !group.isEmpty {
      lines += ["", "\(title):"]
      for option in group {
        let padding = String(repeating: " ", count: width - usage(option).count)
        let fallback = option.isOptional ? "" : " (default: \(option.fallback.text))"
        lines.append("  \(usage(option))\(padding)  \(option.summary)\(fallback)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func usage(_ option: Option) -> String {
    if case .flag = option.fallback { return "--\(option.name)" }
    return "--\(option.name) \(option.isOptional ? "FILE" : option.fallback.placeholder)"
  }
}
