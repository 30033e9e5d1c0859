import Foundation

/// The means of what a script logs, over one epoch. Encoded in checkpoints, so that an epoch's means are the same
/// whether or not the run was interrupted in it.
struct Metrics: Codable {
  private struct Sum: Codable {
    var name: String
    var sum: Double
    var count: Int
    var last: Double
  }
  private var sums: [Sum] = []

  /// A file may hold any numbers.
  var isValid: Bool { sums.allSatisfy { $0.count >= 1 && $0.count < 1 << 53 } }

  mutating func add(_ name: String, _ value: Double) {
    if let position = sums.firstIndex(where: { $0.name == name }) {
      sums[position].sum += value
      sums[position].count += 1
      sums[position].last = value
    } else {
      sums.append(Sum(name: name, sum: value, count: 1, last: value))
    }
  }

  /// What is shown: the learning rate as it is, everything else as its mean.
  var values: [(name: String, value: Double)] {
    sums.map { ($0.name, $0.name == "lr" ? $0.last : $0.sum / Double($0.count)) }
  }

  /// `loss 1.234  lr 0.060`.
  var text: String { values.map { "\($0.name) \(Self.format($0.value))" }.joined(separator: "  ") }

  /// Four significant digits, without an exponent where that reads well.
  static func format(_ value: Double) -> String {
    let magnitude = abs(value)
    if magnitude != 0, magnitude < 1e-3 || magnitude >= 1e6 { return String(format: "%.2e", value) }
    return String(format: magnitude >= 100 ? "%.1f" : "%.4f", value)
  }
}
