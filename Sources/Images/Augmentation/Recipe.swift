/// How to make a view of an image: steps in order, each applied to its share of the images.
public struct Recipe: Sendable, CustomStringConvertible {
  public let steps: [any Augmentation]

  /// - Throws: `ImageError` when `normalize` is not the last step, or there are more than 250 steps.
  public init(_ steps: [any Augmentation]) throws(ImageError) {
    if let position = steps.firstIndex(where: { $0 is Normalize }), position != steps.count - 1 {
      throw ImageError("recipe: normalize is step \(position + 1) of \(steps.count), expected it as the last one")
    }
    guard steps.count <= 250 else { throw ImageError("recipe: \(steps.count) steps, expected at most 250") }
    self.steps = steps
  }

  /// The size of the views of images of a size, or of any images (nil), where that is known.
  public func outputSize(of input: ImageSize?) -> ImageSize? {
    steps.reduce(input) { size, step in step.outputSize(of: size) }
  }

  /// Draws what to do with one image. A pure function of its arguments: no draw depends on another image's, nor a
  /// step's on another step's.
  /// - Parameters:
  ///   - size: of the image.
  ///   - seed: the run's.
  ///   - epoch: counted from 0.
  ///   - sample: the image's position in its data set, from 0.
  ///   - view: which of the image's views, from 0: below 256.
  /// - Throws: `ImageError` when a step cannot be applied to an image of this size.
  public func draw(
    for size: ImageSize, seed: UInt64, epoch: Int, sample: Int, view: Int
  ) throws(ImageError) -> [ImageOperation] {
    var operations: [ImageOperation] = []
    operations.reserveCapacity(steps.count + 4)
    var size = size
    for (position, step) in steps.enumerated() {
      try step.check(size)
      var draws = Draws(seed: seed, stream: epoch, sample: sample, purpose: view << 8 | position + 1)
      if step.probability < 1, !draws.chance(step.probability) { continue }
      step.draw(for: size, using: &draws, into: &operations)
      size = step.outputSize(of: size)!
    }
    return operations
  }

  /// The evaluation recipe that fits this one: the same normalisation, and views of `size`.
  public func evaluation(size: Int) throws(ImageError) -> Recipe {
    try .evaluation(size: size, normalize: steps.last as? Normalize)
  }

  public var description: String { steps.map(\.description).joined(separator: " → ") }
}
