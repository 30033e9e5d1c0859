internal import Glibc

/// Which implementation serves which tensors.
public enum Kernels {
  /// The fast kernels, which leave to the plain ones what they have no code for; float64 is computed plainly.
  ///
  /// The environment variable `CONTRAST_KERNELS=plain` sends everything to the plain kernels.
  public static func forType(_ type: ElementType) -> any KernelSet {
    usesPlainOnly || type == .float64 ? PlainKernels.shared : FastKernels.shared
  }

  private static let usesPlainOnly = getenv("CONTRAST_KERNELS").map { String(cString: $0) == "plain" } ?? false
}
