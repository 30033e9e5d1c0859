import ArgumentParser
import ContrastAPI

/// `contrast-lua [options] script.lua [script options]`.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contrast-lua",
    abstract: "Runs Lua scripts for self-supervised and contrastive learning.",
    usage: """
      contrast-lua [options] SCRIPT [script options]
      contrast-lua [options] -e CODE [script options]
      contrast-lua --annotations
      """,
    discussion: """
      SCRIPT is a file, or - for standard input; whatever follows it belongs to the script.
      `contrast-lua scripts/byol.lua --help` shows a script's own options; inside a script, `help(contrast.ssl)` \
      explains a module and `help(contrast.ssl.info_nce)` a function.
      Exit status: 0 done, 1 error in the script, 2 usage, 124 time limit, 130 Ctrl-C, or what os.exit was given.
      """,
    version: version)

  @Option(name: .customShort("e"), help: ArgumentHelp("Run this code instead of a file.", valueName: "code"))
  var code: String?

  @Flag(help: "Keep the script away from files (except those under --allow), programs and the machine.")
  var sandbox = false

  @Option(help: ArgumentHelp("A folder that a script in the sandbox may read and write.", valueName: "folder"))
  var allow: [String] = []

  @Option(help: ArgumentHelp("Stop the script after so many seconds.", valueName: "seconds"))
  var time: Double?

  @Option(help: ArgumentHelp("Bytes that tensors may take, such as 500MB or 8GB.", valueName: "size"))
  var memory: ByteCount?

  @Option(help: ArgumentHelp("Bytes that Lua itself may take, such as 64MB.", valueName: "size"))
  var luaMemory: ByteCount?

  @Flag(help: "Print the API for editors, as annotations for the Lua language server.")
  var annotations = false

  @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The script and its options.", valueName: "script"))
  var script: [String] = []

  func validate() throws {
    try checkOptions()
    if let time, !(time > 0 && time.isFinite) {
      throw ValidationError("--time takes a positive number of seconds, got \(time)")
    }
    if !annotations, code == nil, script.isEmpty {
      throw ValidationError("Give a script to run, or -e CODE. Try: contrast-lua scripts/byol.lua")
    }
  }

  /// Whatever stands before the script and was not understood arrives as the script's name.
  private func checkOptions() throws {
    guard let first = script.first, first.hasPrefix("-"), first != "-", code == nil else { return }
    if first == "--help" || first == "-h" { throw CleanExit.helpRequest() }
    if first == "--version" { throw CleanExit.message(version) }
    let known = ["--sandbox", "--allow", "--time", "--memory", "--lua-memory", "--annotations", "--help", "--version"]
    let hint = ContrastHost.suggestion(for: first, among: known).map { "; did you mean \($0)?" } ?? "; see --help"
    throw ValidationError("unknown option \(first)\(hint)")
  }

  func run() throws {
    if annotations { return print(ContrastHost.annotations, terminator: "") }
    let options = ContrastHostOptions(
      isSandboxed: sandbox, allowedFolders: allow, timeLimit: time, tensorByteLimit: memory?.bytes,
      luaByteLimit: luaMemory?.bytes)
    let host = try ContrastHost(options)
    try host.handleInterrupts()
    let status: Int32
    if let code {
      status = host.run(code: code, name: "-e", arguments: script)
    } else if script[0] == "-" {
      status = host.runStandardInput(arguments: Array(script.dropFirst()))
    } else {
      status = host.run(file: script[0], arguments: Array(script.dropFirst()))
    }
    host.close()
    throw ExitCode(status)
  }
}

/// A number of bytes on the command line: `4096`, `500MB`, `8GB`.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let text = argument.uppercased()
    let units: [(String, Double)] = [("KB", 0x1p10), ("MB", 0x1p20), ("GB", 0x1p30), ("TB", 0x1p40), ("B", 1), ("", 1)]
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number > 0, number * factor < 1e15
    else { return nil }
    bytes = Int(number * factor)
  }
}
