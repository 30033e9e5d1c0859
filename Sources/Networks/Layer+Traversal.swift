import Tensors

extension Layer {
  /// Visits this layer and everything below, parents before children, with dotted paths ("" for the root).
  func visit(path: String = "", _ body: (_ path: String, _ layer: Layer) throws -> Void) rethrows {
    try body(path, self)
    for (name, child) in children {
      try child.visit(path: path.isEmpty ? name : "\(path).\(name)", body)
    }
  }

  /// Every parameter once, under its dotted name (`layer1.0.conv1.weight`), in the order of definition. A parameter
  /// that is shared keeps its first name.
  public final func namedParameters() -> [(name: String, tensor: Tensor)] {
    var seen: Set<ObjectIdentifier> = []
    return collect(\.parameters).filter { seen.insert(ObjectIdentifier($0.tensor)).inserted }
  }

  /// Every tensor of state (running statistics), under its dotted name.
  public final func namedState() -> [(name: String, tensor: Tensor)] { collect(\.state) }

  /// Everything that a checkpoint of this layer holds, in PyTorch's order: each layer's parameters, then its state,
  /// then its children's. The tensors are the layer's own, not copies; a shared one appears under each of its names.
  public final func stateDictionary() -> [(name: String, tensor: Tensor)] {
    var entries: [(name: String, tensor: Tensor)] = []
    visit { path, layer in
      for (name, tensor) in layer.parameters { entries.append((join(path, name), tensor)) }
      for (name, tensor) in layer.state { entries.append((join(path, name), tensor)) }
    }
    return entries
  }

  private func collect(_ list: (Layer) -> Named<Tensor>) -> [(name: String, tensor: Tensor)] {
    var entries: [(name: String, tensor: Tensor)] = []
    visit { path, layer in
      for (name, tensor) in list(layer) { entries.append((join(path, name), tensor)) }
    }
    return entries
  }

  private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// How many numbers there are to learn.
  public final var parameterCount: Int { namedParameters().reduce(0) { $0 + $1.tensor.count } }

  /// Switches this layer and everything below to training: batch normalisation uses and records batch statistics.
  public final func train() { visit { $1.isTraining = true } }

  /// Switches this layer and everything below to evaluation: batch normalisation uses its running statistics.
  public final func eval() { visit { $1.isTraining = false } }

  /// Freezes (false) or thaws (true) every parameter of this layer and everything below.
  public final func setRequiresGradient(_ requiresGradient: Bool) {
    for (_, parameter) in namedParameters() { parameter.requiresGradient = requiresGradient }
  }

  /// Forgets the gradients of all parameters.
  public final func clearGradients() {
    for (_, parameter) in namedParameters() { parameter.gradient = nil }
  }

  /// Makes every batch normalisation below cut its training batches into equal parts; see `BatchNorm.parts`.
  /// - Throws: `TensorError` for fewer than one part.
  public final func splitBatchStatistics(into parts: Int) throws {
    try Check.size(parts, "the number of parts", of: "split_batch_norm")
    visit { ($1 as? BatchNorm)?.parts = parts }
  }

  /// Runs `body` with everything below in evaluation mode, and puts every layer's own mode back afterwards.
  public final func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
    var modes: [(layer: Layer, isTraining: Bool)] = []
    visit { modes.append(($1, $1.isTraining)) }
    eval()
    defer { for mode in modes { mode.layer.isTraining = mode.isTraining } }
    return try body()
  }
}
