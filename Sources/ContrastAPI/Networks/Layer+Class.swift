import LuaBridge
import Networks
import Tensors

extension Layer: LuaObject {}

/// The class that every layer and model belongs to.
func layerClass() -> Class<Layer> {
  Class(Layer.self, "A function of a tensor with parameters to learn.") {
    Operator(.call, "The output for an input.", Argument("input", "a tensor"), returns: "the output") {
      (layer: Layer, input: Tensor) in try layer(input)
    }
    Operator(
      .index, "One of the layers that this one is made of.", Argument("position", "from 1"), returns: "the layer"
    ) {
      (layer: Layer, position: Int) in
      let children = layer.children
      guard position >= 1, position <= children.count else {
        throw LuaError("layer \(position) of a network with \(children.count) layers")
      }
      return children[position - 1].value
    }
    Operator(.length, "How many layers this one is made of.", returns: "the number") { $0.children.count }
    Operator(.text, "The structure.", returns: "the text") { $0.description }
    Method("parameters", "What an optimizer changes.", returns: "a list of { name, tensor }") {
      $0.namedParameters().map(NamedTensor.init)
    }
    Method("state_dict", "All parameters and running statistics.", returns: "tensors by name") {
      Dictionary($0.stateDictionary().map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    }
    Method(
      "load_state_dict", "Copies tensors into the parameters and statistics of the same names; all or none.",
      Argument("tensors", "tensors by name"),
      Argument("strict", "whether all names must agree on both sides", default: true)
    ) { (layer: Layer, tensors: [String: Tensor], strict: Bool) in try layer.load(tensors, strict: strict) }
    Method("train", "Batch normalisation uses the batch's statistics from now on.", returns: "the layer itself") {
      layer in
      layer.train()
      return layer
    }
    Method("eval", "Batch normalisation uses its running statistics from now on.", returns: "the layer itself") {
      layer in
      layer.eval()
      return layer
    }
    Method("clone", "An independent copy: same structure and values, own memory.", returns: "the copy") {
      try $0.twin()
    }
    Method(
      "requires_grad_", "Whether gradients shall reach the parameters; false freezes them.",
      Argument("flag", "yes or no", default: true), returns: "the layer itself"
    ) {
      (layer: Layer, flag: Bool) in
      layer.setRequiresGradient(flag)
      return layer
    }
    Method(
      "split_batch_norm",
      """
      Batch normalisation below cuts training batches into equal parts, each with its own statistics, as several \
      processors would; He et al., 2020, arXiv:1911.05722, section 3.3.
      """,
      Argument("parts", "how many", in: 1...), returns: "the layer itself"
    ) {
      (layer: Layer, parts: Int) in
      try layer.splitBatchStatistics(into: parts)
      return layer
    }
    Members(
      "A parameter, a running statistic or a layer that this one is made of, by its name.",
      names: { layer in
        layer.parameters.map(\.name) + layer.state.map(\.name) + layer.children.map(\.name)
      },
      find: { $0.member($1) })
    Property("training", "whether batch normalisation uses the batch's statistics") { $0.isTraining }
    Property("parameter_count", "how many numbers there are to learn") { $0.parameterCount }
  }
}

extension Layer {
  /// What a script finds under `layer.name`.
  fileprivate func member(_ name: String) -> Either<Tensor, Layer>? {
    if let tensor = parameters[name] ?? state[name] { return .first(tensor) }
    return children[name].map { .second($0) }
  }
}

/// One parameter on its way to Lua: `{ name = "fc.weight", tensor = … }`.
struct NamedTensor: LuaWritable {
  let name: String
  let tensor: Tensor

  static var luaName: String { "{ name: string, tensor: Tensor }" }

  func write(to lua: LuaWriter) {
    lua.writeTable { table in
      table.set("name", name)
      table.set("tensor", tensor)
    }
  }
}
