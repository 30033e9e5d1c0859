import Foundation
import XCTest

/// Runs stop, save and go on.
final class RunTests: XCTestCase {
  private let small = ["--data", "shapes:128", "--epochs", "2", "--batch", "32", "--width", "4", "--quiet"]

  /// Two epochs of four steps in one go, and the same cut after a step: the same bytes, and the same log.
  private func assertResumingGivesTheSameBytes(
    _ script: String, _ options: [String] = [], cutAfter step: Int = 6
  ) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (whole, cut) = (folder.file("whole.safetensors"), folder.file("cut.safetensors"))
    let (wholeLog, cutLog) = (folder.file("whole.jsonl"), folder.file("cut.jsonl"))
    let first = try Program.run([script] + small + options + ["--checkpoint", whole, "--log", wholeLog])
    XCTAssertEqual(first.status, 0, first.errors)
    let stopped = try Program.run(
      [script] + small + options + ["--checkpoint", cut, "--log", cutLog, "--stop", "\(step)"])
    XCTAssertEqual(stopped.status, 0, stopped.errors)
    XCTAssert(stopped.errors.contains("stopped after step \(step); saved \(cut)"), stopped.errors)
    XCTAssertNotEqual(
      try Data(contentsOf: URL(fileURLWithPath: whole)), try Data(contentsOf: URL(fileURLWithPath: cut)))
    let resumed = try Program.run([script] + small + options + ["--checkpoint", cut, "--log", cutLog, "--resume", cut])
    XCTAssertEqual(resumed.status, 0, resumed.errors)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: whole)), try Data(contentsOf: URL(fileURLWithPath: cut)))
    XCTAssertEqual(first.output, resumed.output)
    XCTAssertEqual(try records(wholeLog).count, 2)
    XCTAssertEqual(try records(wholeLog), try records(cutLog))
  }

  /// The lines of a log, without the time they took.
  private func records(_ path: String) throws -> [NSDictionary] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      var record = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      XCTAssertNotNil(record.removeValue(forKey: "seconds"))
      return record as NSDictionary
    }
  }

  func testResumingBYOLGivesTheSameBytes() throws { try assertResumingGivesTheSameBytes("scripts/byol.lua") }
  func testResumingSimCLRGivesTheSameBytes() throws { try assertResumingGivesTheSameBytes("scripts/simclr.lua") }
  func testResumingMoCoGivesTheSameBytes() throws {
    try assertResumingGivesTheSameBytes("scripts/moco.lua", ["--queue", "100"])
  }

  func testResumingAtTheEndOfAnEpochGivesTheSameBytes() throws {
    try assertResumingGivesTheSameBytes("scripts/simclr.lua", cutAfter: 4)
  }

  /// The line under way is cut to fit a terminal; a line that stays is whole.
  func testAnEpochsLineIsWholeOnANarrowTerminal() throws {
    let terminal = try Terminal(columns: 30)
    let arguments = small.filter { $0 != "--quiet" }
    let result = try Program.run(["scripts/simclr.lua"] + arguments, terminal: terminal)
    XCTAssertEqual(result.status, 0)
    let text = try terminal.text()
    let lines = text.split(separator: "\r\n").map { $0.split(separator: "\r").last ?? "" }
    XCTAssertEqual(lines.count, 2, text)
    for line in lines {
      XCTAssertNotNil(line.firstMatch(of: /^epoch \d\/2  step \d  loss .* views\/s  .* s *$/), text)
    }
    let redrawn = text.split(separator: "\r").filter { $0.contains("batch") }
    XCTAssert(redrawn.allSatisfy { $0.count < 60 }, text)
  }

  /// Evaluations belong to the epoch that they follow, and the run's own readings to nobody else.
  func testHooksLogIntoTheirEpoch() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (script, log) = (folder.file("script.lua"), folder.file("log.jsonl"))
    try """
      local contrast = require "contrast"
      contrast.options {}
      local images = contrast.data.open("shapes:64", { split = "train" })
      local loader = contrast.data.loader(images, { batch = 32, views = { contrast.augment.evaluation(8) } })
      local run = contrast.run("r")
      run:after_epochs(1, function() run:log { inside = run.epoch } return { score = 10 * run.epoch } end)
      run:after_epochs(1, function() return { score = 100 * run.epoch } end)
      for _ in run:over(loader, 2) do run:log { loss = run.step } end
      print(pcall(run.log, run, { spread = 1 }))
      """.write(toFile: script, atomically: true, encoding: .utf8)
    let result = try Program.run([script, "--log", log])
    XCTAssertEqual(result.status, 0, result.errors)
    let all = try records(log)
    for (name, values) in ["loss": [1.5, 3.5], "inside": [1, 2], "score": [100, 200]] {
      XCTAssertEqual(all.map { $0[name] as? Double }, values, name)
    }
    XCTAssert(result.output.contains("run:log: 'spread' is what the run itself reads from 'output'"), result.output)
  }

  /// What is only shown keeps no run from saving.
  func testRunsSaveWhateverWasLogged() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (path, log) = (folder.file("run.safetensors"), folder.file("log.jsonl"))
    let script = folder.file("script.lua")
    try """
      local contrast = require "contrast"
      contrast.options {}
      local images = contrast.data.open("shapes:64", { split = "train" })
      local loader = contrast.data.loader(images, { batch = 16, views = { contrast.augment.evaluation(8) } })
      local run = contrast.run("r", { x = contrast.zeros { 1 } })
      run:after_epochs(1, function() return { knn = 0 / 0 } end)
      run:after_epochs(1, function() run:save() end)
      for _ in run:over(loader, 1) do run:log { huge = 1e308 } end
      """.write(toFile: script, atomically: true, encoding: .utf8)
    let stopped = try Program.run([script, "--checkpoint", path, "--stop", "3", "--log", log])
    XCTAssertEqual(stopped.status, 0, stopped.errors)
    let resumed = try Program.run([script, "--checkpoint", path, "--resume", path, "--log", log])
    XCTAssertEqual(resumed.status, 0, resumed.errors)
    let record = try XCTUnwrap(records(log).first)
    XCTAssertEqual(record["huge"] as? NSNull, NSNull())
    XCTAssertEqual(record["knn"] as? NSNull, NSNull())
  }

  func testAnotherSeedGivesAnotherRun() throws {
    let first = try Program.run(["scripts/simclr.lua"] + small + ["--seed", "1"])
    let again = try Program.run(["scripts/simclr.lua"] + small + ["--seed", "1"])
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    XCTAssertEqual(first.output, again.output)
    for seed in ["1", "2"] {
      try Program.run(["scripts/simclr.lua"] + small + ["--seed", seed, "--checkpoint", folder.file(seed)])
    }
    XCTAssertNotEqual(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("1"))),
      try Data(contentsOf: URL(fileURLWithPath: folder.file("2"))))
  }

  func testControlCSavesAndTheRunGoesOn() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.file("run.safetensors")
    let long = [
      "scripts/simclr.lua", "--data", "shapes:512", "--epochs", "500", "--batch", "32", "--width", "4", "--checkpoint",
      path,
    ]
    let result = try Program.run(long) { process, errors in
      let start = Date()
      while !errors().contains("epoch 1/500"), Date().timeIntervalSince(start) < 60 {
        Thread.sleep(forTimeInterval: 0.05)
      }
      process.interrupt()
    }
    XCTAssertEqual(result.status, 130, result.errors)
    XCTAssert(result.errors.contains("interrupted after step"), result.errors)
    XCTAssert(result.errors.contains("--resume \(path)"), result.errors)
    let words = result.errors.split(separator: " ")
    let step = try XCTUnwrap(words.firstIndex(of: "after").flatMap { Int(words[$0 + 2].prefix { $0.isNumber }) })
    let resumed = try Program.run(long + ["--resume", path, "--stop", "\(step + 3)"])
    XCTAssert(resumed.errors.contains("resumed '\(path)' after step \(step)"), resumed.errors)
    XCTAssert(resumed.errors.contains("stopped after step \(step + 3)"), resumed.errors)
  }

  func testANonFiniteLossStopsTheRunAndKeepsTheCheckpoint() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.file("run.safetensors")
    let script = folder.file("nan.lua")
    try """
    local contrast = require "contrast"
    local options = contrast.options {}
    local weight = contrast.ones { 3 }
    local run = contrast.run("nan", { weight = weight })
    local train = contrast.data.open("shapes:64", { split = "train" })
    local view = contrast.augment.evaluation(train.size)
    for batch in run:over(contrast.data.loader(train, { batch = 16, views = { view } }), 3) do
      weight:mul_(run.step < 6 and 2 or 0 / 0)
      run:log { loss = weight:sum() }
    end
    """.write(toFile: script, atomically: true, encoding: .utf8)
    let result = try Program.run([script, "--checkpoint", path, "--quiet"])
    XCTAssertEqual(result.status, 1)
    XCTAssert(
      result.errors.contains(
        "nan.lua:9: run: loss is nan at step 6 (epoch 2, batch 2); '\(path)' keeps the state of its last save")
        || result.errors.contains(
          "nan.lua:9: run: loss is -nan at step 6 (epoch 2, batch 2); '\(path)' keeps the state of its last save"),
      result.errors)
    let check = try Program.run(
      ["-e", "print(require('contrast').load('\(path)')['weight.value'][1]:item())"])
    XCTAssertEqual(check.output, "16.0\n", check.errors)
  }
}
