import Foundation
import Tensors

@testable import Images

/// A folder that is gone when the value is.
final class FixtureFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "contrast-images-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders that lead to it.
  @discardableResult func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// A picture of pseudo-random bytes, the same for the same number.
func noise(width: Int, height: Int, _ number: Int = 0) -> Image {
  var draws = Draws(seed: 99, stream: 0, sample: number, purpose: 0)
  return Image(width: width, height: height) { bytes in
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: draws.bits() >> 13) }
  }
}

/// A smooth picture, which JPEG keeps nearly as it is.
func gradient(width: Int, height: Int, shade: Int = 0) -> Image {
  Image(width: width, height: height) { bytes in
    for y in 0..<height {
      for x in 0..<width {
        let position = (y * width + x) * 3
        bytes[position] = UInt8(x * 200 / width)
        bytes[position + 1] = UInt8(y * 200 / height)
        bytes[position + 2] = UInt8(shade)
      }
    }
  }
}

/// Red, green and blue of one pixel.
func channels(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
  let pixel = image[x, y]
  return [pixel.red, pixel.green, pixel.blue]
}

/// A data set of noise in memory, each image of one class and told apart from all others.
final class NoiseCollection: ImageCollection {
  let name = "noise"
  let summary = "noise"
  let classNames = ["even", "odd"]
  let labels: [Int]
  let size: Int?
  let isInMemory: Bool
  private let images: [Image]

  init(count: Int, side: Int, isInMemory: Bool = true) {
    labels = (0..<count).map { $0 % 2 }
    (size, self.isInMemory) = (side, isInMemory)
    images = (0..<count).map { noise(width: side, height: side, $0) }
  }

  func image(at index: Int) -> Image { images[index] }
}

/// Every batch of an epoch from one on.
func batches(_ epoch: Epoch) throws -> [Batch] {
  var all: [Batch] = []
  while let batch = try epoch.next() { all.append(batch) }
  return all
}

/// The error that a piece of code throws, as its sentence.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return "\(error)" }
}
