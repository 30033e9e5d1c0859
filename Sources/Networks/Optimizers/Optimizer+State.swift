import Tensors

extension Optimizer {
  /// All that the optimizer remembers, for a checkpoint: `steps`, and for each parameter `updates.NAME` and, once it
  /// has been updated, each memory, such as `velocity.NAME`. The tensors of memories are its own, not copies.
  public final func stateDictionary() throws -> [(name: String, tensor: Tensor)] {
    var entries = [(name: "steps", tensor: try Tensor.full([], Double(stepCount), type: .int64))]
    for slot in slots {
      entries.append(("updates.\(slot.name)", try Tensor.full([], Double(slot.updateCount), type: .int64)))
      for memory in memoryNames where slot.updateCount > 0 {
        if let tensor = slot.memories[memory] { entries.append(("\(memory).\(slot.name)", tensor)) }
      }
    }
    return entries
  }

  /// Continues from a checkpoint exactly: everything is replaced or, when it throws, nothing.
  /// - Throws: `TensorError` naming what is missing, unexpected, mis-shaped or negative.
  public final func load(_ tensors: [String: Tensor]) throws {
    let steps = try count("steps", in: tensors)
    let updates = try slots.map { try count("updates.\($0.name)", in: tensors) }
    let comparison = StateComparison(given: tensors, expected: try expectedState(updates))
    try comparison.check(strict: true, operation: "\(name).load_state")
    let memories = try zip(slots, updates).map { slot, updates in
      updates == 0 ? [:] : try copiedMemories(of: slot, from: tensors)
    }
    stepCount = steps
    for (slot, (updates, memories)) in zip(slots, zip(updates, memories)) {
      (slot.updateCount, slot.memories) = (updates, memories)
    }
  }

  /// The same for a list, such as another optimizer's `stateDictionary()`.
  public final func load(_ tensors: [(name: String, tensor: Tensor)]) throws {
    try load(Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 }))
  }

  /// A count in a checkpoint: 0 where it is missing (the comparison says so afterwards).
  private func count(_ entry: String, in tensors: [String: Tensor]) throws -> Int {
    guard let tensor = tensors[entry], tensor.count == 1, tensor.type == .int64 else { return 0 }
    let value = try tensor.item()
    guard let count = Int(exactly: value), count >= 0 else {
      throw TensorError("\(name).load_state: '\(entry)' is \(value), expected a count; nothing was changed")
    }
    return count
  }

  private func expectedState(_ updates: [Int]) throws -> [(name: String, tensor: Tensor)] {
    let scalar = try Tensor.zeros([], type: .int64)
    var expected = [(name: "steps", tensor: scalar)]
    for (slot, updates) in zip(slots, updates) {
      expected.append(("updates.\(slot.name)", scalar))
      guard updates > 0 else { continue }
      for memory in memoryNames { expected.append(("\(memory).\(slot.name)", slot.parameter)) }
    }
    return expected
  }

  private func copiedMemories(of slot: ParameterSlot, from tensors: [String: Tensor]) throws -> [String: Tensor] {
    var memories: [String: Tensor] = [:]
    for memory in memoryNames {
      guard let value = tensors["\(memory).\(slot.name)"] else { continue }
      let copy = Tensor(buffer: try slot.blank())
      _ = try Tensor.withoutGradient { try copy.copyIn(value) }
      memories[memory] = copy
    }
    return memories
  }
}
