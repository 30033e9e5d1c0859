import Foundation
import XCTest

/// What people see who type something wrong, or ask for help.
final class CommandLineTests: XCTestCase {
  func testScriptHelpListsOptionsWithTheirDefaults() throws {
    let result = try Program.run(["scripts/byol.lua", "--help"])
    XCTAssertEqual(result.status, 0)
    XCTAssert(result.output.hasPrefix("Bootstrap Your Own Latent"), result.output)
    XCTAssert(result.output.contains("usage: contrast-lua scripts/byol.lua [options]"), result.output)
    XCTAssert(result.output.contains("--epochs INTEGER"), result.output)
    XCTAssert(result.output.contains("--resume FILE"), result.output)
  }

  func testProgramHelpAndVersion() throws {
    XCTAssert(try Program.run(["--help"]).output.contains("contrast-lua [options] SCRIPT [script options]"))
    XCTAssertEqual(try Program.run(["--version"]).status, 0)
  }

  func testCodeStandardInputAndArguments() throws {
    XCTAssertEqual(try Program.run(["-e", "print(1 + 1)"]).output, "2\n")
    XCTAssertEqual(try Program.run(["-", "a", "b"], input: "print(arg[1], ...)").output, "a\ta\tb\n")
    XCTAssertEqual(try Program.run(["-e", "os.exit(7)"]).status, 7)
  }

  func testAnnotationsDescribeTheWholeAPI() throws {
    let text = try Program.run(["--annotations"]).output
    XCTAssert(text.hasPrefix("---@meta"), String(text.prefix(100)))
    for name in ["function contrast.ssl.info_nce(", "function contrast.nn.resnet18(", "function contrast.Tensor:matmul("] {
      XCTAssert(text.contains(name), name)
    }
  }

  func testMistakesAreNamedInOneSentence() throws {
    try assertFailure(
      ["scripts/byol.lua", "--epoch", "3"], 2,
      "contrast-lua: scripts/byol.lua: unknown option --epoch; did you mean --epochs?\n")
    try assertFailure(
      ["scripts/byol.lua", "--epochs", "many"], 2,
      "contrast-lua: scripts/byol.lua: --epochs takes an integer, got 'many'\n")
    try assertFailure(["--sandbx", "nowhere.lua"], 64, "unknown option --sandbx; did you mean --sandbox?")
    try assertFailure(["scripts/byol.lua", "--no-quiet=yes"], 2, "--no_quiet takes no value; write --quiet=yes or --quiet=no")
    try assertFailure(["nowhere.lua"], 1, "contrast-lua: cannot open 'nowhere.lua': No such file or directory")
    try assertFailure(
      ["scripts/byol.lua", "--data", "shape"], 1, "data set \"shape\" is unknown; did you mean shapes?")
    try assertFailure(
      ["scripts/simclr.lua", "--data", "shapes:64", "--batch", "65"], 1, "batch")
    try assertFailure(["-e", "local x = nil; x.y = 1"], 1, "attempt to index a nil value")
  }

  func testLimits() throws {
    try assertFailure(["--time", "0.3", "-e", "while true do end"], 124, "time limit")
    try assertFailure(
      ["--memory", "10MB", "-e", "return require('contrast').zeros { 4096, 4096 }"], 1,
      "out of tensor memory: 67.1 MB more are needed and 0 bytes are in use, with a limit of 10.5 MB")
    try assertFailure(["--lua-memory", "8MB", "-e", "return string.rep('x', 64 << 20)"], 1, "not enough memory")
    try assertFailure(
      ["--sandbox", "-e", "require('contrast').options { log = { '/tmp/x', '' } }"], 1,
      "options: --log is an option of every run; choose another name")
    try assertFailure(["--sandbox", "-e", "require('contrast').save('/tmp/x', {})"], 1, "outside the folders")
    try assertFailure(["--sandbox", "-e", "io.open('x', 'w')"], 1, "io")
  }

  private func assertFailure(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let result = try Program.run(arguments)
    XCTAssertEqual(result.status, status, "\(arguments): \(result.errors)")
    XCTAssert(result.errors.contains(words), "\(arguments): \(result.errors)")
  }
}
