import Foundation
import TestSupport
import Tensors
import Testing

@testable import Images

/// Against torchvision and Pillow: Tests/Golden/generate_augmentation.py.
struct GoldenTests {
  let tensors: [String: Tensor]
  let metadata: [String: String]

  init() throws {
    let golden = try Golden("augmentation")
    (tensors, metadata) = (golden.tensors, golden.metadata)
  }

  @Test func everyStepAndChainAgreesWithTorchvision() throws {
    #expect(metadata.count == 30)
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
      let steps = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Any]])
      let operations = try steps.map(operation)
      let output = try image("\(name).input").applying(operations)
      let expected = try image("\(name).output")
      #expect(output.size == expected.size, "\(name)")
      let differences = zip(output.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }
      // Sums in another order may round to the neighbour: three of the thirty differ by 1, in 0.03 % of their values.
      #expect(differences.max()! <= 1, "\(name): differs by \(differences.max()!)")
      let share = Double(differences.count { $0 > 0 }) / Double(differences.count)
      #expect(share < 0.001, "\(name): \(share) of the values differ")
    }
  }

  @Test(arguments: [
    "darker", "brighter", "less_contrast", "more_contrast", "less_saturation", "more_saturation", "hue_up", "hue_down",
    "hue_half", "hue_minus_half", "grayscale", "solarize", "flip", "same_size", "up_twice", "grey_colours",
  ])
  func stepsWithoutSumsAgreeToTheBit(name: String) throws {
    let text = try #require(metadata[name])
    let steps = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Any]])
    #expect(try image("\(name).input").applying(try steps.map(operation)) == image("\(name).output"))
  }

  @Test func normalizedTensorAgreesWithTorchvision() throws {
    let input = try image("normalize.input")
    let operations = try Recipe([Normalize.imagenet]).draw(for: input.size, seed: 0, epoch: 0, sample: 0, view: 0)
    let output = try Tensor([input], [operations])
    #expect(output.shape == [1, 3, input.height, input.width])
    let expected = try tensors["normalize.floats"]!.floats()
    for (value, wanted) in zip(try output.floats(), expected) { #expect(abs(value - wanted) < 2e-6) }
  }

  @Test func filesDecodeAsPillowDecodesThem() throws {
    let files = tensors.keys.filter { $0.hasPrefix("file.") }.sorted()
    #expect(files.count == 11)
    for file in files {
      let bytes = try tensors[file]!.integers().map { UInt8($0) }
      let name = String(file.dropFirst(5))
      let decoded = try Image(decoding: bytes, name: name)
      let expected = try image("pixels.\(name)")
      #expect(decoded.size == expected.size, "\(name)")
      let largest = zip(decoded.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }.max()!
      // Pillow brings its own libjpeg-turbo, whose chroma upsampling may round differently; PNG has no excuse.
      #expect(largest <= (name.hasSuffix("png") ? 0 : 2), "\(name): differs by \(largest)")
    }
  }

  private func image(_ name: String) throws -> Image {
    let tensor = try #require(tensors[name], "\(name)")
    return try Image(
      width: tensor.shape[1], height: tensor.shape[0], bytes: try tensor.integers().map { UInt8($0) })
  }

  /// From a list such as ["blur", 3, 0.7].
  private func operation(_ list: [Any]) throws -> ImageOperation {
    let numbers = list.compactMap { ($0 as? NSNumber)?.doubleValue }
    let first = numbers.first ?? 0
    switch list[0] as? String {
    case "crop_resize":
      let n = numbers.map { Int($0) }
      let mode = try #require(Interpolation(rawValue: list.last as? String ?? ""))
      let window = CropWindow(top: n[0], left: n[1], height: n[2], width: n[3])
      return .cropResize(window, to: ImageSize(width: n[5], height: n[4]), mode)
    case "flip": return .flip
    case "brightness": return .brightness(first)
    case "contrast": return .contrast(first)
    case "saturation": return .saturation(first)
    case "hue": return .hue(first)
    case "grayscale": return .grayscale
    case "blur": return .blur(kernel: Int(first), sigma: numbers[1])
    case "solarize": return .solarize(threshold: first)
    default: throw ImageError("unknown operation \(list)")
    }
  }
}
