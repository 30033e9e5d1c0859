import Images
import LuaBridge
import Tensors

/// A recipe in a script's hands.
final class RecipeObject: LuaObject {
  static var luaName: String { "Recipe" }
  let recipe: Recipe

  init(_ recipe: Recipe) { self.recipe = recipe }
}

/// One step of a recipe in a script's hands.
final class StepObject: LuaObject {
  static var luaName: String { "Step" }
  let step: any Augmentation

  init(_ step: any Augmentation) { self.step = step }
}

extension Interpolation: LuaEnumeration {}

/// `contrast.augment`: recipes that make views of images.
func augmentationModule(_ session: Session) -> Module {
  Module(
    "augment",
    """
    Random views of images: the papers' recipes, and steps for recipes of one's own. Applied natively, and equal for \
    equal seeds.
    """
  ) {
    Class(RecipeObject.self, "How to make a view of an image.") {
      Operator(.text, "The steps.", returns: "the text") { $0.recipe.description }
    }
    Class(StepObject.self, "One step of a recipe.") {
      Operator(.text, "The step.", returns: "the text") { $0.step.description }
    }
    paperRecipes()
    stepFunctions()
    Function(
      "recipe", "A recipe of one's own.", Argument("steps", "a list of steps, in order"), returns: "the recipe",
      named: true
    ) {
      (steps: [StepObject]) in RecipeObject(try Recipe(steps.map(\.step)))
    }
    Function(
      "sheet", "Writes a picture: each image, and views of it beside.", Argument("images", "a data set"),
      Argument("recipe", "how to make the views"), Argument("path", "a PNG file"),
      Argument("rows", "how many images", default: 8, in: 1...100),
      Argument("views", "views of each", default: 8, in: 1...100), named: true
    ) {
      (images: CollectionObject, recipe: RecipeObject, path: String, rows: Int, views: Int) in
      try writeSheet(images, recipe, path, rows: rows, views: views, seed: session.random.seed)
    }
  }
}

@ModuleBuilder private func paperRecipes() -> [ModuleMember] {
  Function(
    "simclr", "SimCLR's recipe. Chen et al., 2020, arXiv:2002.05709, appendix A.",
    Argument("size", "side of the views in pixels"),
    Argument("strength", "of the colour jitter; 0.5 up to 32 pixels and 1 above unless given", default: nil),
    Argument("blur", "whether half of the views are blurred; above 32 pixels unless given", default: nil),
    Argument("smallest_crop", "least share of the area", default: 0.08, in: 0...1),
    Argument("normalize", "a normalize step", default: nil), returns: "the recipe", named: true
  ) {
    (size: Int, strength: Double?, blur: Bool?, crop: Double, normalize: StepObject?) in
    RecipeObject(
      try .simclr(size: size, strength: strength, blur: blur, smallestCrop: crop, normalize: normalization(normalize)))
  }
  Function(
    "mocov1", "MoCo's first recipe. He et al., 2019, arXiv:1911.05722, section 3.3.",
    Argument("size", "side of the views in pixels"), Argument("normalize", "a normalize step", default: nil),
    returns: "the recipe", named: true
  ) {
    (size: Int, normalize: StepObject?) in RecipeObject(try .mocoV1(size: size, normalize: normalization(normalize)))
  }
  Function(
    "mocov2", "MoCo's second recipe. Chen, Fan, Girshick, He, 2020, arXiv:2003.04297.",
    Argument("size", "side of the views in pixels"),
    Argument("blur", "whether half of the views are blurred; above 32 pixels unless given", default: nil),
    Argument("smallest_crop", "least share of the area", default: 0.2, in: 0...1),
    Argument("normalize", "a normalize step", default: nil), returns: "the recipe", named: true
  ) {
    (size: Int, blur: Bool?, crop: Double, normalize: StepObject?) in
    RecipeObject(try .mocoV2(size: size, blur: blur, smallestCrop: crop, normalize: normalization(normalize)))
  }
  Function(
    "byol",
    """
    One of BYOL's two recipes: the first blurs, the second solarizes. Grill et al., 2020, arXiv:2006.07733, appendix \
    B.
    """,
    Argument("size", "side of the views in pixels"), Argument("view", "1 or 2"),
    Argument("blur", "whether there is blur; above 32 pixels unless given", default: nil),
    Argument("smallest_crop", "least share of the area", default: 0.08, in: 0...1),
    Argument("normalize", "a normalize step", default: nil), returns: "the recipe", named: true
  ) {
    (size: Int, view: Int, blur: Bool?, crop: Double, normalize: StepObject?) in
    RecipeObject(try .byol(size: size, view: view, blur: blur, smallestCrop: crop, normalize: normalization(normalize)))
  }
  Function(
    "evaluation", "Nothing random: resized, and the middle cut out.", Argument("size", "side of the views in pixels"),
    Argument("normalize", "a normalize step", default: nil), returns: "the recipe", named: true
  ) {
    (size: Int, normalize: StepObject?) in
    RecipeObject(try .evaluation(size: size, normalize: normalization(normalize)))
  }
}

