import Kernels

extension Tensor {
  /// The same values as another type; the tensor itself if it has that type. Fractions are cut off towards 0.
  public func converted(to type: ElementType) throws -> Tensor {
    if type == self.type { return self }
    let result = try buffer.emptyCopy(type: type)
    if type == .bool {
      kernels.zip(.notEqual, buffer, try Tensor.zeros([], type: self.type).buffer.expanded(to: shape), into: result)
    } else {
      kernels.copy(buffer, into: result)
    }
    guard type.isFloatingPoint else { return Tensor(buffer: result) }
    return Tensor(buffer: result).recorded("to", self) { [type = self.type] gradient in
      try gradient.converted(to: type)
    }
  }

  /// A copy in its own memory, packed in the same order.
  public func cloned() throws -> Tensor {
    Tensor(buffer: try buffer.copied(inOrderOf: buffer)).recorded("clone", self) { gradient in gradient }
  }

  /// The same values in row-major order without gaps; the tensor itself if it is so already.
  public func contiguous() throws -> Tensor {
    if buffer.isContiguous { return self }
    return Tensor(buffer: try buffer.rowMajor()).recorded("contiguous", self) { gradient in gradient }
  }
}
