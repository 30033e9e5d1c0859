import Foundation
import XCTest

/// The built program, run as a user would.
struct Program {
  struct Result {
    let status: Int32
    let output, errors: String
  }

  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the test bundle in the build folder.
  static var url: URL {
    Bundle(for: LuaSpecs.self).bundleURL.appendingPathComponent("contrast-lua")
  }

  /// Runs the program in the repository's folder and waits for it.
  @discardableResult
  static func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:], terminal: Terminal? = nil,
    whileRunning: ((Process, () -> String) throws -> Void)? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = repository
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    // Files, not pipes: a full pipe would stop the program.
    let (output, errors) = (folder.file("output"), folder.file("errors"))
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = terminal?.device ?? FileHandle(forWritingAtPath: errors)
    if let input {
      let path = folder.file("input")
      try input.write(toFile: path, atomically: true, encoding: .utf8)
      process.standardInput = FileHandle(forReadingAtPath: path)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    try whileRunning?(process) { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// A folder of its own for one test.
struct TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("contrast-lua-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { url.appendingPathComponent(name).path }
  func remove() { try? FileManager.default.removeItem(at: url) }
}
