import Kernels

// Each call takes the next stream of its generator: results depend on the seed and the order of calls alone.

extension Tensor {
  /// low ≤ x < high.
  public static func uniform(
    _ shape: Shape, low: Double = 0, high: Double = 1, type: ElementType = .float32, using stream: RandomStream
  ) throws -> Tensor {
    guard low.isFinite, high.isFinite, low <= high else {
      throw TensorError("uniform: from \(low) to \(high), expected finite bounds in rising order")
    }
    return try random("uniform", .uniform(low: low, high: high), shape, type, stream)
  }

  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, type: ElementType = .float32,
    using stream: RandomStream
  ) throws -> Tensor {
    guard mean.isFinite, standardDeviation.isFinite, standardDeviation >= 0 else {
      throw TensorError("normal: mean \(mean) and standard deviation \(standardDeviation)")
    }
    return try random("normal", .normal(mean: mean, standardDeviation: standardDeviation), shape, type, stream)
  }

  /// 1 with the given probability, else 0.
  public static func bernoulli(
    _ shape: Shape, probability: Double, type: ElementType = .float32, using stream: RandomStream
  ) throws -> Tensor {
    guard probability >= 0 && probability <= 1 else {
      throw TensorError("bernoulli: probability \(probability), expected 0 to 1")
    }
    return try random("bernoulli", .bernoulli(probability), shape, type, stream)
  }

  private static func random(
    _ operation: StaticString, _ distribution: Distribution, _ shape: Shape, _ type: ElementType,
    _ stream: RandomStream
  ) throws -> Tensor {
    guard type.isFloatingPoint else {
      throw TensorError("\(operation): random numbers of type \(type.rawValue), expected f32 or f64")
    }
    let buffer = try Buffer(type, shape.checked(operation))
    buffer.kernels.random(distribution, key: stream.nextKey(), into: buffer)
    return Tensor(buffer: buffer)
  }

  /// 0 to n − 1 in random order: i64, [n].
  public static func randomPermutation(_ count: Int, using stream: RandomStream) throws -> Tensor {
    try ([count] as Shape).checked("randperm")
    let buffer = try Buffer(.int64, [count])
    var generator = Philox(key: stream.nextKey())
    withExtendedLifetime(buffer.storage) {
      var order = UnsafeMutableBufferPointer(start: buffer.pointer.assumingMemoryBound(to: Int.self), count: count)
      for index in order.indices { order.initializeElement(at: index, to: index) }
      order.shuffle(using: &generator)
    }
    return Tensor(buffer: buffer)
  }
}
