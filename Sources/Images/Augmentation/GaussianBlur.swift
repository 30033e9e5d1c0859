internal import CKernels

/// Blurs with a Gaussian whose deviation is drawn uniformly, for a share of the images; edges are mirrored.
public struct GaussianBlur: Augmentation {
  /// The side of the square of pixels that each result depends on; odd.
  public let kernel: Int
  /// Deviation in pixels.
  public let sigma: ClosedRange<Double>
  public let probability: Double

  static let largestKernel = Int(CONTRAST_LARGEST_KERNEL.rawValue)

  /// - Throws: `ImageError` when the kernel is even or too large, sigma is not positive, or the probability makes no
  ///   sense.
  public init(kernel: Int, sigma: (Double, Double), probability: Double) throws(ImageError) {
    guard kernel % 2 == 1, (1...Self.largestKernel).contains(kernel) else {
      throw ImageError("gaussian_blur: kernel \(kernel), expected an odd number from 1 to \(Self.largestKernel)")
    }
    self.kernel = kernel
    self.sigma = try Check.range(sigma, "sigma", within: 0.01...1000, "gaussian_blur")
    self.probability = try Check.probability(probability, "gaussian_blur")
  }

  /// A tenth of the image's side, made odd: 23 pixels at 224. Chen et al., 2020, arXiv:2002.05709, appendix A.
  public static func kernel(forSide side: Int) -> Int { max(3, side / 10 | 1) }

  public func check(_ size: ImageSize) throws(ImageError) {
    guard kernel / 2 < min(size.width, size.height) else {
      throw ImageError(
        "gaussian_blur: a kernel of \(kernel) needs images of at least \(kernel / 2 + 1) pixels, not \(size)")
    }
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.blur(kernel: kernel, sigma: draws.uniform(sigma)))
  }

  public var description: String {
    "gaussian_blur(kernel \(kernel), sigma \(sigma.lowerBound) to \(sigma.upperBound), p \(probability))"
  }
}
