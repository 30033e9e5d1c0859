/// How the elements of a fresh buffer are ordered in memory.
public enum MemoryFormat: Sendable {
  /// The last dimension is contiguous.
  case rowMajor
  /// [n, c, h, w] with the channels contiguous (NHWC): what convolutions, pooling and batch norm compute in.
  case channelsLast
}

/// A strided view of a storage: what kernels read and write. No gradients, no ownership beyond the storage's.
///
/// Strides are in elements; a stride of 0 repeats (broadcasting). The physical layout of images is nothing but strides:
/// channels-last is `strides == shape.channelsLastStrides`.
public struct Buffer {
  public package(set) var storage: Storage
  public var offset: Int
  public var shape: Shape
  public var strides: Shape
  public let type: ElementType

  public init(storage: Storage, offset: Int = 0, shape: Shape, strides: Shape, type: ElementType) {
    precondition(shape.rank == strides.rank, "Buffer: \(shape) has not the rank of strides \(strides)")
    (self.storage, self.offset, self.shape, self.strides, self.type) = (storage, offset, shape, strides, type)
  }

  /// A dense, uninitialised buffer from the storage pool.
  /// - Throws: `KernelError` when the shape is too large or the memory limit is reached.
  public init(_ type: ElementType = .float32, _ shape: Shape, format: MemoryFormat = .rowMajor) throws {
    var bytes = type.byteCount
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow, size >= 0 else { throw KernelError("a tensor of shape \(shape) is too large") }
      bytes = product
    }
    self.init(
      storage: try Storage(byteCount: bytes), shape: shape,
      strides: format == .channelsLast && shape.rank == 4 ? shape.channelsLastStrides : shape.rowMajorStrides,
      type: type)
  }

  /// The address of the first element. Valid only while `storage` is alive: keep the buffer in a named constant.
  public var pointer: UnsafeMutableRawPointer { storage.pointer + offset * type.byteCount }

  public var elementCount: Int { shape.elementCount }

  /// Whether elements follow each other in row-major order without gaps. Sizes of 1 put no demand on their stride.
  public var isContiguous: Bool { hasStrides(shape.rowMajorStrides) }

  /// Whether this is a dense NHWC image batch. True together with `isContiguous` where both describe the same order.
  public var isChannelsLast: Bool { shape.rank == 4 && hasStrides(shape.channelsLastStrides) }

  /// Whether the elements fill one gapless block in some order of the dimensions.
  public var isDense: Bool {
    if isContiguous { return true }
    var expected = 1
    for dimension in shape.indices.filter({ shape[$0] != 1 }).sorted(by: { strides[$0] < strides[$1] }) {
      guard strides[dimension] == expected else { return false }
      expected *= shape[dimension]
    }
    return true
  }

  private func hasStrides(_ expected: Shape) -> Bool {
    for dimension in 0..<shape.rank
    where shape[dimension] != 1 && strides[dimension] != expected[dimension] { return elementCount == 0 }
    return true
  }
}
