import CKernels
import Foundation
import Kernels
import Testing

/// A thread's own team and instruction level reach the kernels that it starts, and nothing else in the process.
@Suite struct OwnSettingsTests {
  private struct Settings: Hashable, CustomStringConvertible {
    var threads: Int
    var level: Int32

    static var current: Settings { Settings(threads: ThreadTeam.count, level: InstructionLevel.current) }
    var description: String { "\(threads) threads at level \(level)" }
  }

  /// What each part of a job sees.
  private func seen(parts: Int) -> [Settings] {
    var result = [Settings](repeating: Settings(threads: 0, level: -2), count: parts)
    result.withUnsafeMutableBufferPointer { buffer in
      contrast_parallel_parts(
        parts, { context, part in context!.assumingMemoryBound(to: Settings.self)[part] = .current }, buffer.baseAddress)
    }
    return result
  }

  @Test func theTeamSeesTheCallersSettings() {
    let own = Settings(threads: 3, level: 0)
    let outer = Settings.current
    let parts = ThreadTeam.using(own.threads) { InstructionLevel.using(own.level) { seen(parts: 12) } }
    #expect(parts == [Settings](repeating: own, count: 12))
    #expect(Settings.current == outer)
    #expect(seen(parts: 12) == [Settings](repeating: outer, count: 12))
  }

  @Test func otherThreadsSeeTheSettingsOfTheProcess() {
    let outer = Settings.current
    nonisolated(unsafe) var other: [Settings] = []
    ThreadTeam.using(outer.threads + 1) {
      InstructionLevel.using(0) {
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
          other = self.seen(parts: 12)
          done.signal()
        }
        done.wait()
      }
    }
    #expect(other == [Settings](repeating: outer, count: 12))
  }

  @Test func settingsNestAndEndWithErrors() {
    struct Stop: Error {}
    let outer = Settings.current
    ThreadTeam.using(2) {
      #expect(throws: Stop.self) { try ThreadTeam.using(5) { throw Stop() } }
      #expect(ThreadTeam.count == 2)
    }
    #expect(throws: Stop.self) { try InstructionLevel.using(0) { throw Stop() } }
    #expect(Settings.current == outer)
  }

  @Test func noThreadExceedsTheLevelOfTheProcess() {
    #expect(InstructionLevel.using(99) { InstructionLevel.current } == InstructionLevel.current)
  }
}
