import Kernels
import Tensors

/// Changes parameters along their gradients. A subclass is its equation: it overrides `update`, and names what it
/// remembers of each parameter in `memoryNames`.
open class Optimizer {
  /// The optimizer's name in error messages.
  public let name: String
  public let slots: [ParameterSlot]
  /// How many steps have been finished.
  public internal(set) var stepCount = 0

  /// - Throws: `TensorError` when there are no parameters, when one appears twice, or when it cannot be optimised.
  public init(name: String, for groups: [ParameterGroup], weightDecay: Double) throws {
    self.name = name
    try Check.rate(weightDecay, "weight decay", of: name)
    slots = try Self.makeSlots(name, groups, weightDecay: weightDecay)
  }

  /// What `update` keeps in each slot's memories.
  open var memoryNames: [String] { [] }

  /// Applies one step's updates, all of one element type.
  open func update(_ updates: [ParameterUpdate], with kernels: any KernelSet) throws {
    throw TensorError("\(name): this optimizer has no update")
  }

  /// Applies the gradients and clears them. A parameter without gradient is passed over and remembers nothing of the
  /// step. - Throws: `TensorError` when a gradient is not finite (nothing has been changed then).
  public final func step(learningRate: Double) throws {
    try Check.rate(learningRate, "learning rate", of: name)
    let updates = try pendingUpdates(learningRate: learningRate)
    // Memory may run out here, before anything has changed.
    for update in updates { for memory in memoryNames { _ = try update.slot.memory(memory) } }
    for type in [ElementType.float32, .float64] {
      let some = updates.filter { $0.parameter.type == type }
      if !some.isEmpty { try update(some, with: Kernels.forType(type)) }
    }
    for update in updates {
      update.slot.updateCount += 1
      update.slot.parameter.buffer.storage.noteChange(by: "an optimizer step")
    }
    clearGradients()
    stepCount += 1
  }

  /// Forgets the gradients of all parameters.
  public final func clearGradients() {
    for slot in slots { slot.parameter.gradient = nil }
  }

  private func pendingUpdates(learningRate: Double) throws -> [ParameterUpdate] {
    try slots.compactMap { slot in
      guard let gradient = try checkedGradient(of: slot) else { return nil }
      let buffer = try slot.orderedGradient(gradient)
      let squaredNorm = Kernels.forType(buffer.type).sumOfSquares(buffer)
      guard squaredNorm.isFinite else {
        throw TensorError(
          "\(name): the gradient of '\(slot.name)' is not finite; nothing was changed "
            + "(lower the learning rate, or look for a division by zero or a logarithm of zero in the loss)")
      }
      return ParameterUpdate(
        slot: slot, gradient: buffer, squaredNorm: squaredNorm, learningRate: learningRate * slot.learningRateScale)
    }
  }

  /// The slot's gradient, if any. A script may have put one there, so its shape is checked.
  func checkedGradient(of slot: ParameterSlot) throws -> Tensor? {
    guard let gradient = slot.parameter.gradient else { return nil }
    guard gradient.shape == slot.parameter.shape, gradient.type == slot.parameter.type else {
      throw TensorError(
        "\(name): the gradient of '\(slot.name)' is \(gradient.type.rawValue) \(gradient.shape), "
          + "expected \(slot.parameter.type.rawValue) \(slot.parameter.shape)")
    }
    return gradient
  }
}

extension Optimizer {
  private static func makeSlots(_ optimizer: String, _ groups: [ParameterGroup], weightDecay: Double) throws
    -> [ParameterSlot]
  {
    let names = groups.flatMap { $0.parameters.map(\.name) }
    let areUnique = Set(names).count == names.count
    var owners: [ObjectIdentifier: String] = [:]
    var slots: [ParameterSlot] = []
    for (position, group) in groups.enumerated() {
      try Check.rate(group.weightDecay ?? 0, "weight decay", of: optimizer)
      try Check.rate(group.learningRateScale, "learning rate scale", of: optimizer)
      for (shortName, parameter) in group.parameters {
        let name = areUnique ? shortName : "group\(position).\(shortName)"
        try check(parameter, name, optimizer)
        if let owner = owners.updateValue(name, forKey: ObjectIdentifier(parameter)) {
          throw TensorError("\(optimizer): parameter '\(name)' is there twice (also as '\(owner)')")
        }
        slots.append(
          ParameterSlot(
            name: name, parameter: parameter, weightDecay: group.weightDecay ?? weightDecay,
            learningRateScale: group.learningRateScale))
      }
    }
    guard !slots.isEmpty else { throw TensorError("\(optimizer): there are no parameters to optimise") }
    guard Set(slots.map(\.name)).count == slots.count else {
      throw TensorError("\(optimizer): two parameters of one group have the same name")
    }
    return slots
  }

  private static func check(_ parameter: Tensor, _ name: String, _ optimizer: String) throws {
    guard parameter.type.isFloatingPoint else {
      throw TensorError(
        "\(optimizer): parameter '\(name)' is \(parameter.type.rawValue), expected a floating-point type")
    }
    guard parameter.buffer.isDense else {
      throw TensorError("\(optimizer): parameter '\(name)' is a view with gaps or repeats; give the tensor itself")
    }
  }
}
