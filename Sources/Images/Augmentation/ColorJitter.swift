/// Changes brightness, contrast, saturation and hue by random factors, in random order.
///
/// The first three factors are drawn from max(0, 1 − x) … 1 + x, the turn of the hue from −x … x of a full circle; an x
/// of 0 leaves its step out. As torchvision's ColorJitter; Chen et al., 2020 (SimCLR), arXiv:2002.05709, appendix A.
public struct ColorJitter: Augmentation {
  public let brightness, contrast, saturation, hue: Double
  public let probability: Double

  /// - Throws: `ImageError` when a strength is negative, the hue is above 0.5, or the probability is outside 0 … 1.
  public init(
    brightness: Double, contrast: Double, saturation: Double, hue: Double, probability: Double
  ) throws(ImageError) {
    for (name, strength) in [("brightness", brightness), ("contrast", contrast), ("saturation", saturation)] {
      guard strength >= 0, strength <= 100 else {
        throw ImageError("color_jitter: \(name) \(strength), expected 0 to 100")
      }
    }
    guard hue >= 0, hue <= 0.5 else { throw ImageError("color_jitter: hue \(hue), expected 0 to 0.5") }
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
    self.probability = try Check.probability(probability, "color_jitter")
  }

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    var order = SIMD4(0, 1, 2, 3)
    for last in [3, 2, 1] {
      let other = draws.integer(below: last + 1)
      (order[last], order[other]) = (order[other], order[last])
    }
    // All four are drawn whatever the order, so that each depends on nothing else.
    let brightnessFactor = draws.uniform(max(0, 1 - brightness), 1 + brightness)
    let contrastFactor = draws.uniform(max(0, 1 - contrast), 1 + contrast)
    let saturationFactor = draws.uniform(max(0, 1 - saturation), 1 + saturation)
    let turn = draws.uniform(-hue, hue)
    for position in 0..<4 {
      switch order[position] {
      case 0 where brightness > 0: operations.append(.brightness(brightnessFactor))
      case 1 where contrast > 0: operations.append(.contrast(contrastFactor))
      case 2 where saturation > 0: operations.append(.saturation(saturationFactor))
      case 3 where hue > 0: operations.append(.hue(turn))
      default: break
      }
    }
  }

  public var description: String {
    "color_jitter(brightness \(brightness), contrast \(contrast), saturation \(saturation), hue \(hue), "
      + "p \(probability))"
  }
}
