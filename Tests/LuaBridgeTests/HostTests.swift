import Foundation
import LuaBridge
import Testing

@Suite struct HostTests {
  @Test func callsFromSwift() throws {
    let census = Census()
    let host = try LuaHost(modules: [testModule(census)])
    try host.execute(code: "function add(a, b) return a + b end function two() return 1, 'x' end lab = require 'lab'")
    #expect(try host.call("add", 1.0, 2.0) as Double == 3)
    let vector: Vector = try host.call("add", Vector([1, 2], census), 1.0)
    #expect(vector.elements == [2, 3])
    let two: LuaFunction = try host.evaluate("return two")
    let (number, text): (Int, String) = try two()
    #expect(number == 1 && text == "x")
    #expect(throws: LuaError.self) { try host.call("absent") }
    #expect(throws: LuaMismatch.self) { try host.evaluate("return 'x'") as Int }
    let table: LuaTable = try host.evaluate("return { 5, 6, name = 'n' }")
    #expect(table.count == 2 && table.names == ["name"])
    #expect(try table.value(2) as Int == 6)
    #expect(try table.value("name") as String == "n")
    let error = #expect(throws: LuaError.self) { try table.value("name") as Int }
    #expect(error?.description == "bad value of 'name' (integer expected, got string)")
  }

  @Test func argumentsAndPaths() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lua-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appendingPathComponent("main.lua")
    try Data(
      "#!/usr/bin/env contrast-lua\nprint(arg[-1], arg[0]:match('[^/]+$'), arg[1], arg[2], #arg, ..., (require 'm'))"
        .utf8
    )
    .write(to: script)
    try Data("return 'module'".utf8).write(to: folder.appendingPathComponent("m.lua"))
    let host = try LuaHost(options: HostOptions(scriptFolder: folder.path))
    var text = ""
    host.output = { text += $0 }
    #expect(host.run(file: script.path, arguments: ["--epochs", "1"]) == 0)
    #expect(text == "contrast-lua\tmain.lua\t--epochs\t1\t2\t--epochs\tmodule\n")
  }

  @Test func exitCodes() throws {
    let host = try LuaHost(options: HostOptions(timeLimit: 0.1))
    #expect(host.run(code: "return 1", name: "x") == 0)
    #expect(host.run(code: "os.exit(3)", name: "x") == 3)
    #expect(host.run(code: "os.exit(false)", name: "x") == 1)
    #expect(host.run(code: "os.exit()", name: "x") == 0)
  }

  @Test func errorsGoToStandardError() async {
    let result = await #expect(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      let host = try LuaHost(modules: [testModule()])
      exit(host.run(code: "print 'before'\nlocal function f() error 'broken' end\nf()", name: "x.lua"))
    }
    #expect(printed(result).contains("before"))
    let errors = complained(result)
    #expect(
      errors.contains(
        "contrast-lua: x.lua:2: broken\nstack traceback:\n\t[C]: in function 'error'\n\tx.lua:2: in local 'f'"))
  }

  @Test func missingScripts() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      exit(try LuaHost().run(file: "/nowhere/x.lua"))
    }
    let errors = complained(result)
    #expect(errors.contains("contrast-lua: cannot open '/nowhere/x.lua': No such file or directory"))
  }

  @Test func incompleteCodeIsKnown() throws {
    let host = try LuaHost()
    #expect(#expect(throws: ScriptError.self) { try host.execute(code: "for i = 1, 2 do") }?.isIncomplete == true)
    #expect(#expect(throws: ScriptError.self) { try host.execute(code: "for for") }?.isIncomplete == false)
  }

  @Test func globals() throws {
    #expect(
      try output(of: "x = 1 print(x) x = nil print(rawget(_G, 'x'), jit, unpack or table.unpack ~= nil)")
        == "1\nnil\tnil\ttrue\n")
    #expect(try failure(of: "print(y)") == "test.lua:1: undefined variable 'y'")
  }

  @Test func printGoesToTheEmbedder() throws {
    #expect(
      try output(of: "print() print(1, nil, setmetatable({}, { __tostring = function() return 't' end }))")
        == "\n1\tnil\tt\n")
    let message = try failure(of: "print(setmetatable({}, { __tostring = function() return {} end }))")
    #expect(message == "test.lua:1: '__tostring' must return a string")
  }

  @Test func hostsAreApart() throws {
    let first = try LuaHost(modules: [testModule()]), second = try LuaHost(modules: [testModule()])
    try first.execute(code: "x = 1")
    #expect(try second.evaluate("return rawget(_G, 'x') == nil") as Bool)
    let function: LuaFunction = try first.evaluate("return print")
    #expect(throws: ScriptError.self) { try second.call("print", function) }
  }

  @Test func nativesFindTheirHost() throws {
    let module = Module("here", "Where.") {
      Function("sandboxed", "Whether.", returns: "a boolean", calls: { () -> Bool in LuaHost.current!.options.sandbox })
      Function("nested", "Runs code inside.", Argument("code", "Lua"), returns: "a number") { (code: String) -> Int in
        try LuaHost.current!.evaluate(code)
      }
    }
    let host = try LuaHost(options: HostOptions(sandbox: true), modules: [module])
    #expect(LuaHost.current == nil)
    #expect(try host.evaluate("return require('here').sandboxed()") as Bool)
    #expect(try host.evaluate("return require('here').nested('return 4') + 1") as Int == 5)
    #expect(
      try (host.evaluate("return select(2, pcall(require('here').nested, 'error \"in\"'))") as String)
        == "code:1: code:1: in")
    #expect(LuaHost.current == nil)
  }
}
