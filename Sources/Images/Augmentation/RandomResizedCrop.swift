import Glibc

/// Cuts a random part of the image out and resamples it to a square.
///
/// The part's area is drawn uniformly from `scale` (as a share of the image's), its ratio of width to height
/// log-uniformly from `ratio`. After ten parts that do not fit, the largest central part with an allowed ratio is
/// taken. Szegedy et al., 2015, arXiv:1409.4842, section 6; as torchvision's RandomResizedCrop.
public struct RandomResizedCrop: Augmentation {
  public let size: Int
  public let scale, ratio: ClosedRange<Double>
  public let interpolation: Interpolation

  /// - Throws: `ImageError` when the size, the scale (0 … 1) or the ratio makes no sense.
  public init(
    size: Int, scale: (Double, Double), ratio: (Double, Double) = (3.0 / 4, 4.0 / 3), interpolation: Interpolation
  ) throws(ImageError) {
    self.size = try Check.side(size, "random_resized_crop")
    self.scale = try Check.range(scale, "scale", within: 0...1, "random_resized_crop")
    self.ratio = try Check.range(ratio, "ratio", within: 0.01...100, "random_resized_crop")
    self.interpolation = interpolation
  }

  public func outputSize(of input: ImageSize?) -> ImageSize? { ImageSize(size) }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.cropResize(window(in: image, using: &draws), to: ImageSize(size), interpolation))
  }

  func window(in image: ImageSize, using draws: inout Draws) -> CropWindow {
    for _ in 0..<10 {
      let area = Double(image.pixelCount) * draws.uniform(scale)
      let ratio = exp(draws.uniform(log(ratio.lowerBound), log(ratio.upperBound)))
      let width = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
      let height = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
      guard width > 0, height > 0, width <= image.width, height <= image.height else { continue }
      let top = draws.integer(below: image.height - height + 1)
      return CropWindow(top: top, left: draws.integer(below: image.width - width + 1), height: height, width: width)
    }
    return fallback(in: image)
  }

  /// The whole image, or the central part of it that brings its ratio into the allowed range.
  func fallback(in image: ImageSize) -> CropWindow {
    var (width, height) = (image.width, image.height)
    let imageRatio = Double(width) / Double(height)
    if imageRatio < ratio.lowerBound {
      height = Int((Double(width) / ratio.lowerBound).rounded(.toNearestOrEven))
    } else if imageRatio > ratio.upperBound {
      width = Int((Double(height) * ratio.upperBound).rounded(.toNearestOrEven))
    }
    (width, height) = (max(1, width), max(1, height))
    return CropWindow(top: (image.height - height) / 2, left: (image.width - width) / 2, height: height, width: width)
  }

  public var description: String {
    "random_resized_crop(\(size), scale \(scale.lowerBound) to \(scale.upperBound), \(interpolation))"
  }
}
