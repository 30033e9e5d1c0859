internal import CKernels

/// The instruction level at which the C kernels run.
public enum InstructionLevel {
  /// 0: baseline (SSE2 or NEON), 1: AVX2 with FMA, 2: AVX-512. Chosen at the start by what the processor has, and
  /// lowered by the environment's `CONTRAST_MAX_ISA` = `sse2`, `avx2` or `avx512`.
  public static var current: Int32 { contrast_level() }

  /// The name that `CONTRAST_MAX_ISA` has for the current level; "neon" on aarch64.
  public static var name: String {
    #if arch(arm64)
      "neon"
    #else
      ["sse2", "avx2", "avx512"][Int(current)]
    #endif
  }

  /// Runs `body` at a level, or the best one below it that there is. Only what the calling thread starts is changed: for
  /// tests, which run beside each other.
  package static func using<Result>(_ level: Int32, _ body: () throws -> Result) rethrows -> Result {
    let before = contrast_own_level()
    contrast_set_own_level(level)
    defer { contrast_set_own_level(before) }
    return try body()
  }
}
