import LuaBridge
import Testing

/// Whole sentences, as a script's author reads them.
@Suite struct ErrorTests {
  @Test(arguments: [
    ("lab.describe(1)", "bad argument 'name' to 'describe' (string expected, got number)"),
    ("lab.describe()", "bad argument 'name' to 'describe' (string expected, got no value)"),
    ("lab.describe('a', 3.5)", "bad argument 'count' to 'describe' (integer expected, got 3.5)"),
    ("lab.describe('a', '3')", "bad argument 'count' to 'describe' (integer expected, got string)"),
    ("lab.describe('a', 10)", "bad argument 'count' to 'describe' (integer from 1 to 9 expected, got 10)"),
    ("lab.describe('a', 1, 1)", "bad argument 'ratio' to 'describe' (number from 0 to below 1 expected, got 1)"),
    (
      "lab.describe('a', 1, 0, 'maen')",
      #"bad argument 'how' to 'describe' ("mean"|"sum"|"none" expected, got "maen"; did you mean "mean"?)"#
    ),
    (
      "lab.describe('a', 1, 0, print)",
      #"bad argument 'how' to 'describe' ("mean"|"sum"|"none" expected, got function)"#
    ),
    ("lab.linear(0, 1)", "bad argument 'inputs' to 'linear' (integer of at least 1 expected, got 0)"),
    ("lab.Vector({ 1 }):reduce('sum', 0)", "bad argument 'scale' to 'Vector:reduce' (number above 0 expected, got 0)"),
    ("lab.Vector(1)", "bad argument 'elements' to 'Vector' (number[] expected, got number)"),
    ("lab.Vector({ 1, 'x' })", "bad argument 'elements' to 'Vector' (number[] expected, got string at [2])"),
    ("lab.Vector.zeros(-1)", "bad argument 'count' to 'Vector.zeros' (integer from 0 to 1000000 expected, got -1)"),
    ("lab.Vector({ 1 }):dot(2)", "bad argument 'other' to 'Vector:dot' (Vector expected, got number)"),
    ("lab.Vector({ 1 }):dot(io and io.stdout)", "bad argument 'other' to 'Vector:dot' (Vector expected, got userdata)"),
    (
      "lab.Vector({ 1 }):dot(lab.shapes.Square())", "bad argument 'other' to 'Vector:dot' (Vector expected, got Square)"
    ),
    ("lab.Vector({ 1 }):dot(lab.Vector { 1, 2 })", "dot: sizes 1 and 2 differ"),
    ("lab.Vector({ 1 }):dot(lab.Vector { 1 }, 3)", "too many arguments to 'Vector:dot' (1 expected, got 2)"),
    (
      "lab:describe('a')",
      "bad argument 'name' to 'describe' (string expected, got table); call it with a dot, not with a colon"
    ),
    (
      "lab:linear(1, 2, true)",
      "too many arguments to 'linear' (3 expected, got 4); call it with a dot, not with a colon"
    ),
    ("lab:version()", "attempt to call a string value (method 'version')"),
    ("lab.Vector.dot(1)", "attempt to call a nil value (field 'dot')"),
    (
      "local v = lab.Vector { 1 } v.dot(3, v)",
      "calling 'Vector:dot' on a bad self (Vector expected, got number; write object:dot(…), with a colon)"
    ),
    (
      "local v = lab.Vector { 1 } v:close() v:dot(v)",
      "calling 'Vector:dot' on a closed Vector"
    ),
    (
      "local v, w = lab.Vector { 1 }, lab.Vector { 1 } w:close() v:dot(w)",
      "bad argument 'other' to 'Vector:dot' (Vector expected, got a closed Vector)"
    ),
    (
      "local w lab.scope(function() w = lab.Vector { 1 } end) lab.half(w)",
      "bad argument 'value' to 'half' (Vector|number expected, got a Vector that was released at the end of its scope)"
    ),
    (
      "local x = lab.Vector({ 1 }) + {}",
      "bad operands to '+' (Vector and Vector, or Vector and number, expected; got Vector and table)"
    ),
    (
      "local x = '1' - lab.Vector({ 1 })",
      "bad operands to '-' (Vector and Vector, or Vector and number, expected; got string and Vector)"
    ),
    ("local x = lab.Vector({ 1 }) + lab.Vector { 1, 2 }", "+: sizes 1 and 2 differ"),
    ("local x = lab.Vector({ 1 })[2]", "Vector: position 2 is outside of 1 to 1"),
    (
      "local x = lab.Vector({ 1 })[0]",
      "bad argument 'position' to 'Vector []' (a position counted from 1, or from -1 at the end, expected, got 0)"
    ),
    ("lab.Vector({ 1 }).cuont = 1", "Vector has no member 'cuont'; did you mean 'count'?"),
    ("lab.Vector({ 1 }).count = 1", "property 'count' of Vector can only be read"),
    ("lab.Vector({ 1 }).dot = 1", "'dot' of Vector cannot be assigned"),
    ("lab.Vector({ 1 }).label = {}", "bad argument 'value' to 'Vector.label' (string expected, got table)"),
    ("lab.Vector({ 1 }):sizee()", "Vector has no member 'sizee'; did you mean 'size'?"),
    ("lab.shapes.is_cube(lab.shapes.Square())", "bad argument 'figure' to 'is_cube' (Cube expected, got Square)"),
    (
      "lab.shapes.total({ lab.shapes.Square(), 2 })",
      "bad argument 'figures' to 'total' (Figure[] expected, got number at [2])"
    ),
    ("lab.shapes.Square { sise = 2 }", "unknown option 'sise' to 'Square'; did you mean 'size'? (it takes size)"),
    ("lab.fail 'all is lost'", "all is lost"),
    ("print(lerning_rate)", "undefined variable 'lerning_rate'"),
    ("tpye(1)", "undefined variable 'tpye'; did you mean 'type'?"),
    ("collectgarbage 'stop'", "collectgarbage: 'stop' is not available (tensor memory drives the collector)"),
  ])
  func sentence(_ code: String, _ message: String) throws {
    let found = try failure(of: code)
    #expect(found == "test.lua:1: " + message)
  }

