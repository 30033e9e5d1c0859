import SelfSupervision
import Tensors
import TestSupport
import Testing

struct NearestNeighbourTests {
  // Tests/Golden/generate_self_supervision.py: votes as in lemniscate's test.py.
  @Test(arguments: [1, 7, 60])
  func votesAsInstDisc(k: Int) throws {
    let golden = try Golden("self_supervision")
    let result = try WeightedNearestNeighbours(k: k, temperature: 0.1)(
      trainFeatures: golden.tensor("knn.train"), trainLabels: golden.tensor("knn.train_labels"),
      testFeatures: golden.tensor("knn.test"), testLabels: golden.tensor("knn.test_labels"))
    #expect(try result.accuracy == golden.tensor("knn.accuracy.\(k)").item())
  }

  private func classify(
    _ train: [Double], _ labels: [Int], _ test: [Double], _ wanted: [Int], k: Int, temperature: Double = 0.1
  ) throws -> NearestNeighbourResult {
    try WeightedNearestNeighbours(k: k, temperature: temperature)(
      trainFeatures: Tensor(train, [labels.count, 2]), trainLabels: Tensor(labels, [labels.count]),
      testFeatures: Tensor(test, [wanted.count, 2]), testLabels: Tensor(wanted, [wanted.count]))
  }

  @Test func namesItsProtocol() throws {
    let result = try classify([1, 0, 0, 1], [3, -5], [2, 1, 1, 9], [3, -5], k: 200)
    #expect(result.accuracy == 1 && result.k == 2 && result.classCount == 2)
    #expect(
      result.description
        == "kNN top-1 100.00 % (weighted, cosine, k = 2, all there are of 200, temperature 0.1; 2 train, 2 test, 2 classes)")
    let exact = try classify([1, 0, 0, 1], [0, 1], [2, 1, 1, 9], [1, 1], k: 1)
    #expect(exact.description == "kNN top-1 50.00 % (weighted, cosine, k = 1, temperature 0.1; 2 train, 2 test, 2 classes)")
  }

  @Test func tiesGoToTheEarlierRowAndTheSmallerLabel() throws {
    // Two rows alike: the earlier is the one neighbour, whatever its label.
    #expect(try classify([1, 0, 1, 0], [9, 2], [1, 0], [9], k: 1).accuracy == 1)
    // Both vote alike: the smaller label wins.
    #expect(try classify([1, 0, 1, 0], [9, 2], [1, 0], [2], k: 2).accuracy == 1)
  }

  @Test func weighsByTemperature() throws {
    // One close neighbour of label 0 against two distant ones of label 1.
    let (train, labels) = ([1.0, 0, 0.6, 0.8, 0.6, 0.8], [0, 1, 1])
    #expect(try classify(train, labels, [1, 0], [0], k: 3, temperature: 0.1).accuracy == 1)
    #expect(try classify(train, labels, [1, 0], [1], k: 3, temperature: 10).accuracy == 1)
    #expect(try classify(train, labels, [1, 0], [0], k: 3, temperature: 1e-300).accuracy == 1)
  }

  @Test func ignoresTheLengthOfFeatures() throws {
    #expect(try classify([0.1, 0, 50, 50], [0, 1], [9, 1], [0], k: 1).accuracy == 1)
  }

  @Test func saysWhatDoesNotFit() throws {
    try expectError("knn: k is 0, expected at least 1") { _ = try WeightedNearestNeighbours(k: 0, temperature: 1) }
    try expectError("knn: temperature is -1.0, expected a positive number") {
      _ = try WeightedNearestNeighbours(k: 1, temperature: -1)
    }
    try expectError("knn: train features have elements that are infinite or NaN") {
      _ = try classify([.nan, 0], [0], [1, 0], [0], k: 1)
    }
    let (features, labels) = (try Tensor.ones([3, 2]), try Tensor([0, 1, 2], [3]))
    let neighbours = try WeightedNearestNeighbours(k: 1, temperature: 0.1)
    try expectError(
      "knn: test labels are [3] of type i64, expected [4] of type i64 for test features [4, 2]"
    ) {
      _ = try neighbours(
        trainFeatures: features, trainLabels: labels, testFeatures: Tensor.ones([4, 2]), testLabels: labels)
    }
    try expectError("knn: train features [3, 2] and test features [3, 5] differ in features") {
      _ = try neighbours(
        trainFeatures: features, trainLabels: labels, testFeatures: Tensor.ones([3, 5]), testLabels: labels)
    }
  }
}
