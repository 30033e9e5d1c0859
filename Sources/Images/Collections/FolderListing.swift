/// What a folder of class folders holds, and which of it belongs to a split.
struct FolderListing {
  private(set) var classNames: [String] = []
  private(set) var labels: [Int] = []
  private(set) var paths: [String] = []
  /// Where the split comes from, in words.
  let origin: String

  /// Every tenth image is a test image where the folder does not say.
  static let testInterval = 10

  init(_ folder: String, split: Split) throws(ImageError) {
    guard FileBytes.isFolder(folder) else { throw ImageError("folder: \(folder) is not a folder") }
    let root: String
    let isDivided: Bool
    (root, isDivided, origin) = try Self.location(of: split, in: folder)
    classNames = (FileBytes.names(in: root) ?? []).filter { FileBytes.isFolder("\(root)/\($0)") }
    guard !classNames.isEmpty else {
      throw ImageError("folder: \(root) holds no folders; expected one folder of images per class")
    }
    for (label, className) in classNames.enumerated() {
      let images = Self.images(below: "\(root)/\(className)")
      guard !images.isEmpty else {
        throw ImageError("folder: \(root)/\(className) holds no .jpg, .jpeg or .png image")
      }
      let chosen = isDivided ? images : Self.divided(images, split)
      paths += chosen
      labels += repeatElement(label, count: chosen.count)
    }
    guard !paths.isEmpty else {
      throw ImageError(
        "folder: \(root) has fewer than \(Self.testInterval) images in every class, too few for a test split")
    }
  }

  private static func location(
    of split: Split, in folder: String
  ) throws(ImageError) -> (root: String, isDivided: Bool, origin: String) {
    guard FileBytes.isFolder("\(folder)/train") else {
      let part = (split == .test ? "" : "all but ") + "every \(testInterval)th image of a class"
      return (folder, false, "\(part), since there is no train folder")
    }
    for name in split == .train ? ["train"] : ["test", "val"] where FileBytes.isFolder("\(folder)/\(name)") {
      return ("\(folder)/\(name)", true, "from its \(name) folder")
    }
    throw ImageError("folder: \(folder) has a train folder but neither test nor val")
  }

  private static func divided(_ images: [String], _ split: Split) -> [String] {
    images.enumerated().filter { ($0.offset % testInterval == testInterval - 1) == (split == .test) }.map(\.element)
  }

  /// Image files at any depth, in the order of their paths.
  private static func images(below folder: String, depth: Int = 0) -> [String] {
    guard depth < 16, let names = FileBytes.names(in: folder) else { return [] }
    return names.flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if isImageName(name) { return [path] }
      return FileBytes.isFolder(path) ? images(below: path, depth: depth + 1) : []
    }
  }

  private static func isImageName(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".jpg", ".jpeg", ".png"].contains { name.hasSuffix($0) }
  }
}
