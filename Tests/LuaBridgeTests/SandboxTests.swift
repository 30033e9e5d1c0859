import Foundation
import LuaBridge
import Testing

@Suite struct SandboxTests {
  /// A folder with files, removed afterwards.
  private func withFolder<Result>(_ files: [String: Data], _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lua-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: file)
    }
    return try body(folder.path)
  }

  @Test(arguments: [
    "io", "dofile", "loadfile", "os.execute", "os.remove", "os.getenv", "os.setlocale", "os.tmpname",
    "package.loadlib", "package.cpath", "package.searchpath", "debug.getregistry", "debug.sethook", "debug.getinfo",
    "debug.setmetatable", "string.dump", "package.loaded.io", "package.loaded.debug.getinfo",
    "package.loaded.os.rename",
    "_G.io", "package.searchers[3]",
  ])
  func isGone(_ path: String) throws {
    let text = try output(of: "print(pcall(function() return \(path) end))", options: HostOptions(sandbox: true))
    #expect(text.hasPrefix("true\tnil") || text.contains("undefined variable"))
  }

  @Test(arguments: ["string.dump", "debug.setupvalue", "debug.setmetatable", "debug.getregistry", "os.setlocale"])
  func isGoneOutsideToo(_ path: String) throws {
    #expect(try output(of: "print(\(path))") == "nil\n")
  }

  @Test func globalsAreTheListed() throws {
    let text = try output(
      of: "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) print(table.concat(t, ' '))",
      options: HostOptions(sandbox: true))
    #expect(
      text == """
        _G _VERSION arg assert collectgarbage coroutine debug error getmetatable help ipairs load math next os package \
        pairs pcall print rawequal rawget rawlen rawset require select setmetatable string table tonumber tostring \
        type utf8 warn xpcall

        """)
  }

  @Test func onlyTextIsLoaded() throws {
    #expect(try output(of: "print(load('\\27Lua'))").hasPrefix("nil\tattempt to load a binary chunk"))
    #expect(try output(of: "print(load('return 1', 'x', 'bt')())") == "1\n")
    #expect(
      try failure(of: "load('return 1', 'x', 'b')") == "test.lua:1: load: only text chunks can be loaded (mode is 'b')")
    try withFolder(["binary.lua": Data([0x1B, 0x4C, 0x75, 0x61, 0x54, 0x00])]) { folder in
      let host = try LuaHost(options: HostOptions(scriptFolder: folder))
      let message = try host.evaluate("return (select(2, loadfile('\(folder)/binary.lua')))") as String
      #expect(message.contains("attempt to load a binary chunk (mode is 't')"))
      let error = #expect(throws: ScriptError.self) { try host.execute(file: folder + "/binary.lua") }
      #expect(error?.message.contains("attempt to load a binary chunk") == true)
      #expect(throws: ScriptError.self) { try host.execute(code: "require 'binary'") }
    }
  }

  @Test func requireStaysInsideTheFolder() throws {
    let files = [
      "mine.lua": Data("return { name = ... }".utf8), "part/init.lua": Data("return 'init'".utf8),
      "part/inner.lua": Data("return 'inner'".utf8), "broken.lua": Data("return +".utf8),
    ]
    try withFolder(files) { folder in
      let host = try LuaHost(options: HostOptions(sandbox: true, scriptFolder: folder))
      #expect(
        try host.evaluate("return require('mine').name .. require('part') .. require('part.inner')") as String
          == "mineinitinner")
      #expect(try host.evaluate("package.path = '/?'; return (pcall(require, 'etc.hostname'))") as Bool == false)
      for name in ["../mine", "part/inner", "/etc/passwd", ".mine", "part..inner", "mine.", "m\\0ine", ""] {
        let message = try host.evaluate("return select(2, pcall(require, '\(name)'))") as String
        #expect(message.contains("is not a module name") || message.contains("not found"), "\(name): \(message)")
      }
      let broken = try host.evaluate("return (select(2, pcall(require, 'broken')))") as String
      #expect(broken.contains("broken.lua:1: unexpected symbol near '+'"))
      #expect(
        try (host.evaluate("return select(2, pcall(require, 'absent'))") as String).contains(
          "no file '\(folder)/absent.lua'"))
    }
  }

  @Test func nativesAskBeforeTheyTouchFiles() throws {
    try withFolder(["inside/a.txt": Data()]) { folder in
      try FileManager.default.createSymbolicLink(atPath: folder + "/inside/link", withDestinationPath: "/etc")
      let host = try LuaHost(options: HostOptions(sandbox: true, folders: [folder + "/inside"]))
      try host.permit(folder + "/inside/a.txt")
      try host.permit(folder + "/inside/new/b.txt")
      for path in [
        "/etc/passwd", folder + "/inside/../x", folder + "/insidex", folder + "/inside/link/passwd",
        folder + "/inside/link/new",
      ] {
        #expect(throws: LuaError.self) { try host.permit(path) }
      }
      try LuaHost().permit("/etc/passwd")
    }
  }

  @Test func replacedFunctionsBehaveLikeLuas() throws {
    let code = """
      local t = {} for w in ("one two"):gmatch("%a+") do t[#t + 1] = w end
      for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[#t + 1] = k .. v end
      for p in ("abc"):gmatch("()") do t[#t + 1] = p end
      for w in ("abc"):gmatch("%a*") do t[#t + 1] = "<" .. w .. ">" end
      for w in ("a b"):gmatch("%a*") do t[#t + 1] = "<" .. w .. ">" end
      for w in ("^a^a"):gmatch("^a") do t[#t + 1] = w end
      for w in ("hello"):gmatch("l", 4) do t[#t + 1] = w end
      for w in ("hello"):gmatch(".", -2) do t[#t + 1] = w end
      print(table.concat(t, " "))
      print(xpcall(function(...) return ... end, print, 1, nil, 3))
      print(xpcall(error, function(m) return "handled " .. m end, "e"))
      print(select("#", xpcall(error, function() end)))
      local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) error(c) end)
      print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co, "x")) print(coroutine.resume(co))
      print(coroutine.status(co), coroutine.close(co))
      local closing = { __close = function(_, e) print("closing", e) end }
      local w = coroutine.wrap(function() local x <close> = setmetatable({}, closing) error "w" end)
      print(pcall(w))
      print(coroutine.isyieldable(), select(2, coroutine.running()))
      print(pcall(coroutine.close, coroutine.running()))
      local failing = { __close = function() error "c" end }
      local c = coroutine.create(function() local x <close> = setmetatable({}, failing) coroutine.yield() end)
      coroutine.resume(c) print(coroutine.close(c))
      local yielding = coroutine.wrap(function() return xpcall(coroutine.yield, print, 5) end)
      print(xpcall(yielding, print))
      print(collectgarbage("count") > 0, collectgarbage("step"), collectgarbage(), collectgarbage("generational"))
      """
    let text = try output(of: code)
    #expect(
      text == """
        one two a1 b2 1 2 3 4 <abc> <a> <b> ^a ^a l l o
        true\t1\tnil\t3
        false\thandled e
        2
        true\t3
        false\ttest.lua:13: x
        false\tcannot resume dead coroutine
        dead\tfalse\ttest.lua:13: x
        closing\ttest.lua:17: w
        false\ttest.lua:17: w
        false\ttrue
        false\tcannot close a running coroutine
        false\ttest.lua:21: c
        true\t5
        true\ttrue\t0\tgenerational

        """)
  }
}