@ModuleBuilder private func stepFunctions() -> [ModuleMember] {
  Function(
    "random_resized_crop", "A random part of the image, resampled.", Argument("size", "side in pixels"),
    Argument("scale", "least and largest share of the area", default: [0.08, 1]),
    Argument("interpolation", "the filter", default: .bicubic), returns: "the step", named: true
  ) {
    (size: Int, scale: [Double], interpolation: Interpolation) in
    StepObject(
      try RandomResizedCrop(size: size, scale: pair(scale, "random_resized_crop: scale"), interpolation: interpolation))
  }
  Function(
    "horizontal_flip", "Left and right exchanged.", Argument("probability", "share of the images", default: 0.5),
    returns: "the step", named: true
  ) {
    (probability: Double) in StepObject(try HorizontalFlip(probability: probability))
  }
  Function(
    "color_jitter", "Brightness, contrast, saturation and hue changed at random, in random order.",
    Argument("brightness", "strength", default: 0.0), Argument("contrast", "strength", default: 0.0),
    Argument("saturation", "strength", default: 0.0), Argument("hue", "strength, at most 0.5", default: 0.0),
    Argument("probability", "share of the images", default: 1.0), returns: "the step", named: true
  ) {
    (brightness: Double, contrast: Double, saturation: Double, hue: Double, probability: Double) in
    StepObject(
      try ColorJitter(
        brightness: brightness, contrast: contrast, saturation: saturation, hue: hue, probability: probability))
  }
  Function(
    "grayscale", "No colour.", Argument("probability", "share of the images", default: 0.2), returns: "the step",
    named: true
  ) {
    (probability: Double) in StepObject(try Grayscale(probability: probability))
  }
  Function(
    "gaussian_blur", "Blurred with a random width.", Argument("kernel", "side of the kernel in pixels, odd"),
    Argument("sigma", "least and largest width", default: [0.1, 2]),
    Argument("probability", "share of the images", default: 0.5), returns: "the step", named: true
  ) {
    (kernel: Int, sigma: [Double], probability: Double) in
    StepObject(try GaussianBlur(kernel: kernel, sigma: pair(sigma, "gaussian_blur: sigma"), probability: probability))
  }
  Function(
    "solarize", "Bright values inverted.",
    Argument("threshold", "inverted from here on, 0 to 1", default: 0.5, in: 0...1),
    Argument("probability", "share of the images", default: 0.2), returns: "the step", named: true
  ) {
    (threshold: Double, probability: Double) in
    StepObject(try Solarize(threshold: min(threshold * 256, 255), probability: probability))
  }
  Function(
    "normalize", "(x − mean) / deviation for each channel; the last step of a recipe.",
    Argument("mean", "three numbers", default: [0.485, 0.456, 0.406]),
    Argument("deviation", "three numbers", default: [0.229, 0.224, 0.225]), returns: "the step", named: true
  ) {
    (mean: [Double], deviation: [Double]) in StepObject(try Normalize(mean: mean, deviation: deviation))
  }
}

private func pair(_ numbers: [Double], _ what: String) throws -> (Double, Double) {
  guard numbers.count == 2 else { throw LuaError("\(what): two numbers expected, got \(numbers.count)") }
  return (numbers[0], numbers[1])
}

private func normalization(_ step: StepObject?) throws -> Normalize? {
  guard let step else { return nil }
  guard let normalize = step.step as? Normalize else {
    throw LuaError("normalize: a normalize step expected, got \(step.step)")
  }
  return normalize
}
