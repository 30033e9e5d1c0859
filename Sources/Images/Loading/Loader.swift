import Tensors

/// Turns a data set into batches of views, epoch by epoch.
///
/// What a batch holds depends on the data set, the recipes, the seed, the epoch and the batch's number only: not on
/// threads, nor on what was loaded before. So training can go on from any batch.
///
/// Files are read and decoded ahead on a background thread. Augmentation runs when a batch is asked for, on the thread
/// team that computes everything else: it takes a few microseconds an image, and helper threads beside a full team
/// would slow both down.
public final class Loader {
  public let collection: any ImageCollection
  public let batchSize: Int
  /// A batch has one view of each image for each of these.
  public let views: [Recipe]
  public let shuffle, dropLast: Bool
  public let seed: UInt64

  /// - Parameters:
  ///   - shuffle: whether each epoch has an order of its own.
  ///   - dropLast: whether the images that do not fill a last batch are left out of the epoch.
  /// - Throws: `ImageError` when there would be no batch, no view, or views of different sizes.
  public init(
    _ collection: any ImageCollection, batchSize: Int, views: [Recipe], shuffle: Bool, dropLast: Bool, seed: UInt64
  ) throws(ImageError) {
    guard batchSize > 0 else { throw ImageError("loader: batch of \(batchSize) images, expected at least 1") }
    guard (1...255).contains(views.count) else {
      throw ImageError("loader: \(views.count) views, expected 1 to 255 recipes")
    }
    guard !dropLast || batchSize <= collection.count else {
      throw ImageError(
        "loader: a batch of \(batchSize) images is more than the \(collection.count) of \(collection.name), and "
          + "drop_last leaves out what does not fill a batch")
    }
    for (position, recipe) in views.enumerated() {
      guard recipe.outputSize(of: collection.size.map { ImageSize($0) }) != nil else {
        throw ImageError(
          "loader: the images of \(collection.name) differ in size and view \(position + 1) leaves them so; begin its "
            + "recipe with random_resized_crop, or with resize and center_crop")
      }
    }
    (self.collection, self.batchSize, self.views) = (collection, min(batchSize, max(collection.count, 1)), views)
    (self.shuffle, self.dropLast, self.seed) = (shuffle, dropLast, seed)
  }

  /// Every image once, in order, through one recipe: for features, and for evaluation.
  public static func inOrder(
    _ collection: any ImageCollection, batchSize: Int, recipe: Recipe
  ) throws(ImageError) -> Loader {
    try Loader(collection, batchSize: batchSize, views: [recipe], shuffle: false, dropLast: false, seed: 0)
  }

  /// Batches in an epoch.
  public var batchCount: Int {
    dropLast ? collection.count / batchSize : (collection.count + batchSize - 1) / batchSize
  }

  /// The batches of an epoch.
  /// - Parameters:
  ///   - number: of the epoch, from 0.
  ///   - first: the batch to begin with, from 0; the ones before are not loaded.
  public func epoch(_ number: Int, from first: Int = 0) -> Epoch { Epoch(of: self, number: number, from: first) }

  /// The positions of the images in the order of an epoch: a permutation drawn from (seed, epoch).
  func order(ofEpoch number: Int) -> [Int] {
    guard shuffle else { return Array(0..<collection.count) }
    // The last sample number belongs to no image.
    var draws = Draws(seed: seed, stream: number, sample: Int(UInt32.max), purpose: 0)
    return draws.permutation(collection.count)
  }
}
