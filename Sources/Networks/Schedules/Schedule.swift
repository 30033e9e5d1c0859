import Tensors

/// A value that depends on nothing but the number of the step, so that a resumed run continues exactly.
///
/// Steps count from 1: `schedule(1)` is for the first step, `schedule(steps)` for the last. Earlier numbers count as 1.
public protocol Schedule: Sendable {
  func callAsFunction(_ step: Int) -> Double
}

/// The same value at every step.
public struct ConstantSchedule: Schedule {
  public let base: Double

  public init(base: Double) throws {
    try Check.rate(base, "base", of: "constant")
    self.base = base
  }

  public func callAsFunction(_ step: Int) -> Double { base }
}

/// base · factor^k, where k counts the milestones that have been passed: after `milestones[0]` finished steps, so from
/// step `milestones[0] + 1` on, the value is base · factor, and so on.
public struct MultiStepSchedule: Schedule {
  public let base, factor: Double
  public let milestones: [Int]

  public init(base: Double, milestones: [Int], factor: Double = 0.1) throws {
    try Check.rate(base, "base", of: "multi_step")
    try Check.rate(factor, "factor", of: "multi_step")
    guard milestones.allSatisfy({ $0 > 0 }), milestones == milestones.sorted() else {
      throw TensorError("multi_step: milestones are \(milestones), expected positive step counts in rising order")
    }
    (self.base, self.milestones, self.factor) = (base, milestones, factor)
  }

  public func callAsFunction(_ step: Int) -> Double {
    var value = base
    for milestone in milestones where step > milestone { value *= factor }
    return value
  }
}

extension Check {
  static func rate(_ value: Double, _ name: String, of operation: String) throws {
    guard value.isFinite, value >= 0 else {
      throw TensorError("\(operation): \(name) is \(value), expected a finite number that is not negative")
    }
  }
}
