import Foundation
import LuaBridge
import Testing

/// Costs of crossing between Lua and Swift, printed when CONTRAST_SPEED is set: a busy machine proves nothing.
@Suite(.serialized) struct SpeedReport {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CONTRAST_SPEED"] != nil))
  func report() throws {
    let host = try LuaHost(modules: [testModule()])
    try host.execute(
      code: """
        local lab = require "lab"
        local function time(name, body)
          local best = math.huge
          for round = 1, 15 do
            local start = os.clock()
            body(20000)
            best = math.min(best, os.clock() - start)
          end
          print(string.format("%-44s %7.0f ns", name, best / 20000 * 1e9))
        end
        local a, b, empty = lab.Vector {}, lab.Vector {}, function(x) return x end
        local function lua(x, y) return x end
        time("Lua function", function(n) for i = 1, n do lua(a, b) end end)
        time("v:size(), entry without packs", function(n) for i = 1, n do a:size() end end)
        time("v:reduce(), two defaults", function(n) for i = 1, n do a:reduce() end end)
        time("v:dot(w), object argument, number result", function(n) for i = 1, n do a:dot(b) end end)
        time("v.count, property", function(n) for i = 1, n do local c = a.count end end)
        time("#v", function(n) for i = 1, n do local c = #a end end)
        time("v + w, object result", function(n) for i = 1, n do local c = a + b end end)
        time("-v, object result", function(n) for i = 1, n do local c = -a end end)
        time("half(number), Either", function(n) for i = 1, n do lab.half(i) end end)
        time("describe, five positional", function(n) for i = 1, n do lab.describe("x", 3, 0.5, "sum", "n") end end)
        time("describe, three named", function(n)
          for i = 1, n do lab.describe { name = "x", count = 3, how = "sum" } end
        end)
        time("tostring(v)", function(n) for i = 1, n do tostring(a) end end)
        time("twice(f, x): two callbacks", function(n) for i = 1, n do lab.twice(empty, 1) end end)
        time("scope(f)", function(n) for i = 1, n do lab.scope(empty) end end)
        time("pcall of a failing call", function(n) for i = 1, n do pcall(a.dot, a, 1) end end)
        """)
  }
}
