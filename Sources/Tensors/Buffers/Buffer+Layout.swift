import Kernels

extension Buffer {
  /// The functions that compute with these elements. Those of f32 also serve what accompanies it: indices, truth values
  /// and pixels.
  var kernels: any KernelSet { Kernels.forType(type == .float64 ? .float64 : .float32) }

  /// Whether the elements fill one block without gaps, in any order of the dimensions.
  var isPacked: Bool { isContiguous || isChannelsLast || isDense }

  /// Uninitialised memory of this shape, in this buffer's order of dimensions where it is packed, else row-major.
  func emptyCopy(type: ElementType? = nil) throws -> Buffer {
    let type = type ?? self.type
    guard isPacked else { return try Buffer(type, shape) }
    let storage = try Storage(byteCount: elementCount * type.byteCount)
    return Buffer(storage: storage, shape: shape, strides: strides, type: type)
  }

  /// A packed copy that lies in memory as `other` does (which has the same shape) where that is packed, else row-major.
  func copied(inOrderOf other: Buffer) throws -> Buffer {
    let result = try other.emptyCopy(type: type)
    kernels.copy(self, into: result)
    return result
  }

  /// These elements in row-major order, copied only if they are not.
  func rowMajor() throws -> Buffer {
    if isContiguous { return self }
    let result = try Buffer(type, shape)
    kernels.copy(self, into: result)
    return result
  }

  /// These images [n, c, h, w] with channels next to each other, copied only if they are not.
  func channelsLast() throws -> Buffer {
    if isChannelsLast {
      // Sizes of 1 may carry any stride; kernels may rely on these.
      var result = self
      result.strides = shape.channelsLastStrides
      return result
    }
    let result = try Buffer(type, shape, format: .channelsLast)
    kernels.copy(self, into: result)
    return result
  }

  /// A view that repeats sizes of 1, and missing leading dimensions, up to `target`. Broadcasting has been checked.
  func expanded(to target: Shape) -> Buffer {
    if shape == target { return self }
    var strides = Shape(repeating: 0, count: target.rank)
    let leading = target.rank - shape.rank
    precondition(leading >= 0, "expanded: \(shape) to \(target)")
    for dimension in 0..<shape.rank where shape[dimension] != 1 {
      precondition(shape[dimension] == target[leading + dimension], "expanded: \(shape) to \(target)")
      strides[leading + dimension] = self.strides[dimension]
    }
    return Buffer(storage: storage, offset: offset, shape: target, strides: strides, type: type)
  }

  /// The same elements under another shape without copying, or nil if the strides do not allow it.
  func viewed(as target: Shape) -> Buffer? {
    guard let strides = isContiguous ? target.rowMajorStrides : stridesForView(as: target) else { return nil }
    return Buffer(storage: storage, offset: offset, shape: target, strides: strides, type: type)
  }

  /// Groups the dimensions into runs that are contiguous among themselves, and splits each run into target sizes.
  private func stridesForView(as target: Shape) -> Shape? {
    guard elementCount > 0 else { return target.rowMajorStrides }
    var result = target.rowMajorStrides
    var open = target.rank - 1
    var run = 1, base = 1
    var isRunOpen = false
    for dimension in shape.indices.reversed() where shape[dimension] != 1 {
      if !isRunOpen { (base, run, isRunOpen) = (strides[dimension], 1, true) }
      run *= shape[dimension]
      let next = shape.indices.prefix(dimension).last { shape[$0] != 1 }
      if let next, strides[next] == run * base { continue }
      // The run ends here: the target's sizes must multiply to it exactly.
      var filled = 1
      while open >= 0 && (filled < run || target[open] == 1) {
        result[open] = filled * base
        filled *= target[open]
        open -= 1
      }
      guard filled == run else { return nil }
      isRunOpen = false
    }
    return result
  }

  /// Positions `start`, `start + step`, … of one dimension, `size` of them.
  func slice(_ dimension: Int, from start: Int, size: Int, step: Int = 1) -> Buffer {
    var result = self
    if size > 0 { result.offset += start * strides[dimension] }
    result.shape[dimension] = size
    result.strides[dimension] *= step
    return result
  }

  /// Without some dimensions of size 1, given in rising order.
  func dropping(_ positions: [Int]) -> Buffer {
    var (shape, strides) = (self.shape, self.strides)
    for position in positions.reversed() {
      shape.remove(at: position)
      strides.remove(at: position)
    }
    return Buffer(storage: storage, offset: offset, shape: shape, strides: strides, type: type)
  }

  /// With the dimensions in another order.
  func permuted(_ order: [Int]) -> Buffer {
    var result = self
    for (position, source) in order.enumerated() {
      result.shape[position] = shape[source]
      result.strides[position] = strides[source]
    }
    return result
  }
}
