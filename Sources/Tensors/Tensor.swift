import Kernels

/// An array of up to six dimensions that remembers how it was computed.
///
/// Tensors are views of a `Storage`: reshaping, slicing and transposing share memory. A tensor and everything computed
/// from it belong to one thread.
public final class Tensor {
  /// Where the elements are: what kernels read and write.
  public internal(set) var buffer: Buffer
  /// The operation that made this tensor, while a gradient can still flow through it.
  var origin: Node?
  /// The gradient that `backward` has accumulated here; nil before, and for tensors that are not leaves.
  public var gradient: Tensor?
  private var isGradientLeaf = false

  /// A tensor over existing memory; nothing is copied.
  public init(buffer: Buffer) { self.buffer = buffer }

  init(buffer: Buffer, origin: Node?) { (self.buffer, self.origin) = (buffer, origin) }
}

extension Tensor {
  /// The sizes, outermost first; `[]` for a scalar.
  public var shape: Shape { buffer.shape }
  /// The number of dimensions.
  public var rank: Int { buffer.shape.rank }
  /// The number of elements.
  public var count: Int { buffer.shape.elementCount }
  public var type: ElementType { buffer.type }

  /// Whether `backward` accumulates a gradient here. Only tensors of type f32 and f64 can be set; for others, and for
  /// results of recorded operations, setting has no effect (`requireGradient` says so with an error).
  public var requiresGradient: Bool {
    get { isGradientLeaf }
    set { isGradientLeaf = newValue && type.isFloatingPoint && origin == nil }
  }

  /// Sets `requiresGradient`.
  /// - Throws: for types without gradients and for results of recorded operations.
  public func requireGradient(_ flag: Bool = true) throws {
    guard !flag || type.isFloatingPoint else {
      throw TensorError("requires_grad: tensors of type \(type.rawValue) have no gradient, expected f32 or f64")
    }
    guard origin == nil else {
      throw TensorError("requires_grad: this tensor is the result of \(origin!.operation); only leaves can be set")
    }
    isGradientLeaf = flag
  }

  /// Whether a gradient flows through this tensor: it requires one, or was computed from one that does.
  public var isTracked: Bool { isGradientLeaf || origin != nil }

  /// The same memory without history: gradients stop here.
  public func detached() -> Tensor { Tensor(buffer: buffer) }

  /// The functions that compute with this tensor's type.
  var kernels: any KernelSet { buffer.kernels }
}
