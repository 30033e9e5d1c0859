import Foundation
import Tensors
import Testing

@testable import Images

struct LoaderTests {
  private func loader(
    _ collection: any ImageCollection, batch: Int = 8, shuffle: Bool = true, dropLast: Bool = false, seed: UInt64 = 4
  ) throws -> Loader {
    try Loader(
      collection, batchSize: batch,
      views: [try .simclr(size: 16), try .byol(size: 24, view: 2, normalize: .imagenet)],
      shuffle: shuffle, dropLast: dropLast, seed: seed)
  }

  @Test(arguments: [true, false]) func everyImageComesOncePerEpoch(isInMemory: Bool) throws {
    let collection = NoiseCollection(count: 37, side: 20, isInMemory: isInMemory)
    let loader = try loader(collection)
    #expect(loader.batchCount == 5)
    for number in 0..<3 {
      let epoch = try batches(loader.epoch(number))
      #expect(epoch.map(\.indices.count) == [8, 8, 8, 8, 5])
      #expect(epoch.flatMap(\.indices).sorted() == Array(0..<37))
      for batch in epoch {
        #expect(batch.views[0].shape == [batch.indices.count, 3, 16, 16])
        #expect(batch.views[1].shape == [batch.indices.count, 3, 24, 24])
        #expect(batch.views[0].buffer.isChannelsLast)
        #expect(try batch.labels.integers() == batch.indices.map { $0 % 2 })
      }
    }
    #expect(try batches(loader.epoch(0)).flatMap(\.indices) != batches(loader.epoch(1)).flatMap(\.indices))
  }

  @Test func theLastBatchMayBeDropped() throws {
    let loader = try loader(NoiseCollection(count: 37, side: 20), dropLast: true)
    #expect(loader.batchCount == 4)
    #expect(try batches(loader.epoch(0)).map(\.indices.count) == [8, 8, 8, 8])
  }

  @Test(arguments: [true, false]) func anEpochGoesOnFromAnyBatch(isInMemory: Bool) throws {
    let loader = try loader(NoiseCollection(count: 37, side: 20, isInMemory: isInMemory))
    let whole = try batches(loader.epoch(2))
    for first in 0...5 {
      let epoch = loader.epoch(2, from: first)
      #expect(epoch.position == first)
      let rest = try batches(epoch)
      #expect(rest.count == 5 - first && epoch.position == 5)
      for (batch, same) in zip(rest, whole[first...]) {
        #expect(batch.indices == same.indices)
        #expect(try batch.views[0].floats() == same.views[0].floats())
        #expect(try batch.views[1].floats() == same.views[1].floats())
      }
    }
    #expect(try loader.epoch(2, from: 99).next() == nil)
  }

  @Test func theSeedDecides() throws {
    let collection = NoiseCollection(count: 16, side: 20)
    let first = try #require(try loader(collection).epoch(0).next())
    let same = try #require(try loader(collection).epoch(0).next())
    let other = try #require(try loader(collection, seed: 5).epoch(0).next())
    #expect(try first.views[0].floats() == same.views[0].floats())
    #expect(first.indices != other.indices)
    // The two views of an image differ, and so do its views in two epochs.
    let plain = try Loader(
      collection, batchSize: 16, views: [try .simclr(size: 16), try .simclr(size: 16)], shuffle: false, dropLast: false,
      seed: 4)
    let (epoch0, epoch1) = (try plain.epoch(0).next()!, try plain.epoch(1).next()!)
    #expect(try epoch0.views[0].floats() != epoch0.views[1].floats())
    #expect(try epoch0.views[0].floats() != epoch1.views[0].floats())
  }

  @Test func evaluationGivesTheImagesInOrder() throws {
    let collection = NoiseCollection(count: 5, side: 12)
    let loader = try Loader.inOrder(collection, batchSize: 4, recipe: .evaluation(size: 12))
    let all = try batches(loader.epoch(0))
    #expect(all.map(\.indices) == [[0, 1, 2, 3], [4]])
    let values = try all[1].views[0].floats()  // [1, 3, 12, 12], read in logical order
    let image = collection.image(at: 4)
    for y in 0..<12 {
      for x in 0..<12 { #expect(abs(values[(12 + y) * 12 + x] - Float(image[x, y].green) / 255) < 1e-6) }
    }
  }

  @Test func brokenFilesAreNamedAndTheNextBatchComes() throws {
    let folder = try FixtureFolder()
    let jpeg = try JPEG.encode(gradient(width: 20, height: 20), quality: 90)
    for number in 0..<6 { try folder.write(jpeg, to: "one/\(number).jpg") }
    let broken = try folder.write(Array(jpeg.prefix(jpeg.count - 40)), to: "one/3.jpg")
    let images = try ImageFolder(folder: folder.path, split: .train)
    let epoch = try loader(images, batch: 2, shuffle: false).epoch(0)
    #expect(try epoch.next()?.indices == [0, 1])
    #expect(
      sentence { _ = try epoch.next() }
        == "\(broken): the JPEG image is cut short or damaged (Premature end of JPEG file)")
    #expect(try epoch.next()?.indices == [4, 5])
    #expect(try epoch.next() == nil)
  }

