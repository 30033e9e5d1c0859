import Kernels

// Over the given dimensions (0-based, negative from the end), or all. Reduced dimensions go, or stay with size 1.

extension Tensor {
  /// The sum; of truth values and u8, in i64.
  public func sum(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let x = type == .bool || type == .uint8 ? try converted(to: .int64) : self
    let over = try shape.positions(of: dimensions, "sum")
    return try x.reduced(.sum, over, keepDimensions: keepDimensions).recorded("sum", x) { [shape] gradient in
      try gradient.spread(over: over, to: shape)
    }
  }

  /// The mean; of integers, in f32. Of nothing it is NaN.
  public func mean(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let x = try floating()
    let over = try shape.positions(of: dimensions, "mean")
    let count = over.reduce(1) { $0 * shape[$1] }
    guard count > 0 else { return try x.sum(dimensions, keepDimensions: keepDimensions) * .nan }
    return try x.reduced(.mean, over, keepDimensions: keepDimensions).recorded("mean", x) { [shape] gradient in
      try (gradient * (1 / Double(count))).spread(over: over, to: shape)
    }
  }

  /// The largest element; equals share the gradient.
  public func maximum(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try extreme("max", .maximum, dimensions, keepDimensions)
  }

  /// The smallest element; equals share the gradient.
  public func minimum(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try extreme("min", .minimum, dimensions, keepDimensions)
  }

  private func extreme(_ operation: StaticString, _ reduction: Reduction, _ dimensions: [Int]?, _ keep: Bool) throws
    -> Tensor
  {
    let over = try shape.positions(of: dimensions, operation)
    try requireElements(operation, over)
    let kept = try reduced(reduction, over, keepDimensions: true)
    let (input, extreme) = (Saved(self), Saved(kept))
    return Tensor(buffer: kept.buffer.dropping(keep ? [] : over)).recorded(operation, self) { gradient in
      let isExtreme = try input().equal(extreme()).converted(to: gradient.type)
      let winners = try isExtreme.sum(over, keepDimensions: true)
      return try isExtreme * (gradient.reshaped(winners.shape) / winners)
    }
  }

  /// Whether any element is true (not 0). False for none.
  public func any(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try truth().reduced(.any, shape.positions(of: dimensions, "any"), keepDimensions: keepDimensions)
  }

  /// Whether all elements are true (not 0). True for none.
  public func all(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try truth().reduced(.all, shape.positions(of: dimensions, "all"), keepDimensions: keepDimensions)
  }
}

// Compositions.

extension Tensor {
  /// Σ(x − mean)² / (n − 1), or / n if not `unbiased`.
  public func variance(_ dimensions: [Int]? = nil, keepDimensions: Bool = false, unbiased: Bool = true) throws
    -> Tensor
  {
    let x = try floating()
    let over = try shape.positions(of: dimensions, "var")
    let freedom = over.reduce(1) { $0 * shape[$1] } - (unbiased ? 1 : 0)
    let squares = try (x - x.mean(over, keepDimensions: true)).square().sum(over, keepDimensions: keepDimensions)
    return try squares / Double(max(freedom, 0))
  }

  /// The square root of the variance.
  public func standardDeviation(_ dimensions: [Int]? = nil, keepDimensions: Bool = false, unbiased: Bool = true)
    throws -> Tensor
  {
    try variance(dimensions, keepDimensions: keepDimensions, unbiased: unbiased).sqrt()
  }

  /// The Euclidean length, √Σx²; its gradient at 0 is 0.
  public func norm(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let x = try floating()
    let over = try shape.positions(of: dimensions, "norm")
    let kept = try x.map(.square).reduced(.sum, over, keepDimensions: true).map(.squareRoot)
    let (input, length) = (Saved(x), Saved(kept))
    return Tensor(buffer: kept.buffer.dropping(keepDimensions ? [] : over)).recorded("norm", x) { gradient in
      let length = try length()
      let slope = try gradient.reshaped(length.shape) / length
      return try input() * slope.masked(by: length.notEqual(0))
    }
  }
}

extension Tensor {
  /// The reduction without a gradient, over positions in rising order.
  func reduced(_ reduction: Reduction, _ over: [Int], keepDimensions: Bool) throws -> Tensor {
    var size = shape
    for position in over { size[position] = 1 }
    let result = try Buffer(type, size)
    kernels.reduce(reduction, buffer, into: result)
    return Tensor(buffer: keepDimensions ? result : result.dropping(over))
  }

  /// A reduction's gradient repeated over what was reduced, as a view.
  fileprivate func spread(over positions: [Int], to shape: Shape) throws -> Tensor {
    var size = shape
    for position in positions { size[position] = 1 }
    return Tensor(buffer: try reshaped(size).buffer.expanded(to: shape))
  }

  /// - Throws: if one of the positions has size 0 and so nothing to choose from.
  func requireElements(_ operation: StaticString, _ over: [Int]) throws {
    for position in over where shape[position] == 0 {
      throw TensorError("\(operation): dimension \(position + 1) of shape \(shape) is empty")
    }
  }
}
