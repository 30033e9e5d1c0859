internal import CKernels

/// A picture of 8-bit red, green and blue values: row by row, the three channels of a pixel next to each other.
///
/// A value that costs no copy: many images may share one block of pixels, as the images of a data set in memory do.
public struct Image: Sendable {
  /// The most pixels a picture may have. A file whose header claims more is refused before memory is taken for it.
  public static let largestPixelCount = 100_000_000

  public let size: ImageSize
  let storage: PixelStorage
  let offset: Int

  public var width: Int { size.width }
  public var height: Int { size.height }
  /// Bytes the pixels take: width · height · 3.
  public var byteCount: Int { size.pixelCount * 3 }

  /// A view of part of a block of pixels.
  init(size: ImageSize, storage: PixelStorage, offset: Int) {
    precondition(
      offset >= 0 && offset + size.pixelCount * 3 <= storage.byteCount,
      "Image: \(size) at byte \(offset) of \(storage.byteCount)")
    (self.size, self.storage, self.offset) = (size, storage, offset)
  }

  /// A new picture whose bytes `fill` writes; they are uninitialised before.
  /// - Throws: what `fill` throws.
  public init(width: Int, height: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
    let size = ImageSize(width: width, height: height)
    self.init(size: size, storage: try PixelStorage(byteCount: size.pixelCount * 3, fill: fill), offset: 0)
  }

  /// A picture from width · height · 3 bytes.
  /// - Throws: `ImageError` when the count of bytes is another.
  public init(width: Int, height: Int, bytes: [UInt8]) throws {
    guard width > 0, height > 0, bytes.count == width * height * 3 else {
      throw ImageError("image: \(bytes.count) bytes, expected \(width) × \(height) × 3")
    }
    self.init(width: width, height: height) { _ = $0.initialize(from: bytes) }
  }

  /// The address of the first byte. Valid only while the image is alive: keep it in a named constant.
  var pointer: UnsafePointer<UInt8> { storage.pointer + offset }

  /// A copy of the bytes.
  public var bytes: [UInt8] {
    withExtendedLifetime(storage) { Array(UnsafeBufferPointer(start: pointer, count: byteCount)) }
  }

  /// The red, green and blue values of the pixel in column `x` of row `y`, both 0-based.
  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "Image: pixel (\(x), \(y)) of \(size)")
    return withExtendedLifetime(storage) {
      let pixel = pointer + (y * width + x) * 3
      return (pixel[0], pixel[1], pixel[2])
    }
  }
}

extension Image: Equatable {
  public static func == (first: Image, second: Image) -> Bool {
    first.size == second.size && first.bytes == second.bytes
  }
}

/// Width and height in pixels.
public struct ImageSize: Hashable, Sendable, CustomStringConvertible {
  public var width, height: Int
  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  /// A square.
  public init(_ side: Int) { self.init(width: side, height: side) }
  public var pixelCount: Int { width * height }
  public var description: String { "\(width) × \(height)" }
}

/// A block of bytes that is written once, while it is made, and only read afterwards: safe to share between threads.
final class PixelStorage: @unchecked Sendable {
  let pointer: UnsafePointer<UInt8>
  let byteCount: Int

  init(byteCount: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
    // The kernels load whole vectors, also at the end of the last row.
    let padding = Int(CONTRAST_PIXEL_PADDING.rawValue)
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: byteCount + padding)
    (bytes + byteCount).initialize(repeating: 0, count: padding)
    do { try fill(UnsafeMutableBufferPointer(start: bytes, count: byteCount)) } catch {
      bytes.deallocate()
      throw error
    }
    (pointer, self.byteCount) = (UnsafePointer(bytes), byteCount)
  }

  deinit { pointer.deallocate() }
}
