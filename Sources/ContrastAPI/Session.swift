import FoundationEssentials
import Kernels
import LuaBridge

/// What one Lua host carries from call to call: the run's random numbers and the command line it was started with.
public final class Session {
  /// Where every random thing takes its numbers from; `contrast.seed` starts it anew.
  private(set) var random: RandomStream
  /// The script's arguments, for `contrast.options`.
  var arguments: [String] = []
  /// The script's path; nil for code from elsewhere.
  var script: String?
  /// How a run behaves, as the command line said.
  var settings = RunSettings()

  init() { random = RandomStream(seed: 0) }

  func seed(_ seed: UInt64) { random = RandomStream(seed: seed) }

  /// Takes note of the script that is about to run.
  func begin(script: String?, arguments: [String]) {
    (self.script, self.arguments, settings) = (script, arguments, RunSettings())
  }

  /// The comment at the head of the script: what `--help` says first.
  var introduction: [String] {
    guard let script, let source = try? String(contentsOfFile: script, encoding: .utf8) else { return [] }
    return source.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.hasPrefix("#!") }.prefix { $0.hasPrefix("--") }
      .map { String($0.dropFirst(2).drop { $0 == " " }) }
  }
}
