import Foundation
import Kernels
import Networks
import SelfSupervision
import Tensors
import TestSupport
import Testing

struct MomentumEncoderTests {
  private func network(_ type: ElementType = .float64, seed: UInt64 = 1) throws -> Sequential {
    try projector([3, 4, 2], style: .byol, type: type, using: RandomStream(seed: seed))
  }

  @Test func startsEqualAndSharesNothing() throws {
    let online = try network()
    let target = try MomentumEncoder(following: online)
    let (copies, originals) = (target.encoder.stateDictionary(), online.stateDictionary())
    #expect(copies.map(\.name) == originals.map(\.name))
    for (copy, original) in zip(copies, originals) {
      try requireClose(copy.tensor, original.tensor, relative: 0, absolute: 0, copy.name)
      #expect(copy.tensor.buffer.storage !== original.tensor.buffer.storage, "\(copy.name)")
    }
    try Tensor.withoutGradient { for (_, parameter) in online.namedParameters() { try parameter.fill(7) } }
    for (name, tensor) in target.encoder.namedParameters() where name.hasSuffix("weight") {
      #expect(try tensor.doubles().allSatisfy { $0 != 7 }, "\(name)")
    }
  }

  @Test func refusesACopyThatSharesMemory() throws {
    final class Shared: Layer {
      let weight: Tensor
      init(weight: Tensor) { self.weight = weight }
      override var parameters: Named<Tensor> { ["weight": weight] }
      override func makeTwin(_ copies: Copies) throws -> Layer { Shared(weight: weight) }
    }
    let online = Shared(weight: try Tensor.ones([2]))
    try expectError(
      "momentum_encoder: the copy's 'weight' shares memory with the network it follows; makeTwin must copy it"
    ) { _ = try MomentumEncoder(following: online) }
  }

  @Test(arguments: [ElementType.float32, .float64])
  func averagesWithTheWeightsOfTheMoment(type: ElementType) throws {
    let online = try network(type)
    let target = try MomentumEncoder(following: online)
    let start = try online.namedParameters().map { try $0.tensor.doubles() }
    try Tensor.withoutGradient { for (_, parameter) in online.namedParameters() { try parameter.addInPlace(1) } }
    try target.update(momentum: 0.75)
    let tolerance = type == .float64 ? 1e-15 : 1e-6
    for (average, old) in zip(target.encoder.namedParameters(), start) {
      // 0.75 · θ + 0.25 · (θ + 1): the weights as they are when `update` is called, not as they were before.
      try requireClose(average.tensor, old.map { $0 + 0.25 }, relative: tolerance, absolute: tolerance, average.name)
    }
    try target.update(momentum: 1)
    for (average, old) in zip(target.encoder.namedParameters(), start) {
      try requireClose(average.tensor, old.map { $0 + 0.25 }, relative: tolerance, absolute: tolerance, average.name)
    }
    try target.update(momentum: 0)
    for (average, value) in zip(target.encoder.namedParameters(), online.namedParameters()) {
      try requireClose(average.tensor, value.tensor, relative: 0, absolute: 0, average.name)
    }
  }

  @Test func keepsItsOwnRunningStatistics() throws {
    let online = try network()
    let target = try MomentumEncoder(following: online)
    let input = try fixedNumbers([8, 3])
    _ = try target(input)
    let (own, others) = (target.encoder.namedState(), online.namedState())
    #expect(try own.map { try $0.tensor.doubles() } != others.map { try $0.tensor.doubles() })
    let before = try own.map { try $0.tensor.doubles() }
    try target.update(momentum: 0)
    #expect(try target.encoder.namedState().map { try $0.tensor.doubles() } == before)
  }

  @Test func trainsItsNormalisationThoughTheNetworkIsEvaluated() throws {
    let online = try network()
    online.eval()
    #expect(try MomentumEncoder(following: online).encoder.children.allSatisfy { $0.value.isTraining })
  }

  @Test func outputsCarryNoGradient() throws {
    let online = try network()
    let target = try MomentumEncoder(following: online)
    let input = try fixedNumbers([8, 3])
    try input.requireGradient()
    let output = try target(input)
    #expect(!output.isTracked)
    #expect(target.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
    try byol(predictions: online(input), targets: output).backward()
    #expect(online.namedParameters().allSatisfy { $0.tensor.gradient != nil })
    #expect(target.namedParameters().allSatisfy { $0.tensor.gradient == nil })
  }

  @Test func isSavedAndLoadedByName() throws {
    let target = try MomentumEncoder(following: network(seed: 1))
    let other = try MomentumEncoder(following: network(seed: 2))
    #expect(target.stateDictionary()[0].name == "encoder.0.weight")
    try other.load(target.stateDictionary())
    let input = try fixedNumbers([8, 3])
    try requireClose(other(input), target(input), relative: 0, absolute: 0)
  }

  @Test func refusesAMomentumThatIsNoShare() throws {
    let target = try MomentumEncoder(following: network())
    try expectError("momentum_encoder: momentum is 1.5, expected 0 to 1") { try target.update(momentum: 1.5) }
    try expectError("momentum_encoder: momentum is nan, expected 0 to 1") { try target.update(momentum: .nan) }
  }

  // deepmind-research/byol/utils/schedules.py with base_ema = 0.99 and max_steps = 100, at steps 0, 25, 50, 100.
  @Test func decayRisesToOneAlongACosine() throws {
    let decay = try CosineDecay(base: 0.99, steps: 100)
    for (step, expected) in [(1, 0.99), (26, 0.99146446609), (51, 0.995), (101, 1), (1000, 1), (0, 0.99)] {
      #expect(abs(decay(step) - expected) < 1e-9, "step \(step)")
    }
    try expectError("cosine_decay: base is 2.0, expected 0 to 1") { _ = try CosineDecay(base: 2, steps: 1) }
    try expectError("cosine_decay: steps is 0, expected at least 1") { _ = try CosineDecay(base: 0.5, steps: 0) }
  }
}
