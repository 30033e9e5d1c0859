import LuaBridge
import Testing

/// The ways to give arguments by name.
@Suite struct OptionTests {
  @Test(arguments: [
    ("describe { name = 'x', ratio = 0.1 }", "x 2 0.1 mean -"),
    ("describe('x', { ratio = 0.1, note = 'n' })", "x 2 0.1 mean n"),
    ("describe('x', 3, 0.1, 'none', {})", "x 3 0.1 none -"),
    ("describe('x', 3, 0.1, 'none', 'n', {})", "x 3 0.1 none n"),
    ("describe { 'x', 3 }", "x 3 0.5 mean -"),
    ("describe { 'x', 3, how = 'sum' }", "x 3 0.5 sum -"),
    ("projector { 512, 2048, 256 }", "[512, 2048, 256] true"),
    ("projector({ 512, 256 }, { bias = false })", "[512, 256] false"),
    ("projector { 512, 256, bias = false }", "[512, 256] false"),
    ("projector { sizes = { 1 }, bias = false }", "[1] false"),
    ("projector({ 1 }, false)", "[1] false"),
    ("projector {}", "[] true"),
    ("linear { 3, 4 }", "3 4 true"),
    ("linear(3, 4, { bias = false })", "3 4 false"),
    ("linear { inputs = 3, outputs = 4, bias = false }", "3 4 false"),
    ("linear(3, { outputs = 4 })", "3 4 true"),
    ("stack({ lab.Vector { 1 }, lab.Vector { 2 } }, { name = 'two' })", "2 1.0 two"),
    ("stack { lab.Vector { 1 }, scale = 3, name = 'one' }", "1 3.0 one"),
    ("configure { a = 1, b = 2 }", "3.0"),
    ("configure { fields = 1 }", "1.0"),
  ])
  func accepted(_ call: String, _ result: String) throws {
    #expect(try output(of: "print(lab.\(call))") == result + "\n")
  }

  @Test(arguments: [
    (
      "describe { nam = 'x' }",
      "unknown option 'nam' to 'describe'; did you mean 'name'? (it takes name, count, ratio, how, note)"
    ),
    ("describe('x', { zzz = 1 })", "unknown option 'zzz' to 'describe'; (it takes name, count, ratio, how, note)"),
    ("describe('x', { name = 'y' })", "argument 'name' to 'describe' is given twice"),
    ("describe { 'x', name = 'y' }", "argument 'name' to 'describe' is given twice"),
    ("describe { ratio = 0.1 }", "bad argument 'name' to 'describe' (string expected, got nil)"),
    ("linear { 1, 2, 3, 4, 5 }", "too many arguments to 'linear' (3 expected, got 5)"),
    ("linear { 1, 2, [true] = 4 }", "options to 'linear' must have names, got a key of type boolean"),
    ("linear(1, 2, true, 4)", "too many arguments to 'linear' (3 expected, got 4)"),
    ("linear { 'a', 2 }", "bad argument 'inputs' to 'linear' (integer expected, got string)"),
    ("linear { 1, { 2 } }", "bad argument 'outputs' to 'linear' (integer expected, got table)"),
  ])
  func refused(_ call: String, _ message: String) throws {
    let found = try failure(of: "lab.\(call)")
    #expect(found == "test.lua:1: " + message)
  }

  @Test func methodsTakeOptionsToo() throws {
    #expect(try output(of: "print(lab.Vector({ 1, 3 }):reduce { how = 'mean', scale = 2 })") == "4.0\n")
    #expect(try output(of: "print(lab.Vector({ 1, 3 }):reduce('mean', { scale = 3 }))") == "6.0\n")
    #expect(
      try failure(of: "lab.Vector({ 1 }):reduce { hov = 'mean' }")
        == "test.lua:1: unknown option 'hov' to 'Vector:reduce'; did you mean 'how'? (it takes how, scale)")
  }
}
