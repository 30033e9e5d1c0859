import Foundation
import Images
import Kernels
import LuaBridge
import SelfSupervision
import Tensors

/// One training run: where it stands, what it saves, what it shows.
final class Run {
  let name: String
  let settings: RunSettings
  /// What goes into a checkpoint, by name.
  let parts: [(name: String, part: any Checkpointed)]
  let session: Session

  /// Steps begun, counting from 1 inside the loop.
  private(set) var step = 0
  /// The epoch under way, counting from 1.
  private(set) var epoch = 1
  /// Batches of this epoch that have been handed out.
  private(set) var batchesDone = 0
  /// What the batches are cut from, once that is known.
  private(set) var batches = ""

  /// What was logged since the epoch began.
  private(set) var metrics = Metrics()
  private var progress: Progress
  private var hooks: [(every: Int, body: LuaFunction)] = []
  private var lastOutput: Tensor?
  private var epochStart = Run.now
  private var viewsSeen = 0

  init(name: String, settings: RunSettings, parts: [(name: String, part: any Checkpointed)], session: Session) throws {
    (self.name, self.settings, self.parts, self.session) = (name, settings, parts, session)
    progress = Progress(isQuiet: settings.isQuiet)
    if let path = settings.resume { try restore(from: path) }
  }

  static var now: Double { ProcessInfo.processInfo.systemUptime }

  /// All batches of all epochs, one after the other, beginning where the run stands. Between two batches the run saves,
  /// shows and stops: a step is never cut in half.
  func over(_ loader: Loader, epochs: Int) throws -> LuaIterator {
    guard loader.batchCount > 0 else {
      throw LuaError(
        "run:over: the loader has no batches (\(loader.collection.count) images, \(loader.batchSize) a batch)")
    }
    try begin(loader)
    var current: Epoch?
    LuaHost.current?.defersInterrupts = true
    epochStart = Run.now
    return LuaIterator { [self] () -> BatchObject? in
      do {
        if step > 0 { try finishStep() }
        while epoch <= epochs {
          let batches = current ?? loader.epoch(epoch - 1, from: batchesDone)
          current = batches
          if let batch = try batches.next() {
            step += 1
            batchesDone += 1
            showProgress(of: loader, epochs: epochs)
            viewsSeen += batch.views.count * batch.indices.count
            return BatchObject(batch)
          }
          current = nil
          try finishEpoch(epochs: epochs, loader: loader)
        }
        LuaHost.current?.defersInterrupts = false
        return nil
      } catch {
        LuaHost.current?.defersInterrupts = false
        throw error
      }
    }
  }

  /// Takes note of what the batches are cut from. A resumed run must cut the same ones.
  private func begin(_ loader: Loader) throws {
    let description = "\(loader.batchSize) of \(loader.collection.count) images"
    guard batches.isEmpty || batches == description, batchesDone <= loader.batchCount else {
      throw LuaError("run:over: batches of \(description); the checkpoint was made with batches of \(batches)")
    }
    batches = description
  }

  /// Remembers what the script measured in this step.
  /// - Throws: when a value is not finite: the run stops before its last good checkpoint is overwritten.
  func log(_ values: [(name: String, value: LoggedValue)]) throws {
    for (name, value) in values {
      switch value {
      case .number(let number):
        try Metrics.check(name, operation: "run:log")
        guard number.isFinite else { throw notFinite(name, number) }
        metrics.add(name, number)
      case .output(let tensor): lastOutput = tensor.detached()
      }
    }
  }

  /// Calls a function after every so many epochs; the numbers it returns are shown and logged.
  func afterEpochs(_ every: Int, _ body: LuaFunction) { hooks.append((every, body)) }

  /// Writes the checkpoint now. It counts the step under way as done: to be called at its end.
  func save() throws {
    guard let path = settings.checkpoint else {
      throw LuaError("run:save: no checkpoint file was given (--checkpoint FILE)")
    }
    try writeCheckpoint(to: path)
  }

  // MARK: Between steps

  /// Ends the run here if Ctrl-C or `--stop` asks for it.
  private func finishStep() throws {
    let host = LuaHost.current
    let isInterrupted = host?.isInterruptRequested ?? false
    guard isInterrupted || step == settings.stopStep else { return }
    if let path = settings.checkpoint { try writeCheckpoint(to: path) }
    let advice =
      settings.checkpoint.map { "saved \($0): go on with --resume \($0)" }
      ?? "nothing is saved without --checkpoint FILE"
    progress.announce("\(isInterrupted ? "interrupted" : "stopped") after step \(step); \(advice)")
    if isInterrupted { host?.stop() } else { host?.exit(code: 0) }
    throw LuaError("stopped")
  }

