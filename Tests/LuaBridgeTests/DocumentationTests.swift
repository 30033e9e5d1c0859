import Foundation
import LuaBridge
import Testing

@Suite struct DocumentationTests {
  private var folder: URL { URL(fileURLWithPath: #filePath).deletingLastPathComponent() }

  /// The golden file was written by `Annotations.text` and read by a person; CONTRAST_WRITE_GOLDEN writes it anew.
  @Test func annotations() throws {
    let golden = folder.appendingPathComponent("Golden/lab.d.lua")
    let text = Annotations.text(of: testModule())
    if ProcessInfo.processInfo.environment["CONTRAST_WRITE_GOLDEN"] != nil {
      try text.write(to: golden, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    let pairs = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
    let difference = pairs.first { $0 != $1 }
    #expect(difference == nil && text.count == expected.count, "first difference: \(difference ?? ("", ""))")
  }

  @Test func annotationsAreLua() throws {
    let host = try LuaHost()
    let module: LuaTable = try host.evaluate(Annotations.text(of: testModule()))
    #expect(module.names.contains("Vector") && module.names.contains("shapes"))
  }

  @Test func everythingAnnotatedIsThere() throws {
    // The definitions, run as a program, make the same names that the live module has.
    let host = try LuaHost(modules: [testModule()])
    try host.execute(
      code: """
        local function names(t, prefix, into)
          for k, v in pairs(t) do
            into[prefix .. k] = true
            if type(v) == "table" then names(v, prefix .. k .. ".", into) end
          end
          return into
        end
        function compare(live, text)
          local a, b = names(live, "", {}), names(load(text)(), "", {})
          for k in pairs(a) do if not b[k] then return "not annotated: " .. k end end
          return "same"
        end
        live = require "lab"
        """)
    let live: LuaTable = try host.evaluate("return live")
    let text = Annotations.text(of: testModule()).replacingOccurrences(of: "lab.version = nil", with: "lab.version = 1")
    #expect(try host.call("compare", live, text) as String == "same")
  }

  @Test func help() throws {
    #expect(
      try output(of: "help(lab.describe)") == """
        describe(name, [count], [ratio], [how], [note])
          Says what it got.
          name  a string (string)
          count  an integer (integer, from 1 to 9, default 2)
          ratio  a number (number, from 0 to below 1, default 0.5)
          how  a choice ("mean"|"sum"|"none", default "mean")
          note  anything (string?, optional)
          returns a sentence (string)
          also describe{ name = …, count = …, ratio = …, how = …, note = … }

        """)
    let vector = try output(of: "help(lab.Vector)")
    #expect(vector.hasPrefix("Vector\n  A list of numbers.\n  Vector(elements)  Makes a vector from numbers.\n"))
    #expect(vector.contains("  Vector.label  A name, or nil. (string?, can be assigned)\n"))
    #expect(vector.contains("  Vector.…  One of the first elements. (number, read only)\n"))
    #expect(try output(of: "help(lab.Vector { 1 })") == vector)
    #expect(try output(of: "help 'Vector'") == vector)
    #expect(try output(of: "help(lab.Vector({ 1 }).dot)").hasPrefix("Vector:dot(other)\n  Inner product.\n"))
    #expect(try output(of: "help 'dot'").hasPrefix("Vector:dot(other)\n"))
    #expect(try output(of: "help 'lab.shapes.total'").hasPrefix("total(figures)\n"))
    #expect(try output(of: "help(lab.shapes)").contains("  lab.shapes.Square  A square.\n"))
    #expect(try output(of: "help(lab.scope)").hasPrefix("scope(body, ...)\n"))
    #expect(try output(of: "help()").contains("lab  What the tests use."))
    #expect(try output(of: "help 'descrbe'") == "There is nothing called 'descrbe'; did you mean 'describe'?\n")
    #expect(try output(of: "help(print)") == "There is no help for this function.\n")
  }

  @Test func wrongDeclarationsAreFound() {
    let module = Module("bad", "") {
      Function("f", "", Argument("x", ""), Argument("x", "twice"), calls: { (_: Int, _: Int) in })
      Function(
        "f", "Again.", Argument("a", "first", default: 1), Argument("b", "second"), returns: "",
        calls: { (a: Int, b: Int) in a })
      Function("g", "Default out of range.", Argument("a", "first", default: 7, in: 0...1), calls: { (_: Int) in })
      Function("h", "Rest not last.", Argument<Rest<Int>>("a", "all"), Argument<Int?>("b", "none"), calls: { _, _ in })
      Class(Block.self, "") {
        Method("close", "Already there.") { (_: Block) in }
        Property("size", "") { Double($0.bytes) }
        Members("", names: { _ in ["bytes"] }, find: { block, _ in Int(block.bytes) })
      }
    }
    #expect(
      Declarations.problems(in: module) == [
        "bad has no summary", "bad: the name 'f' is used twice", "bad.f has no summary",
        "bad.f: the name 'x' is used twice",
        "bad.f: argument 'x' has no summary", "bad.f: required argument 'b' follows optional 'a'",
        "bad.f: a result has no summary", "bad.g: the default of 'a' is not from 0 to 1",
        "bad.h: 'a' takes all arguments that are left, so it must be the last", "Block has no summary",
        "Block: every class has 'close' already", "Block: the members have no summary", "Block.size has no summary",
        "Block.size: a result has no summary",
      ])
    let error = #expect(throws: LuaError.self) { try LuaHost(modules: [module]) }
    #expect(error?.description.hasPrefix("bad has no summary\n") == true)
  }
}
