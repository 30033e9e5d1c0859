/// A step of a recipe: a value that says how to draw an operation for an image, and draws it.
///
/// Drawing and applying are two stages. Drawing is cheap and happens in order on one thread; applying is a function of
/// the image and the drawn operations, and happens for many images at once.
public protocol Augmentation: Sendable, CustomStringConvertible {
  /// The share of the images that the step is applied to. 1 for steps that determine the size.
  var probability: Double { get }

  /// The size that an image has after the step, where that is known; nil as input stands for any size.
  func outputSize(of input: ImageSize?) -> ImageSize?

  /// - Throws: `ImageError` when the step cannot be applied to images of this size.
  func check(_ size: ImageSize) throws(ImageError)

  /// Appends what to do with an image of the given size.
  func draw(for size: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation])
}

extension Augmentation {
  public var probability: Double { 1 }
  public func outputSize(of input: ImageSize?) -> ImageSize? { input }
  public func check(_ size: ImageSize) throws(ImageError) {}
}

/// What to do to one image, with every parameter fixed.
public enum ImageOperation: Hashable, Sendable {
  /// Cuts out a window and resamples it.
  case cropResize(CropWindow, to: ImageSize, Interpolation)
  case flip
  case brightness(Double), contrast(Double), saturation(Double)
  /// Part of a full circle: −0.5 … 0.5.
  case hue(Double)
  case grayscale
  /// `kernel` × `kernel` pixels (odd); `sigma` in pixels.
  case blur(kernel: Int, sigma: Double)
  /// Inverts values of 0 … 255 from the threshold on.
  case solarize(threshold: Double)
  /// The last operation: from 0 … 1 to (x − mean) / deviation, for each channel.
  case normalize(mean: SIMD3<Double>, deviation: SIMD3<Double>)
}

/// Part of an image, in pixels from its upper left corner.
public struct CropWindow: Hashable, Sendable {
  public var top, left, height, width: Int
  public init(top: Int, left: Int, height: Int, width: Int) {
    (self.top, self.left, self.height, self.width) = (top, left, height, width)
  }
}

/// How pixels between pixels are computed. Both filters widen when an image is made smaller (antialiasing).
public enum Interpolation: String, Sendable, CaseIterable {
  case bilinear, bicubic
}

/// Checks of what a script passes to a step; each throws a sentence that begins with the step's name.
enum Check {
  static func side(_ size: Int, _ step: String) throws(ImageError) -> Int {
    guard (1...4096).contains(size) else { throw ImageError("\(step): size \(size), expected 1 to 4096 pixels") }
    return size
  }

  static func probability(_ probability: Double, _ step: String) throws(ImageError) -> Double {
    guard probability >= 0, probability <= 1 else {
      throw ImageError("\(step): probability \(probability), expected 0 to 1")
    }
    return probability
  }

  static func range(
    _ range: (Double, Double), _ what: String, within limits: ClosedRange<Double>, _ step: String
  ) throws(ImageError) -> ClosedRange<Double> {
    guard range.0 <= range.1, limits.contains(range.0), limits.contains(range.1) else {
      throw ImageError(
        "\(step): \(what) \(range.0) to \(range.1), expected a rising range in "
          + "\(limits.lowerBound) to \(limits.upperBound)")
    }
    return range.0...range.1
  }
}