  @Test func anEpochLeftEarlyStopsReading() throws {
    let loader = try loader(NoiseCollection(count: 37, side: 20, isInMemory: false), batch: 2)
    for _ in 0..<50 { _ = try loader.epoch(0).next() }
  }

  @Test func saysWhatIsWrong() throws {
    let collection = NoiseCollection(count: 10, side: 20)
    #expect(
      sentence { _ = try loader(collection, batch: 11, dropLast: true) }
        == "loader: a batch of 11 images is more than the 10 of noise, and drop_last leaves out what does not fill a "
        + "batch")
    #expect(sentence { _ = try loader(collection, batch: 0) } == "loader: batch of 0 images, expected at least 1")
    #expect(
      sentence { _ = try Loader(collection, batchSize: 2, views: [], shuffle: false, dropLast: false, seed: 0) }
        == "loader: 0 views, expected 1 to 255 recipes")
    let folder = try FixtureFolder()
    try folder.write(try PNG.encode(noise(width: 8, height: 9)), to: "one/a.png")
    let images = try ImageFolder(folder: folder.path, split: .train)
    let flip = try Recipe([try HorizontalFlip(probability: 0.5)])
    #expect(
      sentence { _ = try Loader.inOrder(images, batchSize: 1, recipe: flip) }
        == "loader: the images of folder:\(folder.path) differ in size and view 1 leaves them so; begin its recipe with "
        + "random_resized_crop, or with resize and center_crop")
    #expect(
      sentence { _ = try Tensor([noise(width: 8, height: 9), noise(width: 8, height: 8)], [[], []]) }
        == "augment: image 2 of the batch has 8 × 8 pixels after the recipe and image 1 has 8 × 9; begin the recipe "
        + "with random_resized_crop, or with resize and center_crop")
  }

  /// CONTRAST_CIFAR10 names a folder with CIFAR-10 as train/CLASS/….jpg or as binary files.
  @Test(.enabled("CONTRAST_CIFAR10 names no folder") { ProcessInfo.processInfo.environment["CONTRAST_CIFAR10"] != nil })
  func realPhotographs() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CONTRAST_CIFAR10"])
    let kind = FileManager.default.fileExists(atPath: folder + "/train") ? "folder" : "cifar10"
    let images = try ImageCollections.open("\(kind):\(folder)", split: .train)
    #expect(images.count == 50_000 && images.size == 32)
    #expect(images.classNames == CIFAR10.classNames)
    let batch = try #require(try loader(images, batch: 256, dropLast: true).epoch(0).next())
    #expect(batch.views[0].shape == [256, 3, 16, 16])
  }
}

struct ContactSheetTests {
  @Test func picturesStandInRows() throws {
    let images = (0..<5).map { noise(width: 10, height: 10, $0) }
    let sheet = try ContactSheet.compose(images, columns: 3, cell: 20)
    #expect(sheet.size == ImageSize(width: 3 * 24 + 4, height: 2 * 24 + 4))
    #expect(channels(sheet, 0, 0) == [255, 255, 255])
    #expect(channels(sheet, 28 + 7, 28 + 19) == channels(images[4], 3, 9))
    #expect(sentence { _ = try ContactSheet.compose([], columns: 3, cell: 20) }
      == "contact_sheet: 0 images in 3 columns, expected at least 1 of each")
  }

  @Test func viewsCanBeLookedAt() throws {
    let image = gradient(width: 40, height: 40)
    let recipe = try Recipe.simclr(size: 32, normalize: .imagenet)
    let views = try (0..<4).map { try image.view(by: recipe, seed: 1, view: $0) }
    #expect(views.allSatisfy { $0.size == ImageSize(32) })
    let folder = try FixtureFolder()
    try ContactSheet.write([image] + views, columns: 5, to: folder.path + "/sheet.png")
    #expect(try Image(contentsOf: folder.path + "/sheet.png").height == 64 + 8 + 16)
  }
}
