import Tensors

/// One pass over a data set, batch by batch.
public final class Epoch {
  /// Which epoch, from 0.
  public let number: Int
  /// The number of the batch that `next` gives, from 0.
  public private(set) var position: Int
  private let loader: Loader
  private let order: [Int]
  private let reader: ImageReader

  init(of loader: Loader, number: Int, from first: Int) {
    (self.loader, self.number, position) = (loader, number, max(0, first))
    order = loader.order(ofEpoch: number)
    let (batchCount, batchSize) = (loader.batchCount, loader.batchSize)
    let requests = (min(position, batchCount)..<batchCount).lazy.map { [order] batch in
      Array(order[batch * batchSize..<min((batch + 1) * batchSize, order.count)])
    }
    reader = ImageReader(loader.collection, requests: Array(requests))
  }

  /// The next batch, or nil after the last one.
  /// - Throws: `ImageError` naming the file that cannot be decoded, or the step that does not fit an image;
  ///   `KernelError` at the memory limit. The batch after it can be asked for.
  public func next() throws -> Batch? {
    guard position < loader.batchCount else { return nil }
    position += 1
    let (indices, images) = try reader.next()
    let views = try loader.views.enumerated().map { view, recipe in
      let operations = try zip(indices, images).map { index, image in
        try recipe.draw(for: image.size, seed: loader.seed, epoch: number, sample: index, view: view)
      }
      return try Tensor(images, operations)
    }
    let labels = loader.collection.labels
    return Batch(views: views, labels: try Tensor(indices.map { labels[$0] }, [indices.count]), indices: indices)
  }
}
