internal import CJPEG

/// JPEG through libjpeg-turbo: the accurate integer transform and smooth chroma upsampling, as Pillow decodes.
enum JPEG {
  static func size(of bytes: [UInt8], name: String) throws(ImageError) -> ImageSize {
    let decoder = try Decoder(name: name)
    return try decoder.header(of: bytes).size
  }

  static func decode(_ bytes: [UInt8], name: String) throws(ImageError) -> Image {
    let decoder = try Decoder(name: name)
    let (size, isCMYK) = try decoder.header(of: bytes)
    if isCMYK { return try decodeCMYK(bytes, size, decoder) }
    var failure: ImageError?
    let image = Image(width: size.width, height: size.height) { pixels in
      failure = decoder.decompress(bytes, size, TJPF_RGB, into: pixels.baseAddress!)
    }
    if let failure { throw failure }
    return image
  }

  /// Writes a picture as JPEG bytes of the given quality (1 … 100), with chroma at half resolution.
  static func encode(_ image: Image, quality: Int) throws(ImageError) -> [UInt8] {
    let handle = tjInitCompress()
    defer { tjDestroy(handle) }
    var output: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    defer { tjFree(output) }
    let status = tjCompress2(
      handle, image.pointer, Int32(image.width), 0, Int32(image.height), Int32(TJPF_RGB.rawValue), &output, &count,
      Int32(TJSAMP_420.rawValue), Int32(quality), 0)
    guard status == 0, let output else { throw ImageError("jpeg: \(String(cString: tjGetErrorStr2(handle)))") }
    return Array(UnsafeBufferPointer(start: output, count: Int(count)))
  }

  /// CMYK files store inverted inks, as Adobe's programs write and Pillow assumes: red = C · K / 255, and so on.
  private static func decodeCMYK(_ bytes: [UInt8], _ size: ImageSize, _ decoder: Decoder) throws(ImageError) -> Image {
    var inks = [UInt8](repeating: 0, count: size.pixelCount * 4)
    let failure = inks.withUnsafeMutableBufferPointer {
      decoder.decompress(bytes, size, TJPF_CMYK, into: $0.baseAddress!)
    }
    if let failure { throw failure }
    return Image(width: size.width, height: size.height) { pixels in
      for pixel in 0..<size.pixelCount {
        let black = Int(inks[pixel * 4 + 3])
        for channel in 0..<3 {
          pixels[pixel * 3 + channel] = UInt8((Int(inks[pixel * 4 + channel]) * black + 127) / 255)
        }
      }
    }
  }

  private final class Decoder {
    private let handle: tjhandle
    private let name: String

    init(name: String) throws(ImageError) {
      guard let handle = tjInitDecompress() else { throw ImageError("\(name): no memory for a JPEG decoder") }
      (self.handle, self.name) = (handle, name)
    }

    deinit { tjDestroy(handle) }

    func header(of bytes: [UInt8]) throws(ImageError) -> (size: ImageSize, isCMYK: Bool) {
      var (width, height, subsampling, colors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
      let status = tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colors)
      guard status == 0 || isHarmless else { throw damaged }
      guard width > 0, height > 0 else { throw ImageError("\(name): not a readable JPEG image (no picture in it)") }
      let size = try ImageSize(width: Int(width), height: Int(height)).checked(name: name)
      return (size, colors == TJCS_CMYK.rawValue || colors == TJCS_YCCK.rawValue)
    }

    func decompress(
      _ bytes: [UInt8], _ size: ImageSize, _ format: TJPF, into pixels: UnsafeMutablePointer<UInt8>
    ) -> ImageError? {
      let status = tjDecompress2(
        handle, bytes, UInt(bytes.count), pixels, Int32(size.width), 0, Int32(size.height), Int32(format.rawValue),
        Int32(TJFLAG_ACCURATEDCT))
      return status == 0 || isHarmless ? nil : damaged
    }

    private var reason: String { String(cString: tjGetErrorStr2(handle)) }

    /// Whether the last failure is a warning about an odd but complete file, which Pillow accepts too. The library's
    /// error code does not tell: it stays "warning" when an error follows one. Its text is that of the error.
    private var isHarmless: Bool {
      let reason = reason
      return ["extraneous bytes before marker", "unknown JFIF revision", "Unknown Adobe color transform"]
        .contains { reason.contains($0) }
    }

    private var damaged: ImageError {
      let reason = reason
      return reason.contains("remature end")
        ? ImageError("\(name): the JPEG image is cut short or damaged (\(reason))")
        : ImageError("\(name): not a readable JPEG image (\(reason))")
    }
  }
}
