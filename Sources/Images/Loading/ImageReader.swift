import Dispatch
import Synchronization

/// Fetches the images of batch after batch, a few batches ahead on a background thread where files must be decoded.
/// Only values cross between the threads.
final class ImageReader {
  /// Batches that are decoded before they are asked for.
  private static let depth = 3

  private let collection: any ImageCollection
  private var requests: ArraySlice<[Int]>
  private var pending: [PendingImages] = []
  private let queue = DispatchQueue(label: "contrast.images.reader")

  /// - Parameter requests: positions of the images of each batch.
  init(_ collection: any ImageCollection, requests: [[Int]]) {
    (self.collection, self.requests) = (collection, requests[...])
    if !collection.isInMemory { readAhead() }
  }

  deinit { pending.forEach { $0.cancel() } }

  /// The next batch's positions and images. To be called at most as often as there are requests.
  /// - Throws: `ImageError` naming the file that cannot be decoded.
  func next() throws(ImageError) -> (indices: [Int], images: [Image]) {
    if collection.isInMemory {
      let indices = requests.removeFirst()
      var images: [Image] = []
      images.reserveCapacity(indices.count)
      for index in indices { images.append(try collection.image(at: index)) }
      return (indices, images)
    }
    let batch = pending.removeFirst()
    readAhead()
    return (batch.indices, try batch.wait())
  }

  private func readAhead() {
    while pending.count < Self.depth, let indices = requests.popFirst() {
      let batch = PendingImages(indices, of: collection)
      pending.append(batch)
      queue.async { batch.read() }
    }
  }
}

/// A batch that another thread is reading.
private final class PendingImages: Sendable {
  let indices: [Int]
  private let collection: any ImageCollection
  private let result = Mutex<Result<[Image], ImageError>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)
  private let isCancelled = Atomic(false)

  init(_ indices: [Int], of collection: any ImageCollection) { (self.indices, self.collection) = (indices, collection) }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// On the background thread.
  func read() {
    let images = Result { () throws(ImageError) -> [Image] in
      var images: [Image] = []
      images.reserveCapacity(indices.count)
      for index in indices where !isCancelled.load(ordering: .relaxed) {
        images.append(try collection.image(at: index))
      }
      return images
    }
    result.withLock { $0 = images }
    isDone.signal()
  }

  /// On the thread that needs the images; once.
  func wait() throws(ImageError) -> [Image] {
    isDone.wait()
    return try result.withLock { $0! }.get()
  }
}
