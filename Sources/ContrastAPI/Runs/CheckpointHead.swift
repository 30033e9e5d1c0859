import Kernels
import LuaBridge

/// What a checkpoint says of itself: where the run stood, and what its bits depend on.
struct CheckpointHead {
  static let format = "contrast-lua run 1"

  let run: String
  /// What the batches are cut from: `32 of 128 images`.
  let batches: String
  let step, epoch, batch: Int
  let seed, randomPosition: UInt64
  /// What was logged since the epoch began.
  let metrics: Metrics
  /// Threads, instruction set and library: equal bits are promised only where these agree.
  let environment: [String: String]

  init(of run: Run) {
    metrics = run.metrics
    self.run = run.name
    batches = run.batches
    (step, epoch, batch) = (run.step, run.epoch, run.batchesDone)
    (seed, randomPosition) = (run.session.random.seed, run.session.random.position)
    environment = Self.currentEnvironment
  }

  /// - Throws: a sentence where the file is no checkpoint of a run.
  init(metadata: [String: String], path: String) throws {
    guard metadata["format"] == Self.format else {
      throw LuaError("run: '\(path)' is not a checkpoint of a run (it may hold weights: use contrast.load)")
    }
    func number(_ name: String, from low: Int) throws -> Int {
      guard let value = metadata[name].flatMap({ Int($0) }), value >= low, value < 1 << 53 else {
        throw LuaError("run: '\(path)' has no valid '\(name)'")
      }
      return value
    }
    run = metadata["run"] ?? ""
    (step, epoch, batch) = (try number("step", from: 0), try number("epoch", from: 1), try number("batch", from: 0))
    guard let seed = metadata["seed"].flatMap({ UInt64($0) }),
      let randomPosition = metadata["random_position"].flatMap({ UInt64($0) })
    else { throw LuaError("run: '\(path)' has no valid 'seed' or 'random_position'") }
    (self.seed, self.randomPosition) = (seed, randomPosition)
    batches = metadata["batches"] ?? ""
    if let text = metadata["metrics"] {
      guard let metrics = Metrics(encoded: text) else { throw LuaError("run: '\(path)' has no valid 'metrics'") }
      self.metrics = metrics
    } else {
      metrics = Metrics()
    }
    environment = metadata.filter { Self.currentEnvironment.keys.contains($0.key) }
  }

  func metadata() throws -> [String: String] {
    [
      "format": Self.format, "run": run, "batches": batches, "step": "\(step)", "epoch": "\(epoch)",
      "batch": "\(batch)", "seed": "\(seed)", "random_position": "\(randomPosition)", "metrics": try metrics.encoded(),
    ].merging(environment) { first, _ in first }
  }

  /// What differs between then and now and only changes bits. What changes the run itself throws.
  func differences(from current: Run, path: String) throws -> [String] {
    guard run == current.name else {
      throw LuaError("run: '\(path)' is a checkpoint of '\(run)', this run is '\(current.name)'")
    }
    guard seed == current.session.random.seed else {
      throw LuaError("run: '\(path)' was made with --seed \(seed), this run has --seed \(current.session.random.seed)")
    }
    return Self.currentEnvironment.sorted { $0.key < $1.key }.compactMap { name, now in
      guard let then = environment[name], then != now else { return nil }
      return "\(name) was \(then), is \(now): results will agree, but not to the last bit"
    }
  }

  private static var currentEnvironment: [String: String] {
    ["threads": "\(ThreadTeam.count)", "kernels": Kernels.description]
  }
}
