import LuaBridge
import Testing

/// Runs code in a host of its own and returns what it printed. Every vector must be gone when the host is closed.
@discardableResult func output(of code: String, options: HostOptions = HostOptions()) throws -> String {
  let census = Census()
  let host = try LuaHost(options: options, modules: [testModule(census)])
  var text = ""
  host.output = { text += $0 }
  var failure: (any Error)?
  do { try host.execute(code: "local lab = require 'lab' " + code, name: "test.lua") } catch { failure = error }
  host.close()
  guard census.count == 0 else { throw LuaError("\(census.count) objects are alive after the host was closed") }
  if let failure { throw failure }
  return text
}

/// The message with which code fails.
func failure(of code: String, options: HostOptions = HostOptions()) throws -> String {
  do {
    let text = try output(of: code, options: options)
    return "no error, but the output: \(text)"
  } catch let error as ScriptError {
    return error.message
  }
}

@Suite struct ValueTests {
  @Test func scalars() throws {
    #expect(try output(of: "print(lab.describe('a', 3.0, 0.25, 'sum', 'n'))") == "a 3 0.25 sum n\n")
    #expect(try output(of: "print(lab.describe('a'))") == "a 2 0.5 mean -\n")
    #expect(try output(of: "print(lab.describe('a', nil, 0.25))") == "a 2 0.25 mean -\n")
    #expect(try output(of: "print(lab.version)") == "1.2.3\n")
  }

  @Test func severalResults() throws {
    #expect(try output(of: "local a, b, c, d = lab.four() print(a, b, c, #d, d[1])") == "1\t2.5\tthree\t1\t4\n")
    #expect(try output(of: "print(select('#', lab.three()))") == "3\n")
    #expect(try output(of: "local t = select(3, lab.three()) print(t.x, t.a)") == "1\t2\n")
    #expect(try output(of: "print(lab.Vector({3, 1, 2}):extremes())") == "1.0\t3.0\n")
    #expect(try output(of: "print(lab.Vector({}):extremes())") == "nil\tnil\n")
    #expect(try output(of: "print(lab.Vector({1, 2, 3}):halves())") == "Vector {1.0}\tVector {2.0, 3.0}\n")
  }

  @Test func anyValueComesBackUnchanged() throws {
    let code = """
      local t, f, v = {}, function() end, lab.Vector { 1 }
      assert(lab.echo(t) == t and lab.echo(f) == f and lab.echo(v) == v)
      for _, x in ipairs { true, false, 1, 1.5, "text", "a\\0b" } do
        assert(lab.echo(x) == x and math.type(lab.echo(x)) == math.type(x))
      end
      assert(lab.echo(nil) == nil and select("#", lab.echo()) == 1)
      print(lab.echo(math.mininteger) == math.mininteger, lab.echo(1 / 0))
      """
    #expect(try output(of: code) == "true\tinf\n")
  }

  @Test func tablesAreReadWithoutMetamethods() throws {
    let code = """
      local function called() error "called" end
      local t = setmetatable({ 1, 2 }, { __index = called, __len = called })
      print(lab.projector(t))
      local names, numbers = lab.echo_options { 7, 8, b = true, a = 1 }
      print(table.concat(names, ","), table.concat(numbers, ","))
      """
    #expect(try output(of: code) == "[1, 2] true\na,b\t7,8\n")
  }

  @Test func varargsAndAlternatives() throws {
    #expect(try output(of: "print(lab.join('-', 'a', 'b', 'c'), lab.join('-'))") == "a-b-c\t\n")
    #expect(try output(of: "print(lab.half(3), lab.half(lab.Vector { 4 }))") == "1.5\tVector {2.0}\n")
    #expect(
      try failure(of: "lab.join('-', 'a', 2)")
        == "test.lua:1: bad argument 'parts' to 'join' (string expected, got number at position 2)")
  }

  @Test func objectsInTables() throws {
    #expect(try output(of: "local t = lab.vectors(300) print(#t.list, t.list[300])") == "300\tVector {299.0}\n")
  }

  @Test func aHundredThousandValuesInAList() throws {
    #expect(try output(of: "print(#lab.Vector.zeros(100000):totable())") == "100000\n")
  }
}
