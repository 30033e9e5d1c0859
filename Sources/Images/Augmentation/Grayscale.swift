/// Takes the colour away, for a share of the images: 0.2989 red + 0.587 green + 0.114 blue in all three channels.
public struct Grayscale: Augmentation {
  public let probability: Double

  /// - Throws: `ImageError` when the probability is outside 0 … 1.
  public init(probability: Double) throws(ImageError) {
    self.probability = try Check.probability(probability, "grayscale")
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.grayscale)
  }

  public var description: String { "grayscale(p \(probability))" }
}
