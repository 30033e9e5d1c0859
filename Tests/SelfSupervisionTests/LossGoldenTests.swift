import Kernels
import SelfSupervision
import Tensors
import TestSupport
import Testing

/// Losses and gradients as PyTorch computes them: Tests/Golden/generate_self_supervision.py.
struct LossGoldenTests {
  let golden: Golden
  init() throws { golden = try Golden("self_supervision") }

  @Test(arguments: [ElementType.float64, .float32])
  func infoNCEWithAQueueIsMoCos(type: ElementType) throws {
    try compare("info_nce.queue", ["first", "second", "negatives"], type) {
      try infoNCE(queries: $0[0], keys: $0[1], negatives: $0[2], temperature: 0.07)
    }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func infoNCEInABatchPicksTheDiagonal(type: ElementType) throws {
    try compare("info_nce.batch", ["first", "second"], type) {
      try infoNCE(queries: $0[0], keys: $0[1], temperature: 0.2)
    }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func ntXentIsHalfOfSimCLRsSum(type: ElementType) throws {
    try compare("nt_xent", ["first", "second"], type) { try ntXent(first: $0[0], second: $0[1], temperature: 0.5) }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func byolIsASquaredDistance(type: ElementType) throws {
    let targets = try golden.tensor("second", type: type)
    try compare("byol", ["first"], type) { try byol(predictions: $0[0], targets: targets) }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func simSiamIsACosine(type: ElementType) throws {
    let targets = try golden.tensor("second", type: type)
    try compare("simsiam", ["first"], type) { try simSiam(predictions: $0[0], targets: targets) }
  }

  /// The loss and the gradients of all its inputs.
  private func compare(
    _ name: String, _ inputs: [String], _ type: ElementType, _ loss: ([Tensor]) throws -> Tensor
  ) throws {
    let tolerance = type == .float64 ? 1e-12 : 2e-6
    let leaves = try inputs.map { try golden.tensor($0, type: type).cloned() }
    for leaf in leaves { try leaf.requireGradient() }
    let result = try loss(leaves)
    try requireClose(result, golden.tensor(name), relative: tolerance, absolute: tolerance, name)
    try result.backward()
    for (input, leaf) in zip(inputs, leaves) {
      let gradient = try #require(leaf.gradient)
      let expected = try golden.tensor("\(name).grad.\(input)")
      try requireClose(gradient, expected, relative: tolerance, absolute: tolerance, "\(name).grad.\(input)")
    }
  }
}
