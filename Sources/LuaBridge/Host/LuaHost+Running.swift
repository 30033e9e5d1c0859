internal import CLuaHost
import Foundation

extension LuaHost {
  // MARK: For programs: exit codes, errors on standard error

  /// Runs a script and returns the exit code: 0, 1 after an error, the code of `os.exit`, 124 at the time limit, 130
  /// after an interrupt. Errors are printed on standard error with their traceback.
  public func run(file: String, arguments: [String] = []) -> Int32 {
    report(run(path: file, script: file, arguments: arguments))
  }

  /// The same for code that is at hand; `name` is what messages call it.
  public func run(code: String, name: String, arguments: [String] = []) -> Int32 {
    report(run(code: code, chunkName: "=" + name, script: name, arguments: arguments))
  }

  /// The same for a script that comes from standard input.
  public func runStandardInput(arguments: [String] = []) -> Int32 {
    report(run(path: nil, script: "stdin", arguments: arguments))
  }

  // MARK: For embedders: errors are thrown

  /// Runs a script; throws `ScriptError`.
  public func execute(file: String, arguments: [String] = []) throws {
    try check(run(path: file, script: file, arguments: arguments))
  }

  /// Runs code; throws `ScriptError`.
  public func execute(code: String, name: String = "code", arguments: [String] = []) throws {
    try check(run(code: code, chunkName: "=" + name, script: name, arguments: arguments))
  }

  /// Runs code for its one result: `evaluate("return 1 + 1")`.
  public func evaluate<Output: LuaReadable>(_ code: String, name: String = "code", as type: Output.Type = Output.self)
    throws -> Output
  {
    try finished(run(code: code, chunkName: "=" + name, script: nil, arguments: [], results: 1))
    return try takeResults(1) { lua, first in try Output.read(lua, at: first) }
  }

  /// Calls a global function of the script for one result.
  public func call<each Input: LuaWritable, Output: LuaReadable>(
    _ name: String, _ arguments: repeat each Input, as type: Output.Type = Output.self
  ) throws -> Output {
    let function = try global(name)
    // The registry keeps the function only as long as this object lives.
    return try withExtendedLifetime(function) {
      try call(function.reference.number, repeat each arguments, results: 1) { lua, first in
        try Output.read(lua, at: first)
      }
    }
  }

  /// Calls a global function of the script for its effect.
  public func call<each Input: LuaWritable>(_ name: String, _ arguments: repeat each Input) throws {
    let function = try global(name)
    try withExtendedLifetime(function) {
      try call(function.reference.number, repeat each arguments, results: 0) { _, _ in }
    }
  }

  private func global(_ name: String) throws -> LuaFunction {
    guard !luahost_is_closed(core) else { throw LuaError("the Lua host is closed") }
    guard luahost_push_global(core, name) else { throw LuaError("not enough memory") }
    let state = luahost_current(core)!
    defer { luahost_pop(state, 1) }
    let lua = LuaStack(state: state, host: core, count: .max)
    guard lua.isFunction(lua_gettop(state)) else {
      throw LuaError("there is no function '\(name)' (it is \(lua.describe(lua_gettop(state))))")
    }
    return try LuaFunction.read(lua, at: lua_gettop(state))
  }

  func call<each Input: LuaWritable, Output>(
    _ reference: Int32, _ arguments: repeat each Input, results: Int32, read: (LuaStack, Int32) throws -> Output
  ) throws -> Output {
    let mark = luahost_mark(core)
    let writer = LuaWriter(host: core)
    repeat (each arguments).write(to: writer)
    try finished(scriptEnd(luahost_run_reference(core, reference, mark, results)))
    return try takeResults(results, read)
  }

  private func takeResults<Output>(
    _ count: Int32, _ read: (LuaStack, Int32) throws -> Output
  ) throws -> Output {
    let state = luahost_current(core)!
    defer { luahost_pop(state, count) }
    return try read(LuaStack(state: state, host: core, count: .max), lua_gettop(state) - count + 1)
  }

  // MARK: Running

  private func run(path: String?, script: String, arguments: [String]) -> ScriptEnd {
    withCStrings(arguments) { arguments in
      script.withCString { script in
        var chunk = luahost_chunk(
          path: path == nil ? nil : script, code: nil, code_length: 0, name: nil, script: script,
          argument_count: Int32(arguments.count), arguments: arguments.baseAddress, results: 0)
        return finish(luahost_run(core, &chunk))
      }
    }
  }

  private func run(
    code: String, chunkName: String, script: String?, arguments: [String], results: Int32 = 0
  ) -> ScriptEnd {
    var code = code
    return withCStrings(arguments + [chunkName, script ?? ""]) { strings in
      code.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { bytes in
          let empty: StaticString = ""
          let start = bytes.baseAddress ?? UnsafeRawPointer(empty.utf8Start).assumingMemoryBound(to: CChar.self)
          var chunk = luahost_chunk(
            path: nil, code: start, code_length: bytes.count, name: strings[arguments.count],
            script: script == nil ? nil : strings[arguments.count + 1], argument_count: Int32(arguments.count),
            arguments: strings.baseAddress, results: results)
          return finish(luahost_run(core, &chunk))
        }
      }
    }
  }

  private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { $0.withCString { strdup($0) } }
    defer { copies.forEach { free($0) } }
    return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
  }

  private func finish(_ end: luahost_end) -> ScriptEnd {
    let end = scriptEnd(end)
    // A script inside a script leaves the end to the outer one.
    if luahost_running() != core {
      let (message, traceback) = (message, traceback)
      runEndActions(end)
      keep(message: message, traceback: traceback)
    }
    return end
  }

  private func keep(message: String, traceback: String) {
    lastMessage = message
    lastTraceback = traceback
  }

  private func scriptEnd(_ end: luahost_end) -> ScriptEnd {
    keep(message: message, traceback: traceback)
    return switch end {
    case LUAHOST_FINISHED: .finished
    case LUAHOST_EXITED: .exited(code: luahost_exit_code(core))
    case LUAHOST_TIMED_OUT: .timedOut
    case LUAHOST_INTERRUPTED: .interrupted
    default: .failed
    }
  }

  // MARK: Reporting

  private func check(_ end: ScriptEnd) throws {
    if end != .exited(code: 0) { try finished(end) }
  }

  /// Throws unless there are results to take: also after `os.exit(0)`.
  private func finished(_ end: ScriptEnd) throws {
    let reason: ScriptError.Reason
    switch end {
    case .finished: return
    case .exited(let code): reason = .exited(code: code)
    case .failed: reason = .failed
    case .timedOut: reason = .timedOut
    case .interrupted: reason = .interrupted
    }
    let message = if case .exited(let code) = end { "the script called os.exit(\(code))" } else { lastMessage }
    throw ScriptError(message: message, traceback: lastTraceback, reason: reason)
  }

  private func report(_ end: ScriptEnd) -> Int32 {
    fflush(nil)
    let program = options.programName
    switch end {
    case .finished: return 0
    case .exited(let code): return code
    case .failed:
      let traceback = lastTraceback.isEmpty ? "" : "\n" + lastTraceback
      printError("\(program): \(lastMessage)\(traceback)")
      return 1
    case .timedOut:
      printError("\(program): \(lastMessage)")
      return 124
    case .interrupted:
      printError("\(program): \(lastMessage)")
      return 130
    }
  }

  private func printError(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
