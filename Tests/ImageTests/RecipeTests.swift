import Testing

@testable import Images

struct RecipeTests {
  private func draws(_ sample: Int) -> Draws { Draws(seed: 5, stream: 0, sample: sample, purpose: 1) }

  @Test func cropsLieInsideAndFollowTheirDistribution() throws {
    let crop = try RandomResizedCrop(size: 32, scale: (0.2, 1), interpolation: .bilinear)
    let image = ImageSize(width: 120, height: 90)
    var (area, ratio, centerX, count) = (0.0, 0.0, 0.0, 0.0)
    for sample in 0..<20_000 {
      var draws = draws(sample)
      let window = crop.window(in: image, using: &draws)
      #expect(window.top >= 0 && window.left >= 0 && window.top + window.height <= 90)
      #expect(window.left + window.width <= 120)
      let share = Double(window.width * window.height) / Double(image.pixelCount)
      #expect(share > 0.19 && share <= 1.0)
      area += share
      ratio += Double(window.width) / Double(window.height)
      centerX += Double(window.left) + Double(window.width) / 2
      count += 1
    }
    // torchvision, 50,000 draws of RandomResizedCrop.get_params for 120 × 90, scale .2 to 1: mean share 0.4991, mean
    // ratio 1.0522, mean centre 59.95. (The share's mean is below 0.6 since large parts seldom fit.)
    #expect(abs(area / count - 0.4991) < 0.006)
    #expect(abs(ratio / count - 1.0522) < 0.006)
    #expect(abs(centerX / count - 60) < 0.4)
  }

