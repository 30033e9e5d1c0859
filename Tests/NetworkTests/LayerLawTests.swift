import Kernels
import Networks
import Tensors
import Testing

/// What holds for every layer, whatever it computes.
@Suite struct LayerLawTests {
  static func network(seed: UInt64 = 1) throws -> Sequential {
    let stream = RandomStream(seed: seed)
    return try Sequential([
      ResNet(depth: 18, stem: .small, width: 4, using: stream),
      Sequential([Linear(32, 8, using: stream), BatchNorm1d(8), ReLU(), Linear(8, 4, using: stream)]),
    ])
  }

  static func values(_ layer: Layer) throws -> [[Double]] {
    try layer.stateDictionary().map { try $0.tensor.doubles() }
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    #expect(try Self.values(Self.network(seed: 5)) == Self.values(Self.network(seed: 5)))
    #expect(try Self.values(Self.network(seed: 5)) != Self.values(Self.network(seed: 6)))
  }

  @Test func namesAreDottedAndInOrder() throws {
    let names = try Self.network().stateDictionary().map(\.name)
    #expect(names.prefix(4) == ["0.conv1.weight", "0.bn1.weight", "0.bn1.bias", "0.bn1.running_mean"])
    #expect(names.suffix(2) == ["1.3.weight", "1.3.bias"])
    #expect(names.contains("0.layer2.0.downsample.1.num_batches_tracked"))
  }

  @Test func aTwinIsEqualAndSharesNothing() throws {
    let original = try Self.network()
    original.eval()
    let twin = try original.twin()
    #expect(twin.description == original.description)
    #expect(twin.stateDictionary().map(\.name) == original.stateDictionary().map(\.name))
    #expect(try Self.values(twin) == Self.values(original))
    let storages = Set(original.stateDictionary().map { ObjectIdentifier($0.tensor.buffer.storage) })
    for (name, tensor) in twin.stateDictionary() {
      #expect(!storages.contains(ObjectIdentifier(tensor.buffer.storage)), "\(name) is shared")
    }
    let before = try Self.values(original)
    for (_, tensor) in twin.stateDictionary() { _ = try Tensor.withoutGradient { try tensor.fill(7) } }
    #expect(try Self.values(original) == before)
    let norm = try #require((twin[1] as? Sequential)?[1] as? BatchNorm1d)
    #expect(!norm.isTraining)
  }

  @Test func aTwinKeepsWhatIsFrozenAndWhatIsShared() throws {
    let stream = RandomStream(seed: 1)
    let shared = try Linear(4, 4, using: stream)
    let network = try Sequential([shared, ReLU(), shared])
    shared.weight.requiresGradient = false
    let twin = try network.twin()
    #expect(twin[0] === twin[2])
    #expect(twin.namedParameters().map(\.name) == ["0.weight", "0.bias"])
    #expect(twin.namedParameters().map(\.tensor.requiresGradient) == [false, true])
  }

  @Test func stateGoesRound() throws {
    let (first, second) = (try Self.network(seed: 1), try Self.network(seed: 2))
    _ = try first(hashed([4, 3, 8, 8], salt: 1, type: .float32))
    try second.load(first.stateDictionary())
    #expect(try Self.values(second) == Self.values(first))
    _ = try Tensor.withoutGradient { try first.stateDictionary()[0].tensor.fill(9) }
    #expect(try Self.values(second) != Self.values(first))
  }

  @Test func loadingIsAllOrNothing() throws {
    let (network, other) = (try Self.network(seed: 1), try Self.network(seed: 2))
    let before = try Self.values(network)
    var state = Dictionary(uniqueKeysWithValues: other.stateDictionary().map { ($0.name, $0.tensor) })
    state["1.3.bias"] = try Tensor.zeros([5])
    #expect(throws: TensorError.self) { try network.load(state) }
    #expect(throws: TensorError.self) { try network.load(state, strict: false) }
    #expect(try Self.values(network) == before)
  }

  @Test func loadingLeniently() throws {
    let network = try Self.network()
    let (missing, unexpected) = try network.load(
      ["1.0.bias": Tensor.ones([8]), "queue": Tensor.ones([2])], strict: false)
    #expect(unexpected == ["queue"])
    #expect(missing.count == network.stateDictionary().count - 1)
    #expect(
      try network.namedParameters().first { $0.name == "1.0.bias" }?.tensor.floats() == Array(repeating: 1, count: 8))
  }

  @Test func float64IsConverted() throws {
    let linear = try Linear(2, 1, using: RandomStream(seed: 1))
    try linear.load(["weight": Tensor([0.5, 2], [1, 2], type: .float64), "bias": Tensor([3.0], [1], type: .float64)])
    #expect(try linear.weight.floats() == [0.5, 2])
    #expect(linear.weight.type == .float32)
  }

  @Test func sequentialFusesNormalisationAndReLUWithoutChangingAnything() throws {
    let norm = try fill(BatchNorm1d(4))
    let input = try hashed([6, 4], salt: 3, type: .float32)
    let apart = try norm.twin()(input).relu().floats()
    let together = try Sequential([norm.twin(), ReLU()])(input).floats()
    #expect(zip(apart, together).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(apart.contains(0) && apart.contains { $0 > 0 })
  }

  @Test func freezingAndCounting() throws {
    let network = try Sequential([Linear(3, 2, using: RandomStream(seed: 1)), BatchNorm1d(2)])
    #expect(network.parameterCount == 3 * 2 + 2 + 2 + 2)
    network.setRequiresGradient(false)
    #expect(network.namedParameters().allSatisfy { !$0.tensor.requiresGradient })
    network.eval()
    #expect(!network[1].isTraining)
    network.train()
    #expect(network[1].isTraining)
  }

  @Test func printsItsStructure() throws {
    let stream = RandomStream(seed: 1)
    let network = try Sequential([
      Convolution2d(3, 8, kernel: 3, padding: 1, bias: false, using: stream), BatchNorm2d(8, bias: false), ReLU(),
      Sequential([GlobalAveragePool(), Linear(8, 2, using: stream)]),
    ])
    #expect(
      network.description == """
        Sequential(
          (0): Conv2d(3, 8, kernel = 3, padding = 1, bias = false)
          (1): BatchNorm2d(8, eps = 1e-05, momentum = 0.1, bias = false)
          (2): ReLU()
          (3): Sequential(
            (0): GlobalAveragePool()
            (1): Linear(8, 2)
          )
        )
        """)
    let long = try Sequential((0..<500).map { _ in Identity() })
    #expect(long.description.hasSuffix("… and 302 more lines"))
  }
}
