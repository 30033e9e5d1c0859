import Foundation
import XCTest

/// Checkpoints that are not what a run expects, and disks that are full: one sentence each, and nothing lost.
final class CheckpointTests: XCTestCase {
  private let small = ["scripts/simclr.lua", "--data", "shapes:64", "--epochs", "1", "--batch", "32", "--width", "4", "--quiet"]

  private func assertRefused(_ path: String, _ options: [String] = [], _ sentence: String) throws {
    let result = try Program.run(small + options + ["--resume", path])
    XCTAssertEqual(result.status, 1, result.errors)
    XCTAssert(result.errors.contains(sentence), result.errors)
  }

  func testForeignAndBrokenCheckpointsAreRefused() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.file("run.safetensors")
    XCTAssertEqual(try Program.run(small + ["--checkpoint", path]).status, 0)

    try assertRefused(folder.file("missing"), [], "missing")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = folder.file("cut")
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: cut))
    try assertRefused(cut, [], cut)
    let noise = folder.file("noise")
    try Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: URL(fileURLWithPath: noise))
    try assertRefused(noise, [], noise)

    try assertRefused(path, ["--seed", "5"], "run: '\(path)' was made with --seed 0, this run has --seed 5")
    try assertRefused(path, ["--batch", "16"], "run:over: batches of 16 of 64 images; the checkpoint was made with batches of 32 of 64 images")
    try assertRefused(path, ["--width", "8"], "run: '\(path)', network:")
    let moco = try Program.run(["scripts/moco.lua", "--data", "shapes:64", "--batch", "32", "--width", "4", "--resume", path])
    XCTAssert(moco.errors.contains("run: '\(path)' is a checkpoint of 'simclr', this run is 'moco'"), moco.errors)

    let (half, patched) = (folder.file("half"), folder.file("patched"))
    XCTAssertEqual(try Program.run(small + ["--checkpoint", half, "--stop", "1"]).status, 0)
    for (text, wrong) in [(#"\"count\":1"#, #"\"count\":0"#), (#"\"last\""#, #"\"list\""#)] {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: half))
      bytes.replaceSubrange(try XCTUnwrap(bytes.range(of: Data(text.utf8))), with: Data(wrong.utf8))
      try bytes.write(to: URL(fileURLWithPath: patched))
      try assertRefused(patched, [], "run: '\(patched)' has no valid 'metrics'")
    }

    let weights = folder.file("weights.safetensors")
    try Program.run(["-e", "local c = require 'contrast'; c.save('\(weights)', { x = c.zeros { 2 } })"])
    try assertRefused(weights, [], "run: '\(weights)' is not a checkpoint of a run")
  }

  func testAFullDiskKeepsTheEarlierCheckpoint() throws {
    let folder = try TemporaryFolder()
    let mount = folder.file("disk")
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    guard getuid() == 0, shell("mount -t tmpfs -o size=2m tmpfs '\(mount)'") == 0 else {
      folder.remove()
      throw XCTSkip("needs the right to mount a small disk")
    }
    defer {
      _ = shell("umount '\(mount)'")
      folder.remove()
    }
    let path = mount + "/run.safetensors"
    XCTAssertEqual(try Program.run(small + ["--checkpoint", path]).status, 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    // What is left does not hold a second copy, which is what a safe write needs.
    _ = shell("dd if=/dev/zero of='\(mount)/ballast' bs=1k count=4000 2>/dev/null")
    let result = try Program.run(small + ["--checkpoint", path, "--seed", "0"])
    XCTAssertEqual(result.status, 1, result.errors)
    XCTAssert(result.errors.contains("No space left on device"), result.errors)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), before)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: mount).sorted(), ["ballast", "run.safetensors"])
  }

  private func shell(_ command: String) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
