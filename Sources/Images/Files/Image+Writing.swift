import Glibc

extension Image {
  /// Writes a PNG file, or a JPEG of quality 95 where the name ends in .jpg or .jpeg.
  /// - Throws: `ImageError` naming the path when it cannot be written.
  public func write(to path: String) throws(ImageError) {
    let isJPEG = path.hasSuffix(".jpg") || path.hasSuffix(".jpeg")
    let bytes = isJPEG ? try JPEG.encode(self, quality: 95) : try PNG.encode(self)
    guard let file = fopen(path, "wbe") else {
      throw ImageError("\(path): cannot be written (\(String(cString: strerror(errno))))")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw ImageError("\(path): cannot be written (\(String(cString: strerror(errno))))")
    }
  }
}
