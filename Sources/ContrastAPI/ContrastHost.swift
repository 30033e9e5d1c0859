import Glibc
import Kernels
import LuaBridge

/// What a script may use of the machine.
public struct ContrastHostOptions: Sendable {
  /// Keeps the script from files outside the allowed folders, from programs, and from the machine.
  public var isSandboxed: Bool
  /// Folders that a script in the sandbox may read and write.
  public var allowedFolders: [String]
  /// Where `require` looks for the script's own modules; nil for the current folder.
  public var scriptFolder: String?
  /// Seconds after which a script is stopped.
  public var timeLimit: Double?
  /// Bytes that tensors, and Lua itself, may take. The first is one limit for the whole process.
  public var tensorByteLimit, luaByteLimit: Int?

  public init(
    isSandboxed: Bool = false, allowedFolders: [String] = [], scriptFolder: String? = nil, timeLimit: Double? = nil,
    tensorByteLimit: Int? = nil, luaByteLimit: Int? = nil
  ) {
    (self.isSandboxed, self.allowedFolders, self.scriptFolder) = (isSandboxed, allowedFolders, scriptFolder)
    self.timeLimit = timeLimit
    (self.tensorByteLimit, self.luaByteLimit) = (tensorByteLimit, luaByteLimit)
  }
}

/// A Lua host with the whole API: `require "contrast"`. For scripts of one thread at a time.
///
///     let host = try ContrastHost()
///     try host.execute(code: "function double(x) return 2 * x end")
///     let four: Double = try host.call("double", 2.0)
public final class ContrastHost {
  private let lua: LuaHost
  private let session: Session

  /// - Throws: a sentence when memory is short.
  public init(_ options: ContrastHostOptions = ContrastHostOptions()) throws {
    session = Session()
    if let limit = options.tensorByteLimit ?? StoragePool.byteLimit ?? Self.mostOfTheMachine {
      StoragePool.byteLimit = limit
    }
    lua = try LuaHost(
      options: HostOptions(
        sandbox: options.isSandboxed, timeLimit: options.timeLimit, gracePeriod: options.timeLimit.map { _ in 5 },
        memoryLimit: options.luaByteLimit, scriptFolder: options.scriptFolder, folders: options.allowedFolders),
      modules: [contrastModule(session)])
    lua.setNativeBytes { Int64(StoragePool.liveByteCount) }
    StoragePool.pressureHandler = { LuaHost.current?.collectGarbage() }
  }

  /// Nine tenths of the machine's memory: a script that asks for more gets a sentence before the system ends the process.
  private static var mostOfTheMachine: Int? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages / 10 * 9 * size : nil
  }

  /// Type annotations of the whole API, for the Lua language server.
  public static var annotations: String { Annotations.text(of: contrastModule(Session())) }

  /// The candidate that a mistyped word was probably meant to be, for "did you mean".
  public static func suggestion(for word: String, among candidates: [String]) -> String? {
    Spelling.suggestion(for: word, among: candidates)
  }

  // MARK: For programs: exit codes, and errors on standard error

  /// Runs a script file and returns its exit code: 0 done, 1 error, 2 usage, 124 time limit, 130 Ctrl-C.
  public func run(file: String, arguments: [String] = []) -> Int32 {
    session.begin(script: file, arguments: arguments)
    return lua.run(file: file, arguments: arguments)
  }

  /// The same for code at hand; `name` stands for it in messages.
  public func run(code: String, name: String, arguments: [String] = []) -> Int32 {
    session.begin(script: nil, arguments: arguments)
    return lua.run(code: code, name: name, arguments: arguments)
  }

  /// The same for a script from standard input.
  public func runStandardInput(arguments: [String] = []) -> Int32 {
    session.begin(script: nil, arguments: arguments)
    return lua.runStandardInput(arguments: arguments)
  }

  /// Makes Ctrl-C end scripts in order: a run finishes its step and saves its checkpoint first.
  public func handleInterrupts() throws { try lua.handleInterrupts() }

  // MARK: For embedders: errors are thrown

  /// Runs code; its functions and variables stay for `call`. Throws `ScriptError` with the script's file and line.
  public func execute(code: String, name: String = "code") throws {
    session.begin(script: nil, arguments: [])
    try lua.execute(code: code, name: name)
  }

  /// Calls a global function of the script for one result.
  public func call<each Input: LuaWritable, Output: LuaReadable>(
    _ name: String, _ arguments: repeat each Input, as type: Output.Type = Output.self
  ) throws -> Output {
    try lua.call(name, repeat each arguments, as: type)
  }

  /// Calls a global function of the script for its effect.
  public func call<each Input: LuaWritable>(_ name: String, _ arguments: repeat each Input) throws {
    try lua.call(name, repeat each arguments)
  }

  /// Takes what scripts print, in place of standard output.
  public func setOutput(_ output: ((String) -> Void)?) { lua.output = output }

  /// Ends the Lua state and releases everything it holds.
  public func close() { lua.close() }
}
