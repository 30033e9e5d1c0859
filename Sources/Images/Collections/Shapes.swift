/// Small drawn pictures that need no download: each shows a few figures of one kind, and the kind is the class.
///
/// The class is what the figures of a picture have in common; their colours, places, sizes and directions are drawn for
/// each figure and say nothing about it. So the pictures' pixels hardly tell the classes apart (the 200
/// nearest neighbours by raw pixels name the class right for one in six, where one in eight is chance), while a small
/// encoder trained for a few minutes without labels does. The pictures depend on the split and the index only.
public final class Shapes: ImageCollection {
  public static let side = 32
  /// Training images where no number is asked for.
  public static let defaultCount = 8192

  public let name: String
  public let summary: String
  public var classNames: [String] { Figure.allCases.map(\.rawValue) }
  public let labels: [Int]
  public var size: Int? { Self.side }
  public var isInMemory: Bool { true }
  private let pixels: PixelStorage

  /// Draws the pictures of a split: `count` for training, a quarter as many for testing.
  /// - Throws: `ImageError` when the count is below 40 or above a million.
  public init(count: Int = Shapes.defaultCount, split: Split) throws(ImageError) {
    guard (40...1_000_000).contains(count) else {
      throw ImageError("shapes: \(count) images, expected 40 to 1000000")
    }
    let total = split == .train ? count : count / 4
    let kinds = Figure.allCases
    let labels = (0..<total).map { $0 % kinds.count }
    let byteCount = Self.side * Self.side * 3
    pixels = PixelStorage(byteCount: total * byteCount) { bytes in
      for index in 0..<total {
        var draws = Draws(seed: Self.seed, stream: split == .train ? 0 : 1, sample: index, purpose: 0)
        var scene = Scene(of: kinds[labels[index]], using: &draws)
        scene.render(into: bytes.baseAddress! + index * byteCount, using: &draws)
      }
    }
    (self.labels, name) = (labels, count == Self.defaultCount ? "shapes" : "shapes:\(count)")
    summary =
      "drawn figures, \(split.rawValue): \(total) images of \(Self.side) × \(Self.side) in \(kinds.count) classes"
  }

  public func image(at index: Int) -> Image {
    Image(size: ImageSize(Self.side), storage: pixels, offset: index * Self.side * Self.side * 3)
  }

  /// One fixed number, so that everybody's `shapes` are the same pictures.
  private static let seed: UInt64 = 20_20
}
