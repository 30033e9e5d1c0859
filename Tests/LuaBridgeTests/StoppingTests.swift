import Foundation
import LuaBridge
import Testing

@Suite struct StoppingTests {
  private func end(of code: String, limit: Double = 0.2, sandbox: Bool = false) throws -> ScriptError? {
    let host = try LuaHost(options: HostOptions(sandbox: sandbox, timeLimit: limit), modules: [testModule()])
    defer { host.close() }
    do { try host.execute(code: "local lab = require 'lab' " + code, name: "t.lua") } catch let error as ScriptError {
      return error
    }
    return nil
  }

  @Test(arguments: [
    "while true do end",
    "while true do pcall(function() while true do end end) end",
    "xpcall(function() while true do end end, function() while true do end end)",
    "local co = coroutine.wrap(function() while true do end end) co()",
    "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do pcall(co) end",
    "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
    "lab.twice(function(x) while true do end end, 1)",
    "while true do lab.quietly(function() while true do end end) end",
    "lab.scope(function() while true do lab.Vector { 1 } end end)",
    "lab.spin(1 << 60)",
    "table.sort({ 1, 2, 3 }, function() while true do end end)",
    "string.gsub(('x'):rep(10), 'x', function() while true do end end)",
    "for i in lab.Vector.zeros(3):each() do while true do end end",
    "load(function() while true do end end)",
    "local function f(t, k) return t[k] end local t = setmetatable({}, { __index = f }) while true do pcall(f, t) end",
  ])
  func timeLimit(_ code: String) throws {
    let error = try end(of: code)
    #expect(error?.reason == .timedOut)
    #expect(error?.message.hasSuffix("time limit of 0.2 s exceeded") == true)
  }

  @Test func hostsCanBeUsedAgain() throws {
    let host = try LuaHost(options: HostOptions(timeLimit: 0.1))
    for _ in 1...3 {
      #expect(throws: ScriptError.self) {
        try host.execute(
          code: "co = coroutine.create(function() while true do end end) coroutine.resume(co) while true do end")
      }
      #expect(try host.evaluate("return 2 + 3") as Int == 5)
    }
  }

  @Test func manyHostsStopIndependently() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for i in 0..<6 {
        group.addTask {
          let host = try LuaHost(options: HostOptions(timeLimit: i % 2 == 0 ? 0.1 : nil))
          do { try host.execute(code: i % 2 == 0 ? "while true do end" : "for i = 1, 3e6 do end") } catch let error
            as ScriptError
          {
            return i % 2 == 0 && error.reason == .timedOut
          }
          return i % 2 == 1
        }
      }
      for try await asExpected in group { #expect(asExpected) }
    }
  }

  @Test func aHostCanBeStoppedFromAnotherThread() throws {
    let host = try LuaHost(modules: [testModule()])
    nonisolated(unsafe) let target = host
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.1); target.stop()
    }
    thread.start()
    let error = #expect(throws: ScriptError.self) {
      try host.execute(code: "while true do pcall(error) end", name: "t.lua")
    }
    #expect(error?.reason == .interrupted)
    #expect(error?.message == "t.lua:1: interrupted")
  }

  @Test func actionsAtTheEnd() throws {
    let host = try LuaHost(options: HostOptions(timeLimit: 0.2), modules: [testModule()])
    var ends: [String] = []
    func register() {
      host.atEnd { ends.append("first \($0)") }
      let id = host.atEnd { _ in ends.append("never") }
      host.atEnd { ends.append("last \($0)") }
      host.removeEndAction(id)
    }
    register()
    try host.execute(code: "return 1")
    register()
    #expect(throws: ScriptError.self) { try host.execute(code: "error 'x'") }
    register()
    #expect(throws: ScriptError.self) { try host.execute(code: "while true do end") }
    register()
    try host.execute(code: "os.exit(0)")
    #expect(
      ends == [
        "last finished", "first finished", "last failed", "first failed", "last timedOut", "first timedOut",
        "last exited(code: 0)", "first exited(code: 0)",
      ])
  }

  @Test func osExitUnwinds() throws {
    let code = """
      local t = setmetatable({}, { __close = function() closed = true end })
      local function exit() coroutine.wrap(function() os.exit(7) end)() end
      local function f() local x <close> = t; pcall(exit) never = true end
      pcall(f) never = true
      """
    let host = try LuaHost()
    let error = #expect(throws: ScriptError.self) { try host.execute(code: code) }
    #expect(error?.reason == .exited(code: 7))
    #expect(try host.evaluate("return rawget(_G, 'never') == nil") as Bool)
    let zero = #expect(throws: ScriptError.self) { try host.evaluate("os.exit(true)", as: LuaAny.self) }
    #expect(zero?.reason == .exited(code: 0))
  }

  @Test func interruptFromTheTerminal() async {
    // Ctrl-C while a script ignores errors: it unwinds, the action at the end runs, and the code is 130.
    let result = await #expect(
      processExitsWith: .exitCode(130), observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      let host = try LuaHost(modules: [testModule()])
      try host.handleInterrupts()
      host.atEnd { print("saved after \($0)") }
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.2); kill(getpid(), SIGINT)
      }
      exit(host.run(code: "while true do pcall(function() while true do end end) end", name: "loop.lua"))
    }
    #expect(complained(result).contains("contrast-lua: loop.lua:1: interrupted"))
    #expect(printed(result).contains("saved after interrupted"))
  }

  @Test func aSecondInterruptEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let host = try LuaHost()
      try host.handleInterrupts()
      Thread.detachNewThread { for _ in 1...2 { Thread.sleep(forTimeInterval: 0.2); kill(getpid(), SIGINT) } }
      // Inside one C call no hook runs.
      exit(host.run(code: "return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40) .. 'b')", name: "pattern.lua"))
    }
  }

  @Test func theGracePeriodEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(124)) {
      let host = try LuaHost(options: HostOptions(timeLimit: 0.1, gracePeriod: 0.1))
      exit(host.run(code: "return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40) .. 'b')", name: "pattern.lua"))
    }
  }
}

/// What a child process wrote on standard output.
func printed(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
}

/// What a child process wrote on standard error.
func complained(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
