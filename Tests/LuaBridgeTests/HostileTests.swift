import Foundation
import LuaBridge
import Testing

/// Scripts that try to crash, to escape, to hang or to exhaust; each says in its first line how it has to end.
///
/// `-- expect: exit=N out~text err~text|or this`: the exit code, and what standard output and standard error contain.
/// Each runs in the sandbox in a process of its own.
@Suite struct HostileTests {
  struct Script: Sendable, CustomTestStringConvertible, Codable {
    let path: String
    let exitCode: Int32
    let output: String?
    let errors: [String]
    var testDescription: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Hostile").path

  static var scripts: [Script] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".lua") }.sorted().compactMap { try? script(folder + "/" + $0) }
  }

  private static func script(_ path: String) throws -> Script {
    let first = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
    let header = first.replacingOccurrences(of: "-- expect: ", with: "")
    let errors = header.components(separatedBy: " err~").dropFirst().first?.components(separatedBy: " out~")[0]
    let output = header.components(separatedBy: " out~").dropFirst().first?.components(separatedBy: " err~")[0]
    guard let code = header.dropFirst(5).prefix(while: \.isNumber).description as String?, let code = Int32(code) else {
      throw LuaError("\(path): no exit code expected")
    }
    return Script(path: path, exitCode: code, output: output, errors: errors?.components(separatedBy: "|") ?? [])
  }

  @Test func thereAreScripts() { #expect(Self.scripts.count >= 60) }

  @Test(arguments: scripts)
  func ends(_ script: Script) async {
    let result = await #expect(
      processExitsWith: .exitCode(script.exitCode), observing: [\.standardOutputContent, \.standardErrorContent]
    ) { [path = script.path as String, isEndless = (script.exitCode == 124) as Bool] in
      let census = Census()
      var code: Int32 = 0
      do {
        let options = HostOptions(
          sandbox: true, timeLimit: isEndless ? 0.5 : 60, gracePeriod: 1, memoryLimit: 32 << 20,
          scriptFolder: URL(fileURLWithPath: path).deletingLastPathComponent().path)
        let host = try LuaHost(options: options, modules: [testModule(census)])
        code = host.run(file: path)
        host.close()
      }
      if census.count != 0 { code = 99 }
      exit(code)
    }
    if let output = script.output { #expect(printed(result).contains(output)) }
    let errors = complained(result)
    if !script.errors.isEmpty { #expect(script.errors.contains { errors.contains($0) }, "standard error: \(errors)") }
  }
}
