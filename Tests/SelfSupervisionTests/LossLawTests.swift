import Foundation
import SelfSupervision
import Tensors
import TestSupport
import Testing

/// What must hold of the losses whatever the numbers, and gradients against differences.
struct LossLawTests {
  let first: Tensor, second: Tensor, negatives: Tensor
  init() throws {
    first = try fixedNumbers([5, 4], seed: 1)
    second = try fixedNumbers([5, 4], seed: 2)
    negatives = try fixedNumbers([7, 4], seed: 3)
  }

  @Test func gradientsMatchDifferences() throws {
    try checkGradients([first, second, negatives]) {
      try infoNCE(queries: $0[0], keys: $0[1], negatives: $0[2], temperature: 0.3)
    }
    try checkGradients([first, second]) { try infoNCE(queries: $0[0], keys: $0[1], temperature: 0.3) }
    try checkGradients([first, second]) { try ntXent(first: $0[0], second: $0[1], temperature: 0.5) }
    try checkGradients([first]) { try byol(predictions: $0[0], targets: second) }
    try checkGradients([first]) { try simSiam(predictions: $0[0], targets: second) }
  }

  @Test func lossesMatchTheirSums() throws {
    let (q, k, m) = (try unitRows(first), try unitRows(second), try unitRows(negatives))
    let queue = q.indices.map { i in
      -log(exp(dot(q[i], k[i]) / 0.3) / (exp(dot(q[i], k[i]) / 0.3) + m.map { exp(dot(q[i], $0) / 0.3) }.sum()))
    }
    let result = try infoNCE(queries: first, keys: second, negatives: negatives, temperature: 0.3)
    try requireClose(result, [queue.sum() / 5], relative: 1e-12)

    let views = q + k
    let each = views.indices.map { i in
      let others = views.indices.filter { $0 != i }.map { exp(dot(views[i], views[$0]) / 0.5) }
      return -log(exp(dot(views[i], views[(i + 5) % 10]) / 0.5) / others.sum())
    }
    try requireClose(ntXent(first: first, second: second, temperature: 0.5), [each.sum() / 10], relative: 1e-12)
  }

  @Test func contrastiveLossesStandAtChanceWhereAllLookAlike() throws {
    let same = try Tensor.ones([5, 4], type: .float64)
    let many = try Tensor.ones([99, 4], type: .float64)
    let chance = try infoNCE(queries: same, keys: same, negatives: many, temperature: 0.07).item()
    #expect(abs(chance - log(100)) < 1e-12)
    #expect(ChanceLevel.infoNCE(negatives: 99) == log(100))
    let inBatch = try infoNCE(queries: same, keys: same, temperature: 0.07).item()
    #expect(abs(inBatch - ChanceLevel.infoNCE(batch: 5)) < 1e-12)
    let pairs = try ntXent(first: same, second: same, temperature: 0.5).item()
    #expect(abs(pairs - ChanceLevel.ntXent(pairs: 5)) < 1e-12)
    #expect(ChanceLevel.ntXent(pairs: 5) == log(9))
  }

  @Test func lossesSurviveSharpTemperatures() throws {
    for temperature in [1e-4, 1e4] {
      let queue = try infoNCE(queries: first, keys: first, negatives: negatives, temperature: temperature).item()
      let pairs = try ntXent(first: first, second: first, temperature: temperature).item()
      #expect(queue.isFinite && queue >= 0 && pairs.isFinite && pairs >= 0)
    }
  }

  @Test func symmetricBYOLIsFourAndFourTimesSimSiam() throws {
    let (z1, z2) = (try fixedNumbers([5, 4], seed: 5), try fixedNumbers([5, 4], seed: 6))
    let byols = try (byol(predictions: first, targets: z2) + byol(predictions: second, targets: z1)).item()
    let simSiams = try ((simSiam(predictions: first, targets: z2) + simSiam(predictions: second, targets: z1)) / 2).item()
    #expect(abs(byols - (4 + 4 * simSiams)) < 1e-12)
    #expect(try abs(byol(predictions: first, targets: first).item()) < 1e-12)
    #expect(try abs(byol(predictions: first, targets: -first).item() - 4) < 1e-12)
  }

  @Test func lossesIgnoreTheLengthOfRows() throws {
    let longer = try first * 17
    let losses: [(Tensor) throws -> Tensor] = [
      { try infoNCE(queries: $0, keys: second, negatives: negatives, temperature: 0.3) },
      { try infoNCE(queries: second, keys: $0, temperature: 0.3) },
      { try ntXent(first: $0, second: second, temperature: 0.3) },
      { try byol(predictions: $0, targets: second) },
      { try simSiam(predictions: second, targets: $0) },
    ]
    for loss in losses { try requireClose(loss(longer), loss(first), relative: 1e-12) }
  }

  @Test func targetsGetNoGradient() throws {
    for loss in [byol(predictions:targets:), simSiam(predictions:targets:)] {
      let (predictions, targets) = (try first.cloned(), try second.cloned())
      try predictions.requireGradient()
      try targets.requireGradient()
      try loss(predictions, targets).backward()
      #expect(predictions.gradient != nil)
      #expect(targets.gradient == nil)
    }
  }

  private func unitRows(_ tensor: Tensor) throws -> [[Double]] {
    let numbers = try tensor.doubles()
    return (0..<tensor.shape[0]).map { row in
      let row = Array(numbers[row * 4..<(row + 1) * 4])
      let length = dot(row, row).squareRoot()
      return row.map { $0 / length }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 * $1 }.sum() }
}

extension [Double] {
  fileprivate func sum() -> Double { reduce(0, +) }
}
