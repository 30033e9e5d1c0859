import Foundation

/// The means of what a script logs, over one epoch.
struct Metrics {
  private var sums: [(name: String, sum: Double, count: Int, last: Double)] = []

  mutating func add(_ name: String, _ value: Double) {
    if let position = sums.firstIndex(where: { $0.name == name }) {
      sums[position].sum += value
      sums[position].count += 1
      sums[position].last = value
    } else {
      sums.append((name, value, 1, value))
    }
  }

  mutating func reset() { sums = [] }

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
