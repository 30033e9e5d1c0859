/// CIFAR-10: 50,000 training and 10,000 test photographs of 32 × 32 pixels in ten classes, from its binary version.
/// Krizhevsky, 2009, "Learning Multiple Layers of Features from Tiny Images".
///
/// The files `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin` hold records of one label byte and 1024 red,
/// 1024 green and 1024 blue bytes.
public final class CIFAR10: ImageCollection {
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private static let side = 32
  private static let planeCount = side * side
  private static let recordCount = 1 + 3 * planeCount

  public let name: String
  public let summary: String
  public var classNames: [String] { Self.classNames }
  public let labels: [Int]
  public var size: Int? { Self.side }
  public var isInMemory: Bool { true }
  private let pixels: PixelStorage

  /// Reads a split from a folder, or from `cifar-10-batches-bin` inside it.
  /// - Throws: `ImageError` naming the file that is missing, cut short, or has a label above 9.
  public init(folder: String, split: Split) throws(ImageError) {
    let inner = folder + "/cifar-10-batches-bin"
    let location = FileBytes.isFolder(inner) ? inner : folder
    let files =
      (split == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]).map { "\(location)/\($0)" }
    var labels: [Int] = []
    var batches: [[UInt8]] = []
    for file in files {
      let batch = try Self.readBatch(file)
      labels += stride(from: 0, to: batch.count, by: Self.recordCount).map { Int(batch[$0]) }
      batches.append(batch)
    }
    (self.labels, name) = (labels, "cifar10:\(folder)")
    summary = "CIFAR-10, \(split.rawValue): \(labels.count) images of 32 × 32 in 10 classes"
    pixels = PixelStorage(byteCount: labels.count * 3 * Self.planeCount) { Self.interleave(batches, into: $0) }
  }

  public func image(at index: Int) -> Image {
    Image(size: ImageSize(Self.side), storage: pixels, offset: index * 3 * Self.planeCount)
  }

  private static func readBatch(_ path: String) throws(ImageError) -> [UInt8] {
    guard FileBytes.exists(path) else {
      throw ImageError("cifar10: \(path) does not exist; the folder must hold the files of the binary version")
    }
    let bytes = try FileBytes.read(path)
    guard !bytes.isEmpty, bytes.count % recordCount == 0 else {
      throw ImageError(
        "cifar10: \(path) has \(bytes.count) bytes, not a multiple of \(recordCount): the file is cut short or another")
    }
    for record in stride(from: 0, to: bytes.count, by: recordCount) where bytes[record] > 9 {
      throw ImageError("cifar10: \(path) has label \(bytes[record]) in record \(record / recordCount + 1), above 9")
    }
    return bytes
  }

  private static func interleave(_ batches: [[UInt8]], into pixels: UnsafeMutableBufferPointer<UInt8>) {
    var output = pixels.baseAddress!
    for batch in batches {
      batch.withUnsafeBufferPointer { bytes in
        for record in stride(from: 0, to: bytes.count, by: recordCount) {
          let red = bytes.baseAddress! + record + 1
          for pixel in 0..<planeCount {
            output[0] = red[pixel]
            output[1] = red[planeCount + pixel]
            output[2] = red[2 * planeCount + pixel]
            output += 3
          }
        }
      }
    }
  }
}
