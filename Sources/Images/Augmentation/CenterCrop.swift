/// Cuts the square in the middle out.
public struct CenterCrop: Augmentation {
  public let size: Int

  /// - Throws: `ImageError` when the size makes no sense.
  public init(size: Int) throws(ImageError) { self.size = try Check.side(size, "center_crop") }

  public func outputSize(of input: ImageSize?) -> ImageSize? { ImageSize(size) }

  public func check(_ input: ImageSize) throws(ImageError) {
    guard size <= input.width, size <= input.height else {
      throw ImageError("center_crop: \(size) × \(size) from an image of \(input); resize it first")
    }
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    if image == ImageSize(size) { return }
    let top = Int((Double(image.height - size) / 2).rounded(.toNearestOrEven))
    let left = Int((Double(image.width - size) / 2).rounded(.toNearestOrEven))
    let window = CropWindow(top: top, left: left, height: size, width: size)
    operations.append(.cropResize(window, to: ImageSize(size), .bilinear))
  }

  public var description: String { "center_crop(\(size))" }
}
