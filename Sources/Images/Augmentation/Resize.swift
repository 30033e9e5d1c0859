/// Resamples so that the shorter side gets the given size; the ratio of the sides stays.
public struct Resize: Augmentation {
  public let size: Int
  public let interpolation: Interpolation

  /// - Throws: `ImageError` when the size makes no sense.
  public init(size: Int, interpolation: Interpolation) throws(ImageError) {
    self.size = try Check.side(size, "resize")
    self.interpolation = interpolation
  }

  public func outputSize(of input: ImageSize?) -> ImageSize? {
    guard let input else { return nil }
    // The longer side is cut off, not rounded, as torchvision does.
    return input.width <= input.height
      ? ImageSize(width: size, height: size * input.height / input.width)
      : ImageSize(width: size * input.width / input.height, height: size)
  }

  public func check(_ input: ImageSize) throws(ImageError) {
    _ = try outputSize(of: input)!.checked(name: "resize")
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    let output = outputSize(of: image)!
    if output == image { return }
    let whole = CropWindow(top: 0, left: 0, height: image.height, width: image.width)
    operations.append(.cropResize(whole, to: output, interpolation))
  }

  public var description: String { "resize(\(size), \(interpolation))" }
}
