import Foundation
import Testing

@testable import Images

struct CIFAR10Tests {
  /// Records whose pixels are (index, channel · 50, position).
  private func batch(_ count: Int, first: Int) -> [UInt8] {
    (0..<count).flatMap { record -> [UInt8] in
      let index = first + record
      return [UInt8(index % 10)] + (0..<3072).map { UInt8(($0 / 1024) * 50 + ($0 % 1024) % 40 + index) }
    }
  }

  private func folder(inside: String = "") throws -> FixtureFolder {
    let folder = try FixtureFolder()
    for number in 1...5 { try folder.write(batch(3, first: number * 3), to: "\(inside)data_batch_\(number).bin") }
    try folder.write(batch(2, first: 40), to: "\(inside)test_batch.bin")
    return folder
  }

  @Test(arguments: ["", "cifar-10-batches-bin/"]) func readsBothSplits(inside: String) throws {
    let folder = try folder(inside: inside)
    let train = try ImageCollections.open("cifar10:\(folder.path)", split: .train)
    #expect(train.count == 15)
    #expect(train.labels == (3..<18).map { $0 % 10 })
    #expect(train.size == 32 && train.isInMemory)
    #expect(train.classNames[3] == "cat")
    #expect(train.name == "cifar10:\(folder.path)")
    // Image 4 is record 7; the pixel in column 5 of row 1 is at position 37.
    #expect(channels(try train.image(at: 4), 5, 1) == [44, 94, 144])
    let test = try ImageCollections.open("cifar10:\(folder.path)", split: .test)
    #expect(test.labels == [0, 1])
  }

  @Test func saysWhatIsWrong() throws {
    let folder = try folder()
    try folder.write(Array(batch(3, first: 0).dropLast()), to: "data_batch_2.bin")
    #expect(
      sentence { _ = try CIFAR10(folder: folder.path, split: .train) }
        == "cifar10: \(folder.path)/data_batch_2.bin has 9218 bytes, not a multiple of 3073: "
        + "the file is cut short or another")
    var bytes = batch(3, first: 0)
    bytes[3073] = 10
    try folder.write(bytes, to: "data_batch_2.bin")
    #expect(
      sentence { _ = try CIFAR10(folder: folder.path, split: .train) }
        == "cifar10: \(folder.path)/data_batch_2.bin has label 10 in record 2, above 9")
    try FileManager.default.removeItem(atPath: "\(folder.path)/test_batch.bin")
    #expect(
      sentence { _ = try CIFAR10(folder: folder.path, split: .test) }
        == "cifar10: \(folder.path)/test_batch.bin does not exist; "
        + "the folder must hold the files of the binary version")
  }
}

struct ImageFolderTests {
  private let picture: [UInt8]
  init() throws { picture = try PNG.encode(gradient(width: 16, height: 16)) }

  @Test func usesTheFoldersOfTheSplits() throws {
    let folder = try FixtureFolder()
    for name in ["train/cat/b.png", "train/cat/a.png", "train/ant/deep/er/c.PNG", "val/ant/d.png", "val/cat/e.png"] {
      try folder.write(picture, to: name)
    }
    try folder.write([1, 2], to: "train/cat/notes.txt")
    try folder.write(picture, to: "train/cat/.hidden.png")
    let train = try ImageFolder(folder: folder.path, split: .train)
    #expect(train.classNames == ["ant", "cat"])
    #expect(train.labels == [0, 1, 1])
    #expect(train.paths.map { $0.dropFirst(folder.path.count + 7) } == ["ant/deep/er/c.PNG", "cat/a.png", "cat/b.png"])
    #expect(train.size == 16)
    #expect(try ImageFolder(folder: folder.path, split: .test).count == 2)
    #expect(train.summary.hasSuffix("train: 3 images of 16 × 16 in 2 classes; from its train folder"))
  }

  @Test func dividesClassFoldersWhereThereAreNoSplits() throws {
    let folder = try FixtureFolder()
    for number in 0..<25 { try folder.write(picture, to: "one/\(100 + number).png") }
    for number in 0..<9 { try folder.write(picture, to: "two/\(100 + number).png") }
    let train = try ImageFolder(folder: folder.path, split: .train)
    let test = try ImageFolder(folder: folder.path, split: .test)
    #expect(test.paths == ["109", "119"].map { "\(folder.path)/one/\($0).png" })
    #expect(test.classNames == ["one", "two"])
    #expect(train.count == 32 && Set(train.paths).isDisjoint(with: test.paths))
    #expect(test.summary.hasSuffix("every 10th image of a class, since there is no train folder"))
  }

