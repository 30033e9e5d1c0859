internal import CKernels
internal import Synchronization

/// Kernels for float32 and what accompanies it: oneDNN for matrix products and some convolutions, own SIMD code for the
/// rest.
///
/// Meant for one engine thread; a second thread gets right results too, but waits where oneDNN is needed.
public final class FastKernels: KernelSet, Sendable {
  public static let shared = FastKernels()

  private let lock = Mutex(())
  /// Only touched under the lock. It cannot live inside the mutex, because plans run on buffers of the caller's thread.
  private nonisolated(unsafe) var plans = PlanCache()

  private init() {}

  /// oneDNN's objects are used by one thread at a time: a plan's memory handles are set for each call.
  func withPlans<Result: Sendable>(_ body: (inout PlanCache) throws -> Result) throws -> Result {
    contrast_team_adopt()
    return try lock.withLock { _ in try body(&plans) }
  }
}

extension FastKernels {
  /// `buffer` itself if it is dense in the given order, else a copy that is.
  func arranged(_ buffer: Buffer, _ format: MemoryFormat) throws -> Buffer {
    if format == .channelsLast ? buffer.isChannelsLast : buffer.isContiguous { return buffer }
    let copy = try Buffer(buffer.type, buffer.shape, format: format)
    Kernels.forType(buffer.type).copy(buffer, into: copy)
    return copy
  }

  /// Lets `compute` write into `output`, or into a buffer of the given order that is then copied there.
  func writing(_ output: Buffer, _ format: MemoryFormat, _ compute: (Buffer) throws -> Void) throws {
    if format == .channelsLast ? output.isChannelsLast : output.isContiguous { return try compute(output) }
    let arranged = try Buffer(output.type, output.shape, format: format)
    try compute(arranged)
    Kernels.forType(output.type).copy(arranged, into: output)
  }
}

extension Buffer {
  /// The address of the first element as what it is in memory.
  var floats: UnsafeMutablePointer<Float> {
    precondition(type == .float32, "FastKernels: a buffer of \(type.rawValue) where f32 is computed")
    return pointer.assumingMemoryBound(to: Float.self)
  }
}
