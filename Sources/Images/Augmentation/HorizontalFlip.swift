/// Mirrors left and right, for a share of the images.
public struct HorizontalFlip: Augmentation {
  public let probability: Double

  /// - Throws: `ImageError` when the probability is outside 0 … 1.
  public init(probability: Double) throws(ImageError) {
    self.probability = try Check.probability(probability, "horizontal_flip")
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.flip)
  }

  public var description: String { "horizontal_flip(p \(probability))" }
}
