import ContrastAPI
import Foundation
import XCTest

/// Every `it` of every `Specs/*_spec.lua` as a test of its own: `swift test list` shows it, `--filter` finds it, and a
/// failure points at the line of the spec.
final class LuaSpecs: XCTestCase {
  /// Found by discovery, and replaced by `dynamicTests`: it fails loudly should that ever stop working.
  func testSpecs() throws { XCTFail("the tests made from Lua specs were not used") }

  static func dynamicTests() -> [(String, XCTestCaseClosure)] {
    var taken: Set<String> = []
    return SpecFile.all.flatMap { file in
      file.cases().map { specCase in
        var name = "\(file.stem)__\(specCase.name)".replacing(/[^A-Za-z0-9]/, with: "_")
        while !taken.insert(name).inserted { name += "_" }
        return (name, { testCase in try specCase.run(reportingTo: testCase) })
      }
    }
  }
}

/// Preferred to XCTest's generic function by overload resolution in the list of tests that the package manager generates.
func testCase(_: [(String, (LuaSpecs) -> () throws -> Void)]) -> XCTestCaseEntry {
  (testCaseClass: LuaSpecs.self, allTests: LuaSpecs.dynamicTests())
}

/// One `it`.
struct SpecCase {
  let file: SpecFile
  let name: String
  /// nil for a spec that did not load.
  let position: Int?
  let problem: String?

  func run(reportingTo testCase: XCTestCase) throws {
    if name.hasPrefix("pending: ") { throw XCTSkip(name) }
    do {
      if let problem { throw SpecFailure(problem) }
      let host = try file.load()
      defer { host.close() }
      try host.call("run_case", position ?? 0)
    } catch {
      let (line, message) = file.locate("\(error)")
      testCase.recordFailure(withDescription: message, inFile: file.path, atLine: line, expected: true)
    }
  }
}

struct SpecFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A file of specs.
struct SpecFile {
  let path: String
  var stem: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static var all: [SpecFile] {
    let specs = folder.appendingPathComponent("Specs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: specs.path)) ?? []
    return names.filter { $0.hasSuffix("_spec.lua") }.sorted().map {
      SpecFile(path: specs.appendingPathComponent($0).path)
    }
  }

  /// A fresh host in which this file's cases have been collected.
  func load() throws -> ContrastHost {
    let host = try ContrastHost(ContrastHostOptions())
    let support = Self.folder.appendingPathComponent("Support/spec.lua").path
    try host.execute(code: String(contentsOfFile: support, encoding: .utf8), name: support)
    try host.execute(code: String(contentsOfFile: path, encoding: .utf8), name: path)
    return host
  }

  func cases() -> [SpecCase] {
    do {
      let host = try load()
      defer { host.close() }
      let names: [String] = try host.call("case_names")
      return names.enumerated().map { SpecCase(file: self, name: $0.element, position: $0.offset + 1, problem: nil) }
    } catch {
      return [SpecCase(file: self, name: "loads", position: nil, problem: "\(error)")]
    }
  }

  /// The line of this file that an error message names, and the message without it.
  func locate(_ message: String) -> (line: Int, message: String) {
    let pattern = "\(URL(fileURLWithPath: path).lastPathComponent):"
    guard let range = message.range(of: pattern) else { return (1, message) }
    let digits = message[range.upperBound...].prefix { $0.isNumber }
    return (Int(digits) ?? 1, message)
  }
}
