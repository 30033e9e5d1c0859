internal import CKernels

/// The threads that compute: one team for oneDNN and for our own kernels, kept by libgomp.
///
/// Results depend on the count at most, and not on timing: each thread's share is fixed by the count.
public enum ThreadTeam {
  /// Threads that work on one kernel. Starts as `OMP_NUM_THREADS`, or the processors that this process may use.
  public static var count: Int { contrast_team_count() }

  /// Sets the number of threads. To be done at the start: changing it makes libgomp end and start threads.
  public static func setCount(_ count: Int) {
    precondition(count >= 1, "ThreadTeam: \(count) threads")
    contrast_team_set_count(count)
  }

  /// Runs `body` with a team of `count` threads. Only what the calling thread starts is changed: for tests, which run
  /// beside each other.
  package static func using<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    precondition(count >= 1, "ThreadTeam: \(count) threads")
    let before = contrast_team_own_count()
    contrast_team_set_own_count(count)
    defer { contrast_team_set_own_count(before) }
    return try body()
  }
}
