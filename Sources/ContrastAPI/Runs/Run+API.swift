import Images
import LuaBridge
import Networks
import SelfSupervision
import Tensors

extension Run: LuaObject {}

/// `contrast.options` and `contrast.run`.
@ModuleBuilder func runEntries(_ session: Session) -> [ModuleMember] {
  Function(
    "options",
    """
    Declares the script's command-line options and reads them. `--help`, `--seed`, `--threads`, `--checkpoint`, \
    `--resume` and others come with every script.
    """,
    Argument("declared", "{ name = { default, \"what it means\" } }"), returns: "the values by name"
  ) {
    (declared: LuaTable) in try session.readOptions(declared)
  }
  runClass()
  Function(
    "run", "Starts a run: progress, checkpoints, resuming. Give it everything that the next step depends on.",
    Argument("name", "what this run is"),
    Argument("parts", "layers, optimizers, queues and tensors to save, by name", default: [:]), returns: "the run"
  ) {
    (name: String, parts: [String: CheckpointedValue]) in
    try Run(
      name: name, settings: session.settings,
      parts: parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.part) }, session: session)
  }
}

private func runClass() -> Class<Run> {
  Class(Run.self, "A training run.") {
    Method(
      "over", "All batches of all epochs, beginning where the run stands: `for batch in run:over(batches, epochs) do`.",
      Argument("batches", "a loader"), Argument("epochs", "how many", in: 0...), returns: "an iterator of batches"
    ) {
      (run: Run, loader: Loader, epochs: Int) in try run.over(loader, epochs: epochs)
    }
    Method(
      "log",
      """
      Remembers what this step measured. Numbers and one-element tensors are averaged over the epoch; `output`, \
      embeddings [n, d], gives the collapse reading.
      """,
      Argument("values", "{ loss = loss, lr = rate, output = embeddings }")
    ) {
      (run: Run, values: [String: Either<Double, Tensor>]) in
      try run.log(values.sorted { order($0.key) < order($1.key) }.map { ($0.key, try loggedValue($0.key, $0.value)) })
    }
    Method(
      "after_epochs",
      "Calls a function after every so many epochs; the numbers it returns by name are shown and logged.",
      Argument("every", "how many epochs", in: 1...), Argument("body", "the function")
    ) {
      (run: Run, every: Int, body: LuaFunction) in run.afterEpochs(every, body)
    }
    Method("save", "Writes the checkpoint now, with the step under way as done: call it at the end of a step.") { try $0.save() }
    Property("step", "the step under way, from 1") { $0.step }
    Property("epoch", "the epoch under way, from 1") { $0.epoch }
    Property("name", "what this run is") { $0.name }
  }
}

/// The loss first, then everything else by name.
private func order(_ name: String) -> String { name == "loss" ? "" : name }

private func loggedValue(_ name: String, _ value: Either<Double, Tensor>) throws -> LoggedValue {
  switch value {
  case .first(let number): return .number(number)
  case .second(let tensor) where tensor.rank == 2: return .output(tensor)
  case .second(let tensor):
    guard tensor.count == 1 else {
      throw LuaError("run:log: \(name) is a tensor of shape \(tensor.shape); one number or [n, d] expected")
    }
    return .number(try tensor.item())
  }
}

/// Anything that a run can save.
struct CheckpointedValue: LuaReadable {
  let part: any Checkpointed

  static var luaName: String { "Layer|Optimizer|Tensor" }

  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> CheckpointedValue {
    if let layer = try? Layer.read(lua, at: index) { return CheckpointedValue(part: layer) }
    if let optimizer = try? Optimizer.read(lua, at: index) { return CheckpointedValue(part: optimizer) }
    return CheckpointedValue(part: try Tensor.read(lua, at: index))
  }
}
