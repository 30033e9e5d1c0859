import Synchronization

/// Pictures in one folder per class: PATH/CLASS/….jpg, .jpeg or .png, at any depth below the class's folder.
///
/// Where PATH holds `train` and `test` (or `val`) folders, these are the splits. Where it holds classes only, every
/// tenth image of each class, in the order of the names, is the test split. Decoded pictures stay in memory up to a
/// budget, so that a folder of small images is decoded once.
public final class ImageFolder: ImageCollection {
  public let name: String
  public let summary: String
  public let classNames: [String]
  public let labels: [Int]
  public let size: Int?
  public var isInMemory: Bool { false }
  /// The file of each image.
  public let paths: [String]
  private let cache: ImageCache

  /// Lists a folder; no picture is decoded yet.
  /// - Parameter cacheLimit: bytes of decoded pictures to keep.
  /// - Throws: `ImageError` when there is no such folder, no class in it, or a class without an image.
  public init(folder: String, split: Split, cacheLimit: Int = 2 << 30) throws(ImageError) {
    let listing = try FolderListing(folder, split: split)
    (classNames, labels, paths) = (listing.classNames, listing.labels, listing.paths)
    (name, cache) = ("folder:\(folder)", ImageCache(count: listing.paths.count, byteLimit: cacheLimit))
    size = Self.commonSide(of: listing.paths)
    let sizes = size.map { "\($0) × \($0)" } ?? "various sizes"
    summary =
      "\(folder), \(split.rawValue): \(paths.count) images of \(sizes) in \(classNames.count) classes; "
      + listing.origin
  }

  public func image(at index: Int) throws(ImageError) -> Image {
    if let image = cache[index] { return image }
    let image = try Image(contentsOf: paths[index])
    cache.keep(image, at: index)
    return image
  }

  /// The side of the images where those looked at, spread over the folder, are squares of one size. A file that cannot
  /// be read is left for `image(at:)` to report.
  private static func commonSide(of paths: [String]) -> Int? {
    var side: Int?
    for index in stride(from: 0, to: paths.count, by: max(1, paths.count / 16)) {
      guard let size = try? Image.headerSize(of: paths[index]) else { continue }
      guard size.width == size.height, size.width == side ?? size.width else { return nil }
      side = size.width
    }
    return side
  }
}

/// Decoded pictures by position, up to a number of bytes; those that come first stay.
private final class ImageCache: Sendable {
  private struct Contents {
    var images: [Image?]
    var byteCount = 0
  }
  private let contents: Mutex<Contents>
  private let byteLimit: Int

  init(count: Int, byteLimit: Int) {
    self.byteLimit = byteLimit
    contents = Mutex(Contents(images: [Image?](repeating: nil, count: count)))
  }

  subscript(index: Int) -> Image? { contents.withLock { $0.images[index] } }

  func keep(_ image: Image, at index: Int) {
    contents.withLock {
      guard $0.images[index] == nil, $0.byteCount + image.byteCount <= byteLimit else { return }
      $0.images[index] = image
      $0.byteCount += image.byteCount
    }
  }
}
