/// Inverts the values from a threshold on, for a share of the images.
/// Grill et al., 2020 (BYOL), arXiv:2006.07733, appendix B.
public struct Solarize: Augmentation {
  /// Of values from 0 to 255.
  public let threshold: Double
  public let probability: Double

  /// - Throws: `ImageError` when the threshold is outside 0 … 255 or the probability outside 0 … 1.
  public init(threshold: Double, probability: Double) throws(ImageError) {
    guard threshold >= 0, threshold <= 255 else {
      throw ImageError("solarize: threshold \(threshold), expected 0 to 255")
    }
    self.threshold = threshold
    self.probability = try Check.probability(probability, "solarize")
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.solarize(threshold: threshold))
  }

  public var description: String { "solarize(threshold \(threshold), p \(probability))" }
}
