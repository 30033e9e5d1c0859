import Kernels
import Networks
import SelfSupervision
import Tensors
import TestSupport
import Testing

struct ProjectorTests {
  private func names(_ style: ProjectorStyle, _ sizes: [Int] = [6, 5, 4]) throws -> [String] {
    try projector(sizes, style: style, using: RandomStream(seed: 1)).namedParameters().map(\.name)
  }

  @Test func presetsHaveTheLayersOfTheirPapers() throws {
    // 0: Linear, 1: batch norm, 2: ReLU, 3: Linear, 4: batch norm.
    #expect(try names(.byol) == ["0.weight", "0.bias", "1.weight", "1.bias", "3.weight"])
    #expect(try names(.simclr) == ["0.weight", "1.weight", "1.bias", "3.weight", "4.weight"])
    #expect(try names(.mocoV3) == ["0.weight", "1.weight", "1.bias", "3.weight"])
    #expect(try names(.simSiamPredictor) == ["0.weight", "1.weight", "1.bias", "3.weight", "3.bias"])
    #expect(try names(ProjectorStyle()) == ["0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"])
    // 0: Linear, 1: ReLU, 2: Linear.
    #expect(try names(.mocoV2) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(try names(.mocoV2, [6, 4]) == ["0.weight", "0.bias"])
    #expect(try projector([6, 5, 4], style: .simSiam, using: RandomStream(seed: 1)).count == 5)
  }

  @Test func mapsSizesToSizes() throws {
    for style in [ProjectorStyle.byol, .simclr, .mocoV2, .mocoV3, .simSiam, .simSiamPredictor] {
      let head = try projector([6, 5, 7, 4], style: style, using: RandomStream(seed: 1))
      #expect(try head(fixedNumbers([3, 6], type: .float32)).shape == [3, 4], "\(style)")
    }
  }

  @Test func anOutputNormalisationWithoutShiftCentres() throws {
    let head = try projector([6, 5, 4], style: .simclr, type: .float64, using: RandomStream(seed: 2))
    let output = try head(fixedNumbers([16, 6]))
    try requireClose(output.mean([0]), [0, 0, 0, 0], absolute: 1e-12)
    try requireClose(output.variance([0], unbiased: false), [1, 1, 1, 1], absolute: 1e-3)
  }

  @Test func saysWhatDoesNotFit() throws {
    let stream = RandomStream(seed: 3)
    try expectError("projector: sizes are [512], expected at least the features in and the features out") {
      _ = try projector([512], using: stream)
    }
    try expectError("projector: sizes are [512, 0, 128], expected each at least 1") {
      _ = try projector([512, 0, 128], using: stream)
    }
  }
}
