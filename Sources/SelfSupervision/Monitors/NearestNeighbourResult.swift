import Foundation

/// A nearest-neighbour accuracy together with the protocol that gave it: figures of different protocols do not compare.
public struct NearestNeighbourResult: Sendable, CustomStringConvertible {
  /// The share of test rows classified correctly, 0 to 1.
  public let accuracy: Double
  /// How many neighbours voted.
  public let k: Int
  /// How many were asked for: more, where there were fewer training rows.
  public let requestedK: Int
  public let temperature: Double
  public let trainCount, testCount: Int
  /// How many different labels the training rows have.
  public let classCount: Int

  /// `kNN top-1 86.42 % (weighted, cosine, k = 200, temperature 0.1; 50000 train, 10000 test, 10 classes)`
  public var description: String {
    let percentage = String(format: "%.2f", 100 * accuracy)
    let neighbours = k == requestedK ? "k = \(k)" : "k = \(k), all there are of \(requestedK)"
    return "kNN top-1 \(percentage) % (weighted, cosine, \(neighbours), temperature \(temperature); "
      + "\(trainCount) train, \(testCount) test, \(classCount) classes)"
  }
}
