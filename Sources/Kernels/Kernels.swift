/// Which implementation serves which tensors.
public enum Kernels {
  public static func forType(_ type: ElementType) -> any KernelSet { PlainKernels.shared }
}
