import LuaBridge
import Networks
import Tensors

extension Optimizer: LuaObject {}
extension LARS.Momentum: LuaEnumeration {}

/// `contrast.optim`: optimizers and schedules.
func optimizerModule() -> Module {
  Module("optim", "Optimizers, and schedules of their learning rate.") {
    optimizerClass()
    Function(
      "SGD", "Stochastic gradient descent, as PyTorch's.", Argument("layers", "a list of layers"),
      Argument("momentum", "share of the velocity that is kept", default: 0.0, in: 0...1),
      Argument("weight_decay", "pull towards zero", default: 0.0, in: .nonNegative),
      Argument("nesterov", "look ahead along the velocity", default: false), returns: "the optimizer", named: true
    ) {
      (layers: Layers, momentum: Double, decay: Double, nesterov: Bool) -> Optimizer in
      try SGD(for: layers.list, momentum: momentum, nesterov: nesterov, weightDecay: decay)
    }
    Function(
      "AdamW", "Adam with decoupled weight decay; Loshchilov, Hutter, 2019, arXiv:1711.05101.",
      Argument("layers", "a list of layers"),
      Argument("weight_decay", "pull towards zero", default: 0.01, in: .nonNegative),
      Argument("beta1", "decay of the first moment", default: 0.9, in: 0..<1),
      Argument("beta2", "decay of the second moment", default: 0.999, in: 0..<1),
      Argument("eps", "added to the root of the second moment", default: 1e-8, in: .positive), returns: "the optimizer",
      named: true
    ) {
      (layers: Layers, decay: Double, beta1: Double, beta2: Double, epsilon: Double) -> Optimizer in
      try AdamW(for: layers.list, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    }
    Function(
      "LARS",
      """
      Layer-wise adaptive rates; You, Gitman, Ginsburg, 2017, arXiv:1708.03888. Biases and normalisation are neither \
      decayed nor scaled.
      """,
      Argument("layers", "a list of layers"),
      Argument("momentum", "share of the velocity that is kept", default: 0.9, in: 0...1),
      Argument("weight_decay", "pull towards zero", default: 0.0, in: .nonNegative),
      Argument("trust", "the trust coefficient", default: 0.001, in: .positive),
      Argument(
        "variant", "popular: the rate outside the velocity (BYOL); classic: inside (SimCLR's code)", default: .popular),
      returns: "the optimizer", named: true
    ) {
      (layers: Layers, momentum: Double, decay: Double, trust: Double, variant: LARS.Momentum) -> Optimizer in
      try LARS(for: layers.list, momentum: momentum, weightDecay: decay, trustCoefficient: trust, variant: variant)
    }
    scheduleEntries()
  }
}

/// One layer, or a list of them.
struct Layers: LuaReadable {
  let list: [Layer]

  static var luaName: String { "Layer|Layer[]" }
  static var tableForm: LuaTableForm { .list }

  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Layers {
    if let layer = try? Layer.read(lua, at: index) { return Layers(list: [layer]) }
    return Layers(list: try [Layer].read(lua, at: index))
  }
}

private func optimizerClass() -> Class<Optimizer> {
  Class(Optimizer.self, "Changes parameters along their gradients.") {
    Method(
      "step", "Applies the gradients, then clears them.",
      Argument("learning_rate", "size of the step", in: .nonNegative)
    ) {
      (optimizer: Optimizer, rate: Double) in try optimizer.step(learningRate: rate)
    }
    Method("zero_grad", "Forgets the gradients.") { $0.clearGradients() }
    Method(
      "clip_gradients", "Scales all gradients so that their joint norm is at most this.",
      Argument("norm", "the bound", in: .positive), returns: "the norm before"
    ) {
      (optimizer: Optimizer, norm: Double) in try optimizer.clipGradients(norm: norm)
    }
    Method("gradient_norm", "The joint norm of all gradients.", returns: "the norm") { try $0.gradientNorm() }
    Property("steps", "how many steps have been taken") { $0.stepCount }
  }
}

/// A schedule in a script's hands: call it with a step, counted from 1.
final class ScheduleObject: LuaObject {
  static var luaName: String { "Schedule" }
  let schedule: any Schedule

  init(_ schedule: any Schedule) { self.schedule = schedule }
}

@ModuleBuilder private func scheduleEntries() -> [ModuleMember] {
  Class(ScheduleObject.self, "A number for every step.") {
    Operator(.call, "The value at a step.", Argument("step", "counted from 1", in: 0...), returns: "the value") {
      (object: ScheduleObject, step: Int) in object.schedule(step)
    }
  }
  Function(
    "cosine", "Linear warm-up, then half a cosine down to `final`; Loshchilov, Hutter, 2017, arXiv:1608.03983.",
    Argument("base", "the highest value", in: .nonNegative), Argument("steps", "steps in all", in: 1...),
    Argument("warmup", "steps of warm-up", default: 0, in: 0...),
    Argument("final", "the value at the end", default: 0.0), returns: "a schedule: call it with the step", named: true
  ) {
    (base: Double, steps: Int, warmup: Int, final: Double) in
    ScheduleObject(try CosineSchedule(base: base, steps: steps, warmup: warmup, final: final))
  }
  Function(
    "multistep", "Multiplied by `factor` after each of the milestones.",
    Argument("base", "the value at the start", in: .nonNegative), Argument("milestones", "a list of steps"),
    Argument("factor", "what each multiplies with", default: 0.1), returns: "a schedule: call it with the step",
    named: true
  ) {
    (base: Double, milestones: [Int], factor: Double) in
    ScheduleObject(try MultiStepSchedule(base: base, milestones: milestones, factor: factor))
  }
}
