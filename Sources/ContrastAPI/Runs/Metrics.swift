import Foundation
import LuaBridge

/// The means of what a script logs, over one epoch. Kept in checkpoints, so that an epoch's means are the same whether
/// or not the run was interrupted in it.
struct Metrics: Codable {
  private struct Sum: Codable {
    var name: String
    var sum: Double
    var count: Int
    var last: Double
  }
  private var sums: [Sum] = []

  init() {}

  /// - Throws: for the names of the run's own readings, which are no means.
  static func check(_ name: String, operation: String) throws {
    guard name == "spread" || name == "rank" else { return }
    throw LuaError("\(operation): '\(name)' is what the run itself reads from 'output'; choose another name")
  }

  mutating func add(_ name: String, _ value: Double) {
    guard let position = sums.firstIndex(where: { $0.name == name }) else { return set(name, value) }
    sums[position].sum += value
    sums[position].count += 1
    sums[position].last = value
  }

  /// For what is not averaged: the latest reading stands for the epoch.
  mutating func set(_ name: String, _ value: Double) {
    let reading = Sum(name: name, sum: value, count: 1, last: value)
    if let position = sums.firstIndex(where: { $0.name == name }) {
      sums[position] = reading
    } else {
      sums.append(reading)
    }
  }

  /// What is shown: the learning rate as it is, everything else as its mean.
  var values: [(name: String, value: Double)] {
    sums.map { ($0.name, $0.name == "lr" ? $0.last : $0.sum / Double($0.count)) }
  }

  // MARK: In a checkpoint

  /// As JSON. Sums may have overflowed, which is no reason not to save.
  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// nil for a text that is not of `encoded`.
  init?(encoded text: String) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let metrics = try? decoder.decode(Metrics.self, from: Data(text.utf8)),
      metrics.sums.allSatisfy({ $0.count >= 1 && $0.count < 1 << 53 })
    else { return nil }
    self = metrics
  }

  // MARK: Texts

  /// `loss 1.234  lr 0.060`.
  var text: String { values.map { "\($0.name) \(Self.format($0.value))" }.joined(separator: "  ") }

  /// Four significant digits, without an exponent where that reads well.
  static func format(_ value: Double) -> String {
    let magnitude = abs(value)
    if magnitude != 0, magnitude < 1e-3 || magnitude >= 1e6 { return String(format: "%.2e", value) }
    return String(format: magnitude >= 100 ? "%.1f" : "%.4f", value)
  }
}