  @Test func sizesThatDifferAreNoSize() throws {
    let folder = try FixtureFolder()
    try folder.write(picture, to: "one/a.png")
    try folder.write(try PNG.encode(gradient(width: 16, height: 12)), to: "one/b.png")
    #expect(try ImageFolder(folder: folder.path, split: .train).size == nil)
  }

  @Test func saysWhatIsWrong() throws {
    let folder = try FixtureFolder()
    let path = folder.path
    #expect(
      sentence { _ = try ImageFolder(folder: path + "/no", split: .train) } == "folder: \(path)/no is not a folder")
    #expect(
      sentence { _ = try ImageFolder(folder: path, split: .train) }
        == "folder: \(path) holds no folders; expected one folder of images per class")
    try folder.write([1], to: "cats/readme.txt")
    #expect(
      sentence { _ = try ImageFolder(folder: path, split: .train) }
        == "folder: \(path)/cats holds no .jpg, .jpeg or .png image")
    try folder.write(picture, to: "cats/a.png")
    #expect(
      sentence { _ = try ImageFolder(folder: path, split: .test) }
        == "folder: \(path) has fewer than 10 images in every class, too few for a test split")
    try folder.write(picture, to: "train/cats/a.png")
    #expect(
      sentence { _ = try ImageFolder(folder: path, split: .test) }
        == "folder: \(path) has a train folder but neither test nor val")
  }

  @Test func decodesOnceWithinTheBudget() throws {
    let folder = try FixtureFolder()
    for name in ["a", "b"] { try folder.write(picture, to: "one/\(name).png") }
    let images = try ImageFolder(folder: folder.path, split: .train, cacheLimit: 16 * 16 * 3)
    let first = try images.image(at: 0)
    _ = try images.image(at: 1)
    for path in images.paths { try FileManager.default.removeItem(atPath: path) }
    #expect(try images.image(at: 0) == first)
    #expect(sentence { _ = try images.image(at: 1) }?.contains("b.png: cannot be opened") == true)
  }
}

struct ShapesTests {
  @Test func picturesAreTheSameForEverybody() throws {
    let train = try Shapes(count: 80, split: .train)
    #expect(train.count == 80 && train.classNames.count == 8)
    let more = try Shapes(count: 160, split: .train)
    #expect((0..<80).allSatisfy { train.image(at: $0) == more.image(at: $0) })
    let test = try Shapes(count: 320, split: .test)
    #expect((0..<80).allSatisfy { train.image(at: $0) != test.image(at: $0) })
    #expect(Set(train.labels) == Set(0..<8))
  }

  /// Neither the mean colour nor the brightness tells the class.
  @Test func coloursSayNothing() throws {
    let images = try Shapes(count: 2000, split: .train)
    var sums = [[Double]](repeating: [0, 0, 0], count: 8)
    for index in 0..<images.count {
      let bytes = images.image(at: index).bytes
      for channel in 0..<3 {
        let total = stride(from: channel, to: bytes.count, by: 3).reduce(0) { $0 + Int(bytes[$1]) }
        sums[images.labels[index]][channel] += Double(total) / 1024 / 250
      }
    }
    for channel in 0..<3 {
      let means = sums.map { $0[channel] }
      #expect(means.max()! - means.min()! < 20, "channel \(channel): \(means)")
    }
  }
}

struct OpeningTests {
  @Test func namesWhatExists() {
    let list = "shapes, cifar10:FOLDER, folder:FOLDER"
    for (specification, expected) in [
      ("shape", "data set \"shape\" is unknown; did you mean shapes? There are \(list)"),
      ("CIFAR10:/x", "data set \"CIFAR10:/x\" is unknown; did you mean cifar10? There are \(list)"),
      ("imagenet", "data set \"imagenet\" is unknown; there are \(list)"),
      ("/tmp", "data set \"/tmp\" is unknown; for a folder of images write folder:/tmp; there are \(list)"),
      ("", "data set \"\" is unknown; there are \(list)"),
      ("folder", "folder: which folder? Write folder:FOLDER"),
      ("cifar10:", "cifar10: which folder? Write cifar10:FOLDER"),
      ("shapes:many", "shapes:many: \"many\" is not a number of images"),
      ("shapes:3", "shapes: 3 images, expected 40 to 1000000"),
      ("shapes:9999999999999999999", "shapes:9999999999999999999: \"9999999999999999999\" is not a number of images"),
    ] {
      #expect(sentence { _ = try ImageCollections.open(specification, split: .train) } == expected)
    }
  }
}
