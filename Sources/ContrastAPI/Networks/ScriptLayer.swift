import LuaBridge
import Networks
import Tensors

/// A layer whose forward function is written in Lua: `nn.custom`.
final class ScriptLayer: Layer {
  private let forward: LuaFunction
  private let ownParameters: [(name: String, value: Tensor)]
  private let ownChildren: [(name: String, value: Layer)]

  /// Names that `self` has already in the forward function.
  private static let takenNames = Set(layerClass().names + ["close"])

  /// Lua lets C functions call each other 200 deep, and a layer's forward function takes two of these.
  private static let mostDepth = 90

  /// Counted once: layers are shared, and counting anew at every level would take for ever.
  private let size: (depth: Int, total: Int)

  init(forward: LuaFunction, parameters: [String: Tensor], children: [String: Layer]) throws {
    self.forward = forward
    // Lua tables have no order: names give one that is the same in every run.
    ownParameters = parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    ownChildren = children.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let name = parameters.keys.first(where: { children[$0] != nil }) {
      throw LuaError("custom: '\(name)' is both a parameter and a child")
    }
    if let name = (ownParameters.map(\.name) + ownChildren.map(\.name)).first(where: Self.takenNames.contains) {
      throw LuaError("custom: '\(name)' is what every layer has; choose another name")
    }
    size = (1 + (children.values.map(\.depth).max() ?? 0), 1 + children.values.map(\.totalCount).reduce(0, +))
    guard size.depth <= Self.mostDepth, size.total <= 100_000 else {
      throw LuaError(
        "custom: \(size.total) layers, nested \(size.depth) deep; expected at most 100000, nested \(Self.mostDepth) deep")
    }
    super.init()
    for (_, tensor) in ownParameters { try tensor.requireGradient() }
  }

  override var parameters: Named<Tensor> { Named(ownParameters) }
  override var children: Named<Layer> { Named(ownChildren) }
  override var typeName: String { "custom" }
  override var depth: Int { size.depth }
  override var totalCount: Int { size.total }

  override func callAsFunction(_ input: Tensor) throws -> Tensor { try forward(self as Layer, input) }

  override func makeTwin(_ copies: Copies) throws -> Layer {
    try ScriptLayer(
      forward: forward,
      parameters: Dictionary(uniqueKeysWithValues: ownParameters.map { ($0.name, try copies.of($0.value)) }),
      children: Dictionary(uniqueKeysWithValues: ownChildren.map { ($0.name, try copies.of($0.value)) }))
  }
}

func customLayerFunction() -> Function {
  Function(
    "custom", "A layer written in Lua.",
    Argument(
      "forward",
      """
      function(self, x) that returns a tensor; self is the layer, with its parameters and children by name. To keep \
      self beyond the call is to keep the layer for ever.
      """),
    Argument("parameters", "tensors to learn, by name", default: [:]),
    Argument("children", "layers it is made of, by name", default: [:]), returns: "the layer", named: true
  ) {
    (forward: LuaFunction, parameters: [String: Tensor], children: [String: Layer]) -> Layer in
    try ScriptLayer(forward: forward, parameters: parameters, children: children)
  }
}
