extension Image {
  /// Reads a JPEG or PNG file as 8-bit RGB, whatever its name ends in.
  ///
  /// Grey is repeated in the three channels, transparency is dropped (not blended), CMYK is converted, as Pillow's
  /// `convert("RGB")` does; an EXIF orientation is ignored, as torchvision's loader does.
  /// - Throws: `ImageError` naming the file when it is missing, neither JPEG nor PNG, damaged, cut short or too large.
  public init(contentsOf path: String) throws(ImageError) {
    try self.init(decoding: try FileBytes.read(path), name: path)
  }

  /// Decodes the bytes of a JPEG or PNG file; `name` stands in front of error messages.
  public init(decoding bytes: [UInt8], name: String) throws(ImageError) {
    switch ImageFormat(bytes) {
    case .jpeg: self = try JPEG.decode(bytes, name: name)
    case .png: self = try PNG.decode(bytes, name: name)
    case nil:
      throw ImageError("\(name): \(bytes.isEmpty ? "the file is empty" : "neither a JPEG nor a PNG image")")
    }
  }

  /// The size that the header of a JPEG or PNG file states, without decoding it.
  static func headerSize(of path: String) throws(ImageError) -> ImageSize {
    let bytes = try FileBytes.read(path)
    switch ImageFormat(bytes) {
    case .jpeg: return try JPEG.size(of: bytes, name: path)
    case .png: return try PNG.size(of: bytes, name: path)
    case nil: throw ImageError("\(path): neither a JPEG nor a PNG image")
    }
  }
}

/// Which decoder a file needs, told by its first bytes: names lie.
enum ImageFormat {
  case jpeg, png

  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else {
      return nil
    }
  }
}

extension ImageSize {
  /// Refuses what no sensible picture has, before memory is taken for it.
  func checked(name: String) throws(ImageError) -> ImageSize {
    guard width > 0, height > 0 else { throw ImageError("\(name): the header states a size of \(self)") }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= Image.largestPixelCount else {
      throw ImageError(
        "\(name): the header states \(self) pixels, more than the \(Image.largestPixelCount) that are read")
    }
    return self
  }
}