  private func finishEpoch(epochs: Int, loader: Loader) throws {
    let seconds = Run.now - epochStart
    let rate = Double(viewsSeen) / max(seconds, 1e-9)
    let results = try evaluate()
    readCollapse()
    var line =
      "epoch \(epoch)/\(epochs)  step \(step)  \(metrics.text)  \(Int(rate)) views/s  \(Self.duration(seconds))"
    // Apart from what the script logged, so that a hook which runs again after resuming counts nothing twice.
    var finished = metrics
    for (name, value) in results {
      finished.set(name, value)
      line += "  \(name) \(Metrics.format(value))"
    }
    progress.finish(line)
    let number = epoch
    (epoch, batchesDone, metrics) = (epoch + 1, 0, Metrics())
    if let path = settings.checkpoint { try writeCheckpoint(to: path) }
    try appendLog(epoch: number, finished, seconds: seconds)
    (epochStart, viewsSeen) = (Run.now, 0)
  }

  /// What the functions that are due after this epoch say.
  private func evaluate() throws -> [(name: String, value: Double)] {
    try hooks.filter { epoch % $0.every == 0 }.flatMap { hook in
      let results: [String: Double] = try hook.body() ?? [:]
      return try results.sorted { $0.key < $1.key }.map { name, value in
        try Metrics.check(name, operation: "run:after_epochs")
        return (name, value)
      }
    }
  }

  private func showProgress(of loader: Loader, epochs: Int) {
    let time = Run.now
    guard progress.isDue(at: time), viewsSeen > 0 else { return }
    var shown = metrics
    if let spread = lastOutput.flatMap({ try? CollapseReading.spread(of: $0) }) { shown.set("spread", spread) }
    let rate = Double(viewsSeen) / max(time - epochStart, 1e-9)
    progress.show(
      "epoch \(epoch)/\(epochs)  batch \(batchesDone)/\(loader.batchCount)  \(shown.text)  \(Int(rate)) views/s",
      at: time)
  }

  /// Adds the collapse reading of the latest embeddings: a `spread` of 1 is all directions, of 0 collapse.
  private func readCollapse() {
    guard let reading = lastOutput.flatMap({ try? CollapseReading(of: $0) }) else { return }
    metrics.set("spread", reading.spread)
    metrics.set("rank", reading.effectiveRank)
    lastOutput = nil
  }

  private func appendLog(epoch: Int, _ metrics: Metrics, seconds: Double) throws {
    guard let path = settings.log else { return }
    var record: [String: Any] = [:]
    for (name, value) in metrics.values { record[name] = value.isFinite ? value : NSNull() }
    record.merge(["run": name, "epoch": epoch, "step": step, "seconds": seconds]) { $1 }
    let data = try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys]) + Data("\n".utf8)
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let file = FileHandle(forWritingAtPath: path) else { throw LuaError("run: cannot write the log '\(path)'") }
    defer { try? file.close() }
    do {
      try file.seekToEnd()
      try file.write(contentsOf: data)
    } catch { throw LuaError("run: cannot write the log '\(path)': \(error.localizedDescription)") }
  }

  private func notFinite(_ name: String, _ value: Double) -> LuaError {
    let kept = settings.checkpoint.map { "; '\($0)' keeps the state of its last save" } ?? ""
    return LuaError("run: \(name) is \(value) at step \(step) (epoch \(epoch), batch \(batchesDone))\(kept)")
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 60
      ? String(format: "%.1f s", seconds) : String(format: "%d:%02d min", Int(seconds) / 60, Int(seconds) % 60)
  }

  // MARK: Checkpoints

  /// Everything that the next step depends on, in one safetensors file.
  private func writeCheckpoint(to path: String) throws {
    readCollapse()
    var tensors: [(name: String, tensor: Tensor)] = []
    for (prefix, part) in parts {
      for (name, tensor) in try part.checkpointTensors() { tensors.append(("\(prefix).\(name)", tensor)) }
    }
    try SafeTensors.write(tensors, metadata: CheckpointHead(of: self).metadata(), to: path)
  }

  private func restore(from path: String) throws {
    let file = try SafeTensors.read(path)
    let head = try CheckpointHead(metadata: file.metadata, path: path)
    for difference in try head.differences(from: self, path: path) { progress.announce("note: \(difference)") }
    var byPart: [String: [String: Tensor]] = [:]
    for (name, tensor) in file.tensors {
      guard let prefix = parts.map(\.name).filter({ name.hasPrefix($0 + ".") }).max(by: { $0.count < $1.count }) else {
        throw LuaError("run: '\(path)' holds '\(name)', which this run does not save")
      }
      byPart[prefix, default: [:]][String(name.dropFirst(prefix.count + 1))] = tensor
    }
    for (name, part) in parts {
      do { try part.restore(byPart[name] ?? [:]) } catch { throw LuaError("run: '\(path)', \(name): \(error)") }
    }
    (step, epoch, batchesDone, batches) = (head.step, head.epoch, head.batch, head.batches)
    metrics = head.metrics
    session.random.position = head.randomPosition
    progress.finish("resumed '\(path)' after step \(step)")
  }
}

/// What `run:log` takes: numbers, and the network's output for the collapse reading.
enum LoggedValue {
  case number(Double)
  case output(Tensor)
}
