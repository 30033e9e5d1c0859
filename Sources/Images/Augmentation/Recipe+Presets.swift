/// The recipes of the papers.
///
/// Values stay in 0 … 1 unless a normalisation is given: SimCLR has none, MoCo and BYOL use ImageNet's, and since the
/// first batch normalisation undoes most of the difference, what matters is that training and evaluation agree. Images
/// of up to 32 pixels are not blurred unless asked for, as in the papers' experiments on CIFAR-10.
extension Recipe {
  /// SimCLR's views. Chen et al., 2020, arXiv:2002.05709, appendix A.
  /// - Parameters:
  ///   - strength: of the colour distortion; nil for 0.5 up to 32 pixels (appendix B.9) and 1 above.
  ///   - blur: whether half of the views are blurred; nil for images above 32 pixels.
  ///   - smallestCrop: the least share of the image's area that a view shows.
  public static func simclr(
    size: Int, strength: Double? = nil, blur: Bool? = nil, smallestCrop: Double = 0.08, normalize: Normalize? = nil
  ) throws(ImageError) -> Recipe {
    let strength = strength ?? (size <= 32 ? 0.5 : 1)
    var steps: [any Augmentation] = [
      try RandomResizedCrop(size: size, scale: (smallestCrop, 1), interpolation: .bicubic),
      try HorizontalFlip(probability: 0.5),
      try ColorJitter(
        brightness: 0.8 * strength, contrast: 0.8 * strength, saturation: 0.8 * strength, hue: 0.2 * strength,
        probability: 0.8),
      try Grayscale(probability: 0.2),
    ]
    if blur ?? (size > 32) { steps.append(try paperBlur(size, probability: 0.5)) }
    return try Recipe(steps + list(normalize))
  }

  /// MoCo's first recipe, that of InstDisc: colour is always jittered. He et al., 2019, arXiv:1911.05722, section 3.3.
  public static func mocoV1(
    size: Int, smallestCrop: Double = 0.2, normalize: Normalize? = nil
  ) throws(ImageError) -> Recipe {
    try Recipe(
      [
        try RandomResizedCrop(size: size, scale: (smallestCrop, 1), interpolation: .bilinear),
        try Grayscale(probability: 0.2),
        try ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.4, probability: 1),
        try HorizontalFlip(probability: 0.5),
      ] + list(normalize))
  }

  /// MoCo's second recipe, with weaker hue and with blur. Chen et al., 2020, arXiv:2003.04297, section 3.
  public static func mocoV2(
    size: Int, blur: Bool? = nil, smallestCrop: Double = 0.2, normalize: Normalize? = nil
  ) throws(ImageError) -> Recipe {
    var steps: [any Augmentation] = [
      try RandomResizedCrop(size: size, scale: (smallestCrop, 1), interpolation: .bilinear),
      try ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1, probability: 0.8),
      try Grayscale(probability: 0.2),
    ]
    if blur ?? (size > 32) { steps.append(try paperBlur(size, probability: 0.5)) }
    steps.append(try HorizontalFlip(probability: 0.5))
    return try Recipe(steps + list(normalize))
  }

  /// One of BYOL's two views: the first is always blurred, the second seldom, but sometimes solarized.
  /// Grill et al., 2020, arXiv:2006.07733, appendix B, table 6.
  /// - Parameter view: 1 or 2.
  public static func byol(
    size: Int, view: Int, blur: Bool? = nil, smallestCrop: Double = 0.08, normalize: Normalize? = nil
  ) throws(ImageError) -> Recipe {
    guard view == 1 || view == 2 else { throw ImageError("byol: view \(view), expected 1 or 2") }
    var steps: [any Augmentation] = [
      try RandomResizedCrop(size: size, scale: (smallestCrop, 1), interpolation: .bicubic),
      try HorizontalFlip(probability: 0.5),
      try ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.2, hue: 0.1, probability: 0.8),
      try Grayscale(probability: 0.2),
    ]
    if blur ?? (size > 32) { steps.append(try paperBlur(size, probability: view == 1 ? 1 : 0.1)) }
    if view == 2 { steps.append(try Solarize(threshold: 128, probability: 0.2)) }
    return try Recipe(steps + list(normalize))
  }

  /// Nothing random: the image resampled and its middle cut out.
  ///
  /// Above 64 pixels the shorter side becomes 8/7 of the size first (256 for 224), as is usual for ImageNet; up to 64 it
  /// becomes the size itself, so that images that have it already stay as they are.
  public static func evaluation(size: Int, normalize: Normalize? = nil) throws(ImageError) -> Recipe {
    let resized = size > 64 ? (size * 8 + 3) / 7 : size
    return try Recipe(
      [try Resize(size: resized, interpolation: .bilinear), try CenterCrop(size: size)] + list(normalize))
  }

  private static func paperBlur(_ size: Int, probability: Double) throws(ImageError) -> GaussianBlur {
    try GaussianBlur(kernel: GaussianBlur.kernel(forSide: size), sigma: (0.1, 2), probability: probability)
  }

  private static func list(_ normalize: Normalize?) -> [any Augmentation] { normalize.map { [$0] } ?? [] }
}
