import Networks
import Tensors
import Testing

@Suite struct ScheduleTests {
  func isClose(_ first: Double, _ second: Double) -> Bool { abs(first - second) < 1e-12 }

  @Test func cosineWarmsUpAndFalls() throws {
    let rate = try CosineSchedule(base: 0.4, steps: 14, warmup: 4)
    #expect([1, 2, 3, 4].allSatisfy { isClose(rate($0), 0.1 * Double($0)) })
    #expect(rate(5) == 0.4)
    #expect(isClose(rate(10), 0.2))  // half of the ten steps after warm-up: cos(π / 2) = 0
    // 0.4 · (1 + cos(0.9 π)) / 2
    #expect(isClose(rate(14), 0.4 * (1 - 0.951_056_516_295_153_5) / 2))
    #expect(rate(15) == 0 && rate(1000) == 0)
    #expect(rate(0) == rate(1) && rate(.min) == rate(1))
    #expect((5..<15).allSatisfy { rate($0) > rate($0 + 1) })
  }

  @Test func cosineWithoutWarmupStartsAtBaseAndEndsAtFinal() throws {
    let rate = try CosineSchedule(base: 1, steps: 4, final: 0.5)
    #expect(rate(1) == 1 && isClose(rate(3), 0.75) && rate(5) == 0.5)
    let onlyWarmup = try CosineSchedule(base: 1, steps: 4, warmup: 4)
    #expect(onlyWarmup(4) == 1 && onlyWarmup(5) == 0)
  }

  @Test func milestonesCountFinishedSteps() throws {
    let rate = try MultiStepSchedule(base: 1, milestones: [3, 5], factor: 0.5)
    #expect((1...7).map { rate($0) } == [1, 1, 1, 0.5, 0.5, 0.25, 0.25])
    #expect(try ConstantSchedule(base: 0.3)(99) == 0.3)
  }

  @Test func mistakesAreNamed() {
    func sentence(_ body: () throws -> Any) -> String {
      do {
        _ = try body()
        return "nothing was thrown"
      } catch { return "\(error)" }
    }
    #expect(sentence { try CosineSchedule(base: 1, steps: 0) } == "cosine: steps is 0, expected at least 1")
    #expect(
      sentence { try CosineSchedule(base: 1, steps: 5, warmup: 6) } == "cosine: warmup is 6, expected 0 to steps (5)")
    #expect(
      sentence { try CosineSchedule(base: .infinity, steps: 5) }
        == "cosine: base is inf, expected a finite number that is not negative")
    #expect(
      sentence { try MultiStepSchedule(base: 1, milestones: [5, 3]) }
        == "multi_step: milestones are [5, 3], expected positive step counts in rising order")
  }
}
