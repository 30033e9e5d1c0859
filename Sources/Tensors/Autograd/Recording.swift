extension Tensor {
  /// Where this tensor's gradient goes, or nil if nothing upstream requires one.
  private var edge: Node.Edge? {
    if let origin { return .node(origin) }
    return requiresGradient ? .leaf(self) : nil
  }

  /// Remembers that this fresh result was computed from `input`, and how its gradient becomes the input's.
  /// The rule must hold `Saved` values and shapes, never tensors: those would keep the graph alive.
  @inline(__always)
  func recorded(_ operation: StaticString, _ input: Tensor, _ rule: @escaping Node.Gradient) -> Tensor {
    if input.isTracked && GradientMode.isEnabled { origin = Node(operation, .one(input.edge!, rule)) }
    return self
  }

  /// Remembers two inputs, each with its own rule; rules of inputs without gradient are dropped, and what they saved.
  @inline(__always)
  func recorded(
    _ operation: StaticString, _ first: Tensor, _ firstRule: @escaping Node.Gradient, _ second: Tensor,
    _ secondRule: @escaping Node.Gradient
  ) -> Tensor {
    if (first.isTracked || second.isTracked) && GradientMode.isEnabled {
      switch (first.edge, second.edge) {
      case (let one?, let two?): origin = Node(operation, .two(one, firstRule, two, secondRule))
      case (let one?, nil): origin = Node(operation, .one(one, firstRule))
      case (nil, let two?): origin = Node(operation, .one(two, secondRule))
      case (nil, nil): break
      }
    }
    return self
  }

  /// Remembers any number of inputs with one rule that gives a gradient (or nil) for each of them, in order.
  func recorded(
    _ operation: StaticString, jointly inputs: [Tensor?], _ rule: @escaping (Tensor) throws -> [Tensor?]
  ) -> Tensor {
    guard GradientMode.isEnabled else { return self }
    let edges = inputs.map { $0?.edge }
    if edges.contains(where: { $0 != nil }) { origin = Node(operation, .joint(edges, rule)) }
    return self
  }
}
