import Tensors

/// The data sets that can be opened by name.
public enum ImageCollections {
  /// How each kind is written, and what it is.
  public static let kinds: KeyValuePairs<String, String> = [
    "shapes": "drawn figures in eight classes, 32 × 32, nothing to download; shapes:COUNT for COUNT training images",
    "cifar10:FOLDER": "CIFAR-10 from the files of its binary version",
    "folder:FOLDER": "JPEG and PNG images, one folder per class",
  ]

  /// Opens a data set from its specification: `shapes`, `shapes:2000`, `cifar10:FOLDER` or `folder:FOLDER`.
  /// - Throws: `ImageError` naming what is wrong and what exists.
  public static func open(_ specification: String, split: Split) throws(ImageError) -> any ImageCollection {
    let parts = specification.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let argument = parts.count == 2 ? parts[1] : nil
    switch parts[0] {
    case "shapes": return try Shapes(count: try count(argument), split: split)
    case "cifar10": return try CIFAR10(folder: try folder(argument, of: "cifar10"), split: split)
    case "folder": return try ImageFolder(folder: try folder(argument, of: "folder"), split: split)
    default: throw unknown(specification, kind: parts[0])
    }
  }

  private static func count(_ argument: String?) throws(ImageError) -> Int {
    guard let argument else { return Shapes.defaultCount }
    guard let count = Int(argument) else {
      throw ImageError("shapes:\(argument): \"\(argument)\" is not a number of images")
    }
    return count
  }

  private static func folder(_ argument: String?, of kind: String) throws(ImageError) -> String {
    guard let argument, !argument.isEmpty else {
      throw ImageError("\(kind): which folder? Write \(kind):FOLDER")
    }
    return argument
  }

  private static func unknown(_ specification: String, kind: String) -> ImageError {
    let names = ["shapes", "cifar10", "folder"]
    let list = kinds.map(\.key).joined(separator: ", ")
    if let near = nearestName(to: kind.lowercased(), among: names) {
      return ImageError("data set \"\(specification)\" is unknown; did you mean \(near)? There are \(list)")
    }
    let hint = FileBytes.isFolder(specification) ? "; for a folder of images write folder:\(specification)" : ""
    return ImageError("data set \"\(specification)\" is unknown\(hint); there are \(list)")
  }
}
