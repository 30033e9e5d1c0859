import Kernels

extension Tensor {
  /// Adds the gradient of this tensor with respect to every leaf that requires one to the leaf's `gradient`.
  ///
  /// - Parameters:
  ///   - gradient: what flows in here, of this tensor's shape; 1 if left out, which only a single element allows.
  ///   - retainGraph: keeps the graph for another `backward`; otherwise it is freed on the way.
  /// - Throws: if nothing here requires a gradient, if the graph was freed before, or if a saved value has changed.
  public func backward(gradient: Tensor? = nil, retainGraph: Bool = false) throws {
    guard isTracked else {
      throw TensorError("backward: this tensor was not computed from one that requires a gradient")
    }
    try Tensor.withoutGradient {
      let seed = try startingGradient(gradient)
      guard let origin else { return try accumulate(seed) }
      var pass = BackwardPass(retainGraph: retainGraph)
      try pass.run(from: origin, seed: seed)
    }
  }

  private func startingGradient(_ gradient: Tensor?) throws -> Tensor {
    guard let gradient else {
      guard count == 1 else {
        throw TensorError("backward: shape \(shape) has \(count) elements; give a gradient, or reduce to one element")
      }
      return try Tensor.full(shape, 1, type: type)
    }
    guard gradient.shape == shape else {
      throw TensorError("backward: the gradient has shape \(gradient.shape), expected \(shape)")
    }
    guard gradient.type == type else {
      throw TensorError("backward: the gradient is \(gradient.type.rawValue), expected \(type.rawValue)")
    }
    return gradient.detached()
  }

  /// Adds to the leaf's gradient. The first one is adopted without a copy if nobody else holds its memory and it lies
  /// in memory as the leaf does: optimizers walk both together.
  fileprivate func accumulate(_ arrived: consuming Tensor) throws {
    precondition(arrived.shape == shape, "backward: gradient \(arrived.shape) for a leaf of shape \(shape)")
    if let gradient {
      kernels.accumulate(arrived.buffer, scale: 1, into: gradient.buffer)
      gradient.buffer.storage.noteChange(by: "backward")
    } else if isKnownUniquelyReferenced(&arrived), isKnownUniquelyReferenced(&arrived.buffer.storage),
      arrived.buffer.strides == buffer.strides
    {
      gradient = arrived
    } else {
      gradient = Tensor(buffer: try arrived.buffer.copied(inOrderOf: buffer))
    }
  }
}

/// One walk from a result back to the leaves, in reverse order of dependence and without recursion.
private struct BackwardPass {
  let retainGraph: Bool
  /// Every node reached: what has to be put to rest after an error.
  private var visited: [Node] = []
  private var ready: [Node] = []

  init(retainGraph: Bool) { self.retainGraph = retainGraph }

  mutating func run(from root: Node, seed: Tensor) throws {
    defer { putToRest() }
    try countDependents(of: root)
    root.gradient = seed
    ready = [root]
    while let node = ready.popLast() { try propagate(node) }
  }

  /// Counts for each node how many gradients will arrive. Finds a freed part of the graph before anything is changed.
  private mutating func countDependents(of root: Node) throws {
    root.isVisited = true
    visited = [root]
    var next = 0
    while next < visited.count {
      let node = visited[next]
      next += 1
      if case .consumed = node.rule {
        throw TensorError(
          "backward: the graph at \(node.operation) was freed by an earlier backward; "
            + "give that one retain_graph to go through it again")
      }
      node.forEachEdge { edge in
        guard case .node(let input) = edge else { return }
        input.pendingCount += 1
        if !input.isVisited {
          input.isVisited = true
          visited.append(input)
        }
      }
    }
  }

  private mutating func propagate(_ node: Node) throws {
    let (rule, arrived) = (node.rule, node.gradient)
    node.gradient = nil
    if !retainGraph { node.rule = .consumed }
    do {
      switch rule {
      case .one(let edge, let gradient):
        try deliver(arrived.map { try gradient($0) }, to: edge)
      case .two(let first, let firstGradient, let second, let secondGradient):
        try deliver(arrived.map { try firstGradient($0) }, to: first)
        try deliver(arrived.map { try secondGradient($0) }, to: second)
      case .joint(let edges, let gradients):
        var all = try arrived.map { try gradients($0) } ?? edges.map { _ in nil }
        precondition(all.count == edges.count, "\(node.operation): \(all.count) gradients for \(edges.count) inputs")
        // Taken out one by one, so that a leaf finds its gradient held by nobody else.
        for (index, edge) in edges.enumerated() { if let edge { try deliver(all[index].take(), to: edge) } }
      case .consumed: break
      }
    } catch let stale as StaleValue {
      throw stale.explained(for: node.operation)
    }
  }

  private mutating func deliver(_ gradient: consuming Tensor?, to edge: Node.Edge) throws {
    switch edge {
    case .leaf(let leaf): if let arrived = consume gradient { try leaf.accumulate(consume arrived) }
    case .node(let node):
      if let gradient { try node.add(gradient) }
      node.pendingCount -= 1
      if node.pendingCount == 0 { ready.append(node) }
    }
  }

  private func putToRest() {
    for node in visited {
      (node.gradient, node.ownsGradient, node.pendingCount, node.isVisited) = (nil, false, 0, false)
    }
  }
}

extension Node {
  /// Adds an arriving gradient. The first is only held, for it may be shared; a second makes a sum that is owned here.
  fileprivate func add(_ arrived: Tensor) throws {
    guard let present = gradient else {
      gradient = arrived
      return
    }
    precondition(present.shape == arrived.shape, "\(operation): gradients \(present.shape) and \(arrived.shape)")
    if ownsGradient {
      present.kernels.accumulate(arrived.buffer, scale: 1, into: present.buffer)
    } else {
      gradient = try present + arrived
      ownsGradient = true
    }
  }
}
