import Images
import LuaBridge
import Networks
import SelfSupervision
import Tensors

/// What `ssl.knn` returns.
final class EvaluationObject: LuaObject {
  static var luaName: String { "Evaluation" }
  let result: NearestNeighbourResult

  init(_ result: NearestNeighbourResult) { self.result = result }
}

/// How good, and how collapsed, representations are.
@ModuleBuilder func measureEntries() -> [ModuleMember] {
  Class(EvaluationObject.self, "The outcome of an evaluation; it prints with its protocol.") {
    Property("accuracy", "share of test images whose class was found, 0 to 1") { $0.result.accuracy }
    Operator(.text, "The accuracy and how it was measured.", returns: "the text") { $0.result.description }
  }
  Function(
    "knn",
    """
    Classifies test images by their nearest training images in feature space: weighted votes, cosine similarity; Wu et \
    al., 2018, arXiv:1805.01978, section 3.4.
    """,
    Argument("encoder", "a network of images, or \"pixels\" for the images themselves"),
    Argument("train", "a data set"), Argument("test", "a data set"),
    Argument("k", "how many neighbours vote", default: 200, in: 1...),
    Argument("temperature", "divides similarities before the exponential", default: 0.1, in: .positive),
    Argument("recipe", "how images are prepared; scaled to 0 … 1 unless given", default: nil),
    returns: "the evaluation", named: true
  ) {
    (
      encoder: Either<Layer, RawPixels>, train: CollectionObject, test: CollectionObject, k: Int, temperature: Double,
      recipe: RecipeObject?
    ) in
    let layer: Layer? = if case .first(let layer) = encoder { layer } else { nil }
    let neighbours = try WeightedNearestNeighbours(k: k, temperature: temperature)
    let (trainImages, testImages) = (train.collection, test.collection)
    return EvaluationObject(
      try neighbours(
        trainFeatures: features(of: trainImages, by: layer, recipe?.recipe), trainLabels: labels(of: trainImages),
        testFeatures: features(of: testImages, by: layer, recipe?.recipe), testLabels: labels(of: testImages)))
  }
  Function(
    "features", "What an encoder makes of every image of a data set, in evaluation mode and without gradient.",
    Argument("encoder", "a network of images, or \"pixels\""), Argument("images", "a data set"),
    Argument("recipe", "how images are prepared; scaled to 0 … 1 unless given", default: nil),
    returns: "features [n, d]", named: true
  ) {
    (encoder: Either<Layer, RawPixels>, images: CollectionObject, recipe: RecipeObject?) in
    let layer: Layer? = if case .first(let layer) = encoder { layer } else { nil }
    return try features(of: images.collection, by: layer, recipe?.recipe)
  }
  Function(
    "collapse",
    """
    Signs of collapse in embeddings: `spread`, the deviation of the normalised rows times √d, is 1 for all directions \
    and 0 for a point (Chen, He, 2021, arXiv:2011.10566, section 4.1); `rank` is the effective rank (Roy, Vetterli, \
    2007).
    """,
    Argument("embeddings", "rows [n, d]"), returns: "{ spread, rank }"
  ) {
    (embeddings: Tensor) -> [String: Double] in
    let reading = try CollapseReading(of: embeddings)
    return ["spread": reading.spread, "rank": reading.effectiveRank]
  }
}

/// The word for images as their own features.
enum RawPixels: String, CaseIterable, LuaEnumeration {
  case pixels
}

private func labels(of images: any ImageCollection) throws -> Tensor { try Tensor(images.labels, [images.count]) }

/// The features of every image, in order: [n, d].
func features(of images: any ImageCollection, by encoder: Layer?, _ recipe: Recipe?) throws -> Tensor {
  let recipe = try recipe ?? .evaluation(size: images.size ?? 32)
  let loader = try Loader.inOrder(images, batchSize: min(500, max(images.count, 1)), recipe: recipe)
  guard let encoder else { return try collect(loader) { try $0.reshaped([$0.shape[0], -1]) } }
  return try encoder.evaluating { try collect(loader) { try encoder($0) } }
}

/// What a function makes of every batch, joined.
private func collect(_ loader: Loader, _ features: (Tensor) throws -> Tensor) throws -> Tensor {
  return try Tensor.withoutGradient {
    var parts: [Tensor] = []
    let epoch = loader.epoch(0)
    while let batch = try epoch.next() {
      try stopIfAsked()
      parts.append(try features(batch.views[0]))
    }
    guard !parts.isEmpty else { throw LuaError("features: the data set has no images") }
    return try Tensor.concatenated(parts, 0)
  }
}
