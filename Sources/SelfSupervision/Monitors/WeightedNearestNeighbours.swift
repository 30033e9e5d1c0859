import Foundation
import Tensors

/// Classifies features by the labels of similar ones, without training anything.
/// Wu et al., 2018, arXiv:1805.01978 (InstDisc), section 3.4, "weighted kNN".
///
/// Rows are L2-normalised. Each of the k training rows of highest cosine similarity s votes for its label with
/// exp(s / temperature). Of rows equally similar the earlier is taken; of labels with equal votes the smaller wins.
public struct WeightedNearestNeighbours: Sendable {
  public let k: Int
  public let temperature: Double
  /// How many similarities are held at once: 32 MB of them.
  private static let blockSize = 1 << 23

  /// - Throws: `TensorError` when either is not positive.
  public init(k: Int, temperature: Double) throws {
    guard k >= 1 else { throw TensorError("knn: k is \(k), expected at least 1") }
    try FeatureCheck(operation: "knn").temperature(temperature)
    (self.k, self.temperature) = (k, temperature)
  }

  /// The share of test rows whose label the training rows give.
  /// - Parameters: features [n, d] and [m, d]; labels [n] and [m], i64, any numbers. A k above n counts as n.
  /// - Throws: `TensorError` when shapes or types do not fit, and for features that are not finite.
  public func callAsFunction(
    trainFeatures: Tensor, trainLabels: Tensor, testFeatures: Tensor, testLabels: Tensor
  ) throws -> NearestNeighbourResult {
    try check(trainFeatures, trainLabels, testFeatures, testLabels)
    let (known, wanted) = (try trainLabels.integers(), try testLabels.integers())
    let predicted = try Tensor.withoutGradient { try labels(of: testFeatures, from: trainFeatures, known) }
    let correct = zip(predicted, wanted).count { $0 == $1 }
    return NearestNeighbourResult(
      accuracy: Double(correct) / Double(wanted.count), k: min(k, known.count), requestedK: k,
      temperature: temperature, trainCount: known.count, testCount: wanted.count, classCount: Set(known).count)
  }

  private func labels(of tests: Tensor, from trains: Tensor, _ known: [Int]) throws -> [Int] {
    let classes = Set(known).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    let votesFor = known.map { places[$0]! }
    let bank = try trains.normalized().transposed()
    let rows = max(1, Self.blockSize / known.count)
    return try tests.split(rows).flatMap { block in
      let (similarities, neighbours) = try block.normalized().matmul(bank).topK(min(k, known.count))
      return zip(try similarities.rows(), try neighbours.rows()).map { similarities, neighbours in
        var votes = [Double](repeating: 0, count: classes.count)
        for (similarity, neighbour) in zip(similarities, neighbours) {
          // Relative to the nearest: the same order of votes, and no temperature overflows.
          votes[votesFor[Int(neighbour)]] += exp((similarity - similarities[0]) / temperature)
        }
        let best = votes.indices.max { votes[$0] < votes[$1] || (votes[$0] == votes[$1] && $0 > $1) }
        return classes[best!]
      }
    }
  }

  private func check(_ trains: Tensor, _ trainLabels: Tensor, _ tests: Tensor, _ testLabels: Tensor) throws {
    let check = FeatureCheck(operation: "knn")
    for (features, labels, name) in [(trains, trainLabels, "train"), (tests, testLabels, "test")] {
      try check.matrix(features, "\(name) features")
      guard labels.type == .int64, labels.shape == [features.shape[0]] else {
        throw TensorError(
          "knn: \(name) labels are \(labels.shape) of type \(labels.type.rawValue), expected "
            + "[\(features.shape[0])] of type i64 for \(name) features \(features.shape)")
      }
      guard try features.detached().isFinite().all().item() != 0 else {
        throw TensorError("knn: \(name) features have elements that are infinite or NaN")
      }
    }
    try check.sameFeatures(trains, "train features", tests, "test features")
  }
}

extension Tensor {
  /// The rows of a matrix as numbers.
  fileprivate func rows() throws -> [[Double]] {
    let (numbers, width) = (try doubles(), shape[1])
    return (0..<shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}
