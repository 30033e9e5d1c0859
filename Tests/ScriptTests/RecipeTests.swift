import Foundation
import XCTest

/// Each script and example trains for a moment, from the command line.
final class RecipeTests: XCTestCase {
  private let tiny = ["--data", "shapes:128", "--epochs", "1", "--batch", "32"]

  func testBYOLTrainsAndEvaluates() throws {
    let result = try Program.run(["scripts/byol.lua", "--width", "4"] + tiny)
    XCTAssertEqual(result.status, 0, result.errors)
    for line in ["raw pixels", "random initialisation", "trained with BYOL"] {
      XCTAssert(result.output.contains(line), result.output)
    }
    XCTAssert(result.errors.contains("epoch 1/1"), result.errors)
    for figure in ["loss ", "lr ", "views/s", "spread ", "rank "] {
      XCTAssert(result.errors.contains(figure), result.errors)
    }
  }

  func testSimCLRTrains() throws {
    let result = try Program.run(["scripts/simclr.lua", "--width", "4", "--knn", "1"] + tiny)
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssert(result.errors.contains("knn "), result.errors)
    XCTAssert(result.output.contains("trained with SimCLR"), result.output)
  }

  func testMoCoTrains() throws {
    let result = try Program.run(["scripts/moco.lua", "--width", "4", "--queue", "100"] + tiny)
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssert(result.output.contains("trained with MoCo"), result.output)
  }

  func testExamplesRun() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    XCTAssertEqual(try Program.run(["examples/new_loss.lua"] + tiny).status, 0)
    let layer = try Program.run(["examples/custom_layer.lua"])
    XCTAssertEqual(layer.status, 0, layer.errors)
    XCTAssert(layer.output.contains("step 20"), layer.output)
    let picture = folder.file("views.png")
    let recipe = try Program.run(["examples/augmentation_recipe.lua", "--data", "shapes:64", "--picture", picture])
    XCTAssertEqual(recipe.status, 0, recipe.errors)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: picture)).prefix(4), Data([0x89, 0x50, 0x4E, 0x47]))
  }

  func testTheEmbeddingExampleRunsAScriptInsideASwiftProgram() throws {
    let process = Process()
    process.executableURL = Program.url.deletingLastPathComponent().appendingPathComponent("embedding")
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    XCTAssertEqual(process.terminationStatus, 0, text)
    XCTAssert(text.contains("similarity"), text)
  }
}
