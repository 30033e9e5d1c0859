/// One recorded operation: where its gradient goes, and how it gets there.
final class Node {
  typealias Gradient = (Tensor) throws -> Tensor

  /// Where a gradient goes: to the operation that made the input, or to the input itself if it is a leaf.
  enum Edge {
    case node(Node)
    case leaf(Tensor)
  }

  /// How the output's gradient becomes the inputs'. Inputs without gradient are left out.
  enum Rule {
    case one(Edge, Gradient)
    case two(Edge, Gradient, Edge, Gradient)
    /// All at once, for kernels that compute several gradients in one pass.
    case joint([Edge?], (Tensor) throws -> [Tensor?])
    /// Freed by an earlier `backward`.
    case consumed
  }

  let operation: StaticString
  var rule: Rule

  // The state of a backward pass; at rest outside of one.
  /// The output's gradient as far as it has arrived.
  var gradient: Tensor?
  /// Whether `gradient` is a sum made here, which nobody else holds and may be added to in place.
  var ownsGradient = false
  /// How many gradients are still to arrive.
  var pendingCount = 0
  var isVisited = false

  init(_ operation: StaticString, _ rule: Rule) { (self.operation, self.rule) = (operation, rule) }

  func forEachEdge(_ body: (Edge) -> Void) {
    switch rule {
    case .one(let edge, _): body(edge)
    case .two(let first, _, let second, _):
      body(first)
      body(second)
    case .joint(let edges, _): for case let edge? in edges { body(edge) }
    case .consumed: break
    }
  }

  /// Releases the nodes behind this one with a list instead of by recursion: a chain of a million operations would
  /// overflow the stack.
  deinit {
    var pending: [Node] = []
    releaseInputs(into: &pending)
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) { node.releaseInputs(into: &pending) }
    }
  }

  /// Moves the nodes among the inputs to a list, and frees what the rule holds.
  private func releaseInputs(into pending: inout [Node]) {
    if case .consumed = rule { return }
    forEachEdge { edge in
      if case .node(let node) = edge { pending.append(node) }
    }
    rule = .consumed
  }
}
