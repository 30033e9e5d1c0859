/// Every kernel as naive loops, for every element type.
///
/// This set serves float64 tensors (gradient checks), integers and bytes, and is the oracle of the fast kernels. It is
/// written to be obviously right: real numbers are computed in `Double` whatever they are stored in, integers in
/// `Int64` with wrapping arithmetic, one element at a time, on one thread. Nothing here traps on the values it meets:
/// overflow wraps, division of integers by zero gives 0, reals become integers by truncation, with NaN as 0 and what
/// does not fit as the nearest integer that does.
public final class PlainKernels: KernelSet, Sendable {
  public static let shared = PlainKernels()
  private init() {}
}