  @Test func cropsFallBackToTheMiddle() throws {
    let crop = try RandomResizedCrop(size: 8, scale: (1, 1), interpolation: .bilinear)
    var draws = draws(0)
    #expect(
      crop.window(in: ImageSize(width: 300, height: 30), using: &draws)
        == CropWindow(top: 0, left: 130, height: 30, width: 40))
    #expect(
      crop.fallback(in: ImageSize(width: 30, height: 300)) == CropWindow(top: 130, left: 0, height: 40, width: 30))
    #expect(crop.fallback(in: ImageSize(width: 1, height: 1)) == CropWindow(top: 0, left: 0, height: 1, width: 1))
  }

  @Test func jitterDrawsEveryOrderAndTheWholeRange() throws {
    let jitter = try ColorJitter(brightness: 0.4, contrast: 0.3, saturation: 2, hue: 0.1, probability: 1)
    var orders: [String: Int] = [:]
    var hues: [Double] = []
    var saturations: [Double] = []
    for sample in 0..<4800 {
      var (draws, operations) = (draws(sample), [ImageOperation]())
      jitter.draw(for: ImageSize(32), using: &draws, into: &operations)
      #expect(operations.count == 4)
      orders[operations.map { String("\($0)".prefix(3)) }.joined(), default: 0] += 1
      for case .hue(let turn) in operations { hues.append(turn) }
      for case .saturation(let factor) in operations { saturations.append(factor) }
    }
    // 4800 draws of 24 orders: 200 each, with a standard deviation of 14.
    #expect(orders.count == 24)
    #expect(orders.values.allSatisfy { (130...270).contains($0) })
    #expect(hues.allSatisfy { abs($0) <= 0.1 } && hues.max()! > 0.099 && hues.min()! < -0.099)
    // 1 − 2 is below 0: from 0 to 3.
    #expect(saturations.allSatisfy { $0 >= 0 && $0 < 3 } && saturations.min()! < 0.01)
    #expect(abs(saturations.reduce(0, +) / 4800 - 1.5) < 0.05)
  }

  @Test func stepsAreAppliedToTheirShareOfTheImages() throws {
    let recipe = try Recipe.byol(size: 224, view: 2)
    var counts: [String: Int] = [:]
    for sample in 0..<10_000 {
      for operation in try recipe.draw(for: ImageSize(256), seed: 1, epoch: 0, sample: sample, view: 1) {
        counts[String("\(operation)".prefix { $0 != "(" }), default: 0] += 1
      }
    }
    for (name, share) in ["flip": 0.5, "hue": 0.8, "grayscale": 0.2, "blur": 0.1, "solarize": 0.2, "cropResize": 1] {
      #expect(abs(Double(counts[name] ?? 0) / 10_000 - share) < 0.02, "\(name): \(counts[name] ?? 0)")
    }
  }

  @Test func drawsDependOnNothingButTheirKey() throws {
    let recipe = try Recipe.simclr(size: 32)
    let size = ImageSize(40)
    let first = try recipe.draw(for: size, seed: 7, epoch: 3, sample: 11, view: 0)
    _ = try recipe.draw(for: size, seed: 7, epoch: 3, sample: 10, view: 0)
    #expect(try recipe.draw(for: size, seed: 7, epoch: 3, sample: 11, view: 0) == first)
    for (seed, epoch, sample, view) in [(8, 3, 11, 0), (7, 4, 11, 0), (7, 3, 12, 0), (7, 3, 11, 1)] {
      #expect(try recipe.draw(for: size, seed: UInt64(seed), epoch: epoch, sample: sample, view: view) != first)
    }
    // A step more at the end leaves the draws of those before it alone.
    let longer = try Recipe(recipe.steps + [try Solarize(threshold: 128, probability: 1)])
    #expect(try longer.draw(for: size, seed: 7, epoch: 3, sample: 11, view: 0).dropLast() == first[...])
  }

  @Test func presetsAreThePapers() throws {
    #expect(
      try Recipe.simclr(size: 32).description == "random_resized_crop(32, scale 0.08 to 1.0, bicubic) → "
        + "horizontal_flip(p 0.5) → color_jitter(brightness 0.4, contrast 0.4, saturation 0.4, hue 0.1, p 0.8) → "
        + "grayscale(p 0.2)")
    #expect(
      try Recipe.byol(size: 224, view: 1).description == "random_resized_crop(224, scale 0.08 to 1.0, bicubic) → "
        + "horizontal_flip(p 0.5) → color_jitter(brightness 0.4, contrast 0.4, saturation 0.2, hue 0.1, p 0.8) → "
        + "grayscale(p 0.2) → gaussian_blur(kernel 23, sigma 0.1 to 2.0, p 1.0)")
    #expect(
      try Recipe.mocoV1(size: 32, normalize: .imagenet).steps.map { $0.description.prefix { $0 != "(" } }
        == ["random_resized_crop", "grayscale", "color_jitter", "horizontal_flip", "normalize"])
    #expect(try Recipe.mocoV2(size: 96).steps.contains { $0 is GaussianBlur })
    #expect(try !Recipe.mocoV2(size: 32).steps.contains { $0 is GaussianBlur })
    #expect(try Recipe.mocoV2(size: 32, blur: true).steps.contains { $0 is GaussianBlur })
  }

  @Test func evaluationLeavesImagesOfTheRightSizeAlone() throws {
    let recipe = try Recipe.simclr(size: 32, normalize: .cifar10).evaluation(size: 32)
    #expect(recipe.steps.last as? Normalize == .cifar10)
    let operations = try recipe.draw(for: ImageSize(32), seed: 0, epoch: 0, sample: 0, view: 0)
    #expect(operations.count == 1)
    let large = try Recipe.evaluation(size: 224)
    #expect(
      try large.draw(for: ImageSize(width: 500, height: 375), seed: 0, epoch: 0, sample: 0, view: 0) == [
        .cropResize(
          CropWindow(top: 0, left: 0, height: 375, width: 500), to: ImageSize(width: 341, height: 256), .bilinear),
        .cropResize(CropWindow(top: 16, left: 58, height: 224, width: 224), to: ImageSize(224), .bilinear),
      ])
  }

  @Test func mistakesAreNamed() throws {
    #expect(
      sentence { _ = try RandomResizedCrop(size: 0, scale: (0.1, 1), interpolation: .bilinear) }
        == "random_resized_crop: size 0, expected 1 to 4096 pixels")
    #expect(
      sentence { _ = try RandomResizedCrop(size: 8, scale: (0.9, .nan), interpolation: .bilinear) }
        == "random_resized_crop: scale 0.9 to nan, expected a rising range in 0.0 to 1.0")
    #expect(
      sentence { _ = try ColorJitter(brightness: 0.4, contrast: -1, saturation: 0, hue: 0, probability: 1) }
        == "color_jitter: contrast -1.0, expected 0 to 100")
    #expect(
      sentence { _ = try ColorJitter(brightness: 0, contrast: 0, saturation: 0, hue: 0.6, probability: 1) }
        == "color_jitter: hue 0.6, expected 0 to 0.5")
    #expect(
      sentence { _ = try GaussianBlur(kernel: 4, sigma: (1, 2), probability: 1) }
        == "gaussian_blur: kernel 4, expected an odd number from 1 to 1023")
    #expect(sentence { _ = try Grayscale(probability: 1.5) } == "grayscale: probability 1.5, expected 0 to 1")
    #expect(
      sentence { _ = try Recipe([Normalize.imagenet, try HorizontalFlip(probability: 0.5)]) }
        == "recipe: normalize is step 1 of 2, expected it as the last one")
    #expect(
      sentence { _ = try Normalize(mean: [0], deviation: [1]) }
        == "normalize: 1 means and 1 deviations, expected 3 of each")
    let blur = try Recipe([try GaussianBlur(kernel: 23, sigma: (1, 2), probability: 1)])
    #expect(
      sentence { _ = try blur.draw(for: ImageSize(8), seed: 0, epoch: 0, sample: 0, view: 0) }
        == "gaussian_blur: a kernel of 23 needs images of at least 12 pixels, not 8 × 8")
    let crop = try Recipe([try CenterCrop(size: 32)])
    #expect(
      sentence { _ = try crop.draw(for: ImageSize(width: 40, height: 20), seed: 0, epoch: 0, sample: 0, view: 0) }
        == "center_crop: 32 × 32 from an image of 40 × 20; resize it first")
    #expect(sentence { _ = try Recipe.byol(size: 32, view: 3) } == "byol: view 3, expected 1 or 2")
  }
}
