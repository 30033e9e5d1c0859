/// A data set of labelled pictures.
public protocol ImageCollection: AnyObject, Sendable {
  /// How the data set was asked for, such as `shapes` or `cifar10:/data`.
  var name: String { get }
  /// One line for people: what it is, how many images, where a split comes from.
  var summary: String { get }
  /// Names of the classes, in the order of their labels.
  var classNames: [String] { get }
  /// The class of each image, counted from 0.
  var labels: [Int] { get }
  /// The side in pixels where the images are squares of one size, else nil.
  var size: Int? { get }
  /// Whether `image(at:)` never waits for a file.
  var isInMemory: Bool { get }
  /// The picture at a position counted from 0. May be called from any thread.
  /// - Throws: `ImageError` naming the file when it cannot be decoded.
  func image(at index: Int) throws(ImageError) -> Image
}

extension ImageCollection {
  /// The number of images.
  public var count: Int { labels.count }
}

/// Which part of a data set.
public enum Split: String, Sendable, CaseIterable {
  case train, test
}
