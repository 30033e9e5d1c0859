import Kernels
import SelfSupervision
import Tensors
import TestSupport
import Testing

struct CollapseReadingTests {
  // Tests/Golden/generate_self_supervision.py: torch.linalg.svdvals.
  @Test(arguments: ["tall", "wide"])
  func readsAsTorch(name: String) throws {
    let golden = try Golden("self_supervision")
    let reading = try CollapseReading(of: golden.tensor("collapse.\(name)"))
    #expect(try abs(reading.spread - golden.tensor("collapse.\(name).spread").item()) < 1e-12)
    #expect(try CollapseReading.spread(of: golden.tensor("collapse.\(name)")) == reading.spread)
    #expect(try abs(reading.effectiveRank - golden.tensor("collapse.\(name).rank").item()) < 1e-6)
  }

  @Test func eigenvaluesAreTorchs() throws {
    let golden = try Golden("self_supervision")
    let numbers = try golden.tensor("eigen.matrix").doubles()
    let matrix = SymmetricMatrix((0..<17).map { Array(numbers[$0 * 17..<($0 + 1) * 17]) })
    let values = try Tensor(matrix.eigenvalues().sorted(), [17], type: .float64)
    try requireClose(values, golden.tensor("eigen.values"), relative: 1e-12, absolute: 1e-13)
    // Already diagonal, repeated, empty, and one by one.
    #expect(SymmetricMatrix([[2, 0, 0], [0, 2, 0], [0, 0, -1]]).eigenvalues().sorted() == [-1, 2, 2])
    #expect(SymmetricMatrix([[3]]).eigenvalues() == [3])
    #expect(SymmetricMatrix([]).eigenvalues() == [])
  }

  @Test func onePointIsCollapsed() throws {
    let reading = try CollapseReading(of: Tensor.ones([40, 16]))
    #expect(reading.spread < 1e-6)
    #expect(abs(reading.effectiveRank - 1) < 1e-3)
    #expect(reading.description == "spread 0.00 of 1, effective rank 1.0 of 16 (40 rows)")
    let zeros = try CollapseReading(of: Tensor.zeros([4, 4]))
    #expect(zeros.spread == 0 && zeros.effectiveRank == 1)
  }

  @Test func randomDirectionsAreHealthy() throws {
    let outputs = try Tensor.normal(
      [1000, 32], mean: 0, standardDeviation: 1, type: .float32, using: RandomStream(seed: 1))
    let reading = try CollapseReading(of: outputs)
    #expect(abs(reading.spread - 1) < 0.02)
    #expect(reading.effectiveRank > 31 && reading.effectiveRank <= 32)
  }

  @Test func orthogonalDirectionsAreCounted() throws {
    // Five of eight axes, each twice.
    let reading = try CollapseReading(of: Tensor.eye(8).sliced(0, to: 5).expanded([2, 5, 8]).reshaped([10, 8]))
    #expect(abs(reading.effectiveRank - 5) < 1e-6)
  }

  @Test func wideOutputsAreSampled() throws {
    let outputs = try Tensor.normal(
      [600, 300], mean: 0, standardDeviation: 1, type: .float32, using: RandomStream(seed: 2))
    let reading = try CollapseReading(of: outputs)
    #expect(reading.rankRowCount == 256 && reading.effectiveRank > 150 && reading.effectiveRank <= 256)
    #expect(reading.description.hasSuffix("of 256 (600 rows, rank of 256 of them)"))
  }

  @Test func saysWhatDoesNotFit() throws {
    try expectError("collapse: outputs [1, 4] have 1 row, expected at least 2") {
      _ = try CollapseReading(of: Tensor.ones([1, 4]))
    }
    try expectError("collapse: outputs [4] have 1 dimension, expected [rows, features]") {
      _ = try CollapseReading(of: Tensor.ones([4]))
    }
    try expectError("collapse: outputs have elements that are infinite or NaN") {
      _ = try CollapseReading(of: Tensor.full([2, 2], .infinity))
    }
  }
}