  @Test func theLineIsTheCallers() throws {
    #expect(try failure(of: "\n\nlocal function f()\n  lab.fail 'x'\nend\nf()") == "test.lua:4: x")
    #expect(try failure(of: "\n\nerror(select(2, pcall(lab.fail, 'x')), 0)") == "test.lua:3: x")
  }

  @Test func errorObjectsSurvivePcallAndSwift() throws {
    let code = """
      local object = setmetatable({ code = 7 }, { __tostring = function(e) return "object " .. e.code end })
      local ok, e = pcall(error, object)
      assert(not ok and e == object)
      ok, e = pcall(lab.twice, function() error(object) end, 1)
      assert(not ok and e == object)
      ok, e = pcall(lab.twice, function(x) return lab.twice(function() error(object) end, x) end, 1)
      assert(not ok and e == object)
      print(lab.quietly(function() error(object) end), lab.quietly(function() error({}) end))
      """
    #expect(try output(of: code) == "object 7\t(error object is a table value)\n")
  }

  @Test func aMessageFromACallbackHasOnePosition() throws {
    #expect(try failure(of: "lab.twice(function() error 'inside' end, 1)") == "test.lua:1: inside")
    #expect(
      try failure(of: "lab.twice(function() return 'x' end, 1)")
        == "test.lua:1: bad result of a function (number expected, got string)")
  }

  @Test func uncaughtObjectsAreDescribed() throws {
    #expect(try failure(of: "error({})") == "(error object is a table value)")
    #expect(try failure(of: "error(setmetatable({}, { __tostring = function() return 'mine' end }))") == "mine")
    #expect(try failure(of: "error(setmetatable({}, { __tostring = error }))") == "(error object is a table value)")
    #expect(try failure(of: "error()") == "(error object is a nil value)")
  }

  @Test func theTracebackShowsTheWayThroughScopes() throws {
    let host = try LuaHost(modules: [testModule()])
    let code = "local lab = require 'lab'\nlocal function inner() error 'x' end\nlab.scope(function() inner() end)"
    let error = #expect(throws: ScriptError.self) { try host.execute(code: code, name: "deep.lua") }
    #expect(error?.message == "deep.lua:2: x")
    #expect(error?.traceback.contains("deep.lua:2: in upvalue 'inner'") == true)
    #expect(
      error?.traceback.contains("in function 'lab.scope'") == true
        || error?.traceback.contains("[C]: in field 'scope'") == true)
  }
}
