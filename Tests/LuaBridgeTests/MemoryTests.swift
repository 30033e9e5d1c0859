import LuaBridge
import Testing

/// Nothing is lost: not after errors, not in callbacks, not when Lua's memory ends at any point.
@Suite struct MemoryTests {
  /// Runs a script in a host whose n-th allocation fails, and returns whether the script failed and how many leaked.
  private func torture(_ code: String, failing n: Int) throws -> (failed: Bool, leaked: Int) {
    let census = Census()
    var failed = false
    do {
      let host = try LuaHost(modules: [testModule(census)])
      host.output = { _ in }
      // The module is loaded before, so that what fails is the script.
      try host.execute(code: "lab = require 'lab'")
      host.failAllocation(n)
      do { try host.execute(code: code, name: "t.lua") } catch { failed = true }
      host.failAllocation(0)
      // The host is usable afterwards.
      #expect(try host.evaluate("return lab.Vector({ 1, 2 }):dot(lab.Vector { 3, 4 })") as Double == 11)
      host.close()
    }
    return (failed, census.count)
  }

  @Test(arguments: [
    "local a = lab.Vector { 1, 2 } for i = 1, 5 do a = a + a end return a",
    "local v = lab.Vector { 1, 2, 3, 4 } local x, y = v:halves() local t = v:totable() return x(2), #t",
    "local t = lab.vectors(20) for i, v in ipairs(t.list) do t[i] = v .. '' end return t",
    "lab.Vector({ 1, 2, 3 }):map(function(x) return lab.Vector({ x })[1] + #tostring(x) end)",
    "lab.scope(function() local t = {} for i = 1, 5 do t[i] = lab.Vector { i } end return t end)",
    "local s = '' for i = 1, 6 do s = s .. lab.describe { name = s, note = 'n' .. i } end",
    "for i, x in lab.Vector({ 1, 2 }):each() do lab.echo { i, x } end lab.echo(lab.shapes.Square { size = 2 })",
    "pcall(lab.fail, 'x') pcall(lab.fail, lab.describe('y')) lab.quietly(function() lab.Vector({ 1 }):dot(1) end)",
    "local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b - 1 end) co(co(lab.Vector { 1 }))",
  ])
  func failingAllocations(_ code: String) throws {
    var failures = 0
    for n in 1...400 {
      let (failed, leaked) = try torture(code, failing: n)
      failures += failed ? 1 : 0
      #expect(leaked == 0, "allocation \(n)")
    }
    #expect(failures > 5, "the script does not allocate")
  }

  @Test func failingAllocationsDuringSetUp() throws {
    // Reading the declarations again and again: the host is either made or throws, and frees everything.
    for limit in stride(from: 1_000, through: 60_000, by: 500) {
      do {
        let host = try LuaHost(options: HostOptions(memoryLimit: limit), modules: [testModule()])
        host.close()
      } catch let error as LuaError {
        #expect(error.description.contains("memory"), "limit \(limit)")
      }
    }
  }

  @Test func finalizersThatLuaHasNoMemoryForLeakNothing() throws {
    // At any depth of the stack, calling a finalizer or ending a scope may need memory that is not there.
    let code = """
      local function deep(n)
        for i = 1, 3 do lab.Vector { n } end
        if n % 7 == 0 then return lab.scope(function() lab.Vector { n } return (deep(n + 1)) end) end
        return (deep(n + 1))
      end
      for i = 1, 20 do pcall(deep, i) end
      """
    for limit in stride(from: 60_000, through: 400_000, by: 9_973) {
      let census = Census()
      let host = try? LuaHost(options: HostOptions(memoryLimit: limit), modules: [testModule(census)])
      try? host?.execute(code: "lab = require 'lab' " + code)
      host?.close()
      #expect(census.count == 0, "limit \(limit)")
    }
  }

  @Test func errorsLeakNothing() throws {
    let code = """
      local v = lab.Vector { 1 }
      for i = 1, 20000 do
        pcall(v.dot, v, i)
        pcall(function() return v + lab.Vector { 1, 2 } end)
        pcall(lab.twice, function() error { v } end, 1)
        lab.quietly(function() lab.fail "x" end)
      end
      """
    try output(of: code)
  }

  @Test func callbacksGiveTheirReferencesBack() throws {
    let host = try LuaHost(modules: [testModule()])
    try host.execute(code: "lab = require 'lab'")
    let round = "for i = 1, 20000 do lab.twice(function(x) return x + i end, 1) end collectgarbage()"
    try host.execute(code: round)
    let before = host.memory
    for _ in 1...5 { try host.execute(code: round) }
    #expect(host.memory < before + 50_000)
  }

  @Test func luaMemoryLimit() throws {
    let options = HostOptions(memoryLimit: 4 << 20)
    #expect(try failure(of: "local s = string.rep('x', 64 << 20)", options: options) == "not enough memory")
    #expect(try failure(of: "local t = {} for i = 1, 1e9 do t[i] = { i } end", options: options) == "not enough memory")
    #expect(
      try output(of: "print(pcall(string.rep, 'x', 64 << 20)) print(#string.rep('x', 1 << 20))", options: options)
        == "false\tnot enough memory\n1048576\n")
  }

  @Test func aFunctionOutlivesItsHost() throws {
    let host = try LuaHost()
    let function: LuaFunction = try host.evaluate("return function(x) return x end")
    host.close()
    #expect(throws: LuaError.self) { try function(1.0) as Double }
    #expect(throws: LuaError.self) { try host.call("print", 1.0) }
    #expect(throws: ScriptError.self) { try host.execute(code: "return 1") }
  }
}
