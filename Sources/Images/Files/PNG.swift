internal import CPNG

/// PNG through libpng's simplified interface: every colour type and bit depth, as 8-bit RGB.
enum PNG {
  static func size(of bytes: [UInt8], name: String) throws(ImageError) -> ImageSize {
    try withReader(bytes, name: name) { reader throws(ImageError) in reader.size }
  }

  static func decode(_ bytes: [UInt8], name: String) throws(ImageError) -> Image {
    try withReader(bytes, name: name) { reader throws(ImageError) in try reader.decode() }
  }

  /// libpng keeps a pointer into the bytes while it reads.
  private static func withReader<Value>(
    _ bytes: [UInt8], name: String, _ body: (Reader) throws(ImageError) -> Value
  ) throws(ImageError) -> Value {
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(ImageError) in try body(Reader(buffer, name: name)) }
    }
    return try result.get()
  }

  /// Writes a picture as PNG bytes.
  static func encode(_ image: Image) throws(ImageError) -> [UInt8] {
    var header = png_image()
    header.version = png_uint_32(PNG_IMAGE_VERSION)
    header.width = png_uint_32(image.width)
    header.height = png_uint_32(image.height)
    header.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&header) }
    var count: png_alloc_size_t = 0
    guard png_image_write_to_memory(&header, nil, &count, 0, image.pointer, 0, nil) != 0 else {
      throw ImageError("png: \(message(header))")
    }
    var bytes = [UInt8](repeating: 0, count: count)
    guard png_image_write_to_memory(&header, &bytes, &count, 0, image.pointer, 0, nil) != 0 else {
      throw ImageError("png: \(message(header))")
    }
    return Array(bytes.prefix(count))
  }

  /// A picture being read. Its header lives at one address: libpng notes errors there.
  private final class Reader {
    private let header = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    private let name: String
    private(set) var size = ImageSize(0)

    init(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(ImageError) {
      self.name = name
      header.initialize(to: png_image())
      header.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
      guard png_image_begin_read_from_memory(header, bytes.baseAddress, bytes.count) != 0 else {
        throw ImageError("\(name): not a readable PNG image (\(PNG.message(header.pointee)))")
      }
      size = try ImageSize(width: Int(header.pointee.width), height: Int(header.pointee.height)).checked(name: name)
    }

    deinit {
      png_image_free(header)
      header.deallocate()
    }

    /// Reads with transparency and drops it, since libpng would blend it with a background. 16-bit values are taken
    /// as sRGB like 8-bit ones.
    func decode() throws(ImageError) -> Image {
      header.pointee.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      header.pointee.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      var values = [UInt8](repeating: 0, count: size.pixelCount * 4)
      guard png_image_finish_read(header, nil, &values, 0, nil) != 0 else {
        throw ImageError("\(name): the PNG image is cut short or damaged (\(PNG.message(header.pointee)))")
      }
      return Image(width: size.width, height: size.height) { pixels in
        for pixel in 0..<size.pixelCount {
          for channel in 0..<3 { pixels[pixel * 3 + channel] = values[pixel * 4 + channel] }
        }
      }
    }
  }

  fileprivate static func message(_ header: png_image) -> String {
    withUnsafeBytes(of: header.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
