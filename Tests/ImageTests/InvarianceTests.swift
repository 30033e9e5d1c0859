import Kernels
import Tensors
import Testing

@testable import Images

/// Views have the same bits whatever computes them.
@Suite(.serialized) struct InvarianceTests {
  private func views() throws -> [[Float]] {
    let recipes = [
      try Recipe.simclr(size: 32, blur: true), try Recipe.byol(size: 37, view: 2, blur: true, normalize: .imagenet),
      try Recipe.mocoV1(size: 24), try Recipe.evaluation(size: 70),
    ]
    return try recipes.map { recipe in
      let images = (0..<33).map { noise(width: 41 + $0, height: 90 - $0, $0) }
      let operations = try images.indices.map {
        try recipe.draw(for: images[$0].size, seed: 3, epoch: 1, sample: $0, view: 0)
      }
      return try Tensor(images, operations).floats()
    }
  }

  @Test func bitsDoNotDependOnTheInstructionLevel() throws {
    let expected = try views()
    for level in 0..<InstructionLevel.current {
      let computed = try InstructionLevel.using(level) { try views() }
      #expect(computed == expected, "level \(level)")
    }
  }

  @Test func bitsDoNotDependOnTheThreadCount() throws {
    let expected = try views()
    for count in [1, 2, 3] {
      let computed = try ThreadTeam.using(count) { try views() }
      #expect(computed == expected, "\(count) threads")
    }
  }

  /// Each view alone gives what it gives in a batch: no view leaves anything behind for the next one.
  @Test func bitsDoNotDependOnTheBatch() throws {
    let recipe = try Recipe.byol(size: 30, view: 2, blur: true)
    let images = (0..<24).map { noise(width: 20 + 5 * ($0 % 7), height: 31 + $0, $0) }
    let operations = try images.indices.map {
      try recipe.draw(for: images[$0].size, seed: 3, epoch: 1, sample: $0, view: 0)
    }
    let all = try Tensor(images, operations).floats()
    let step = 3 * 30 * 30
    for index in images.indices {
      let alone = try Tensor([images[index]], [operations[index]]).floats()
      #expect(alone == Array(all[index * step..<(index + 1) * step]))
    }
  }
}
