internal import CKernels
internal import COneDNN

extension FastKernels {
  public func matmul(_ first: Buffer, _ second: Buffer, bias: Buffer?, into output: Buffer) throws {
    guard output.type == .float32 else {
      return try PlainKernels.shared.matmul(first, second, bias: bias, into: output)
    }
    guard output.elementCount > 0 else { return }
    guard first.shape[first.shape.rank - 1] > 0 else {
      let kernels = Kernels.forType(.float32)
      guard let bias else { return kernels.fill(output, with: 0) }
      return kernels.copy(bias.repeated(over: output.shape), into: output)
    }
    let (first, second, merged) = mergeRows(first, second, output)
    let target = MatrixOperand.fits(merged) ? merged : try Buffer(.float32, merged.shape)
    if let bias { Kernels.forType(.float32).copy(bias.repeated(over: target.shape), into: target) }
    let product = try MatrixProduct(try readable(first), try readable(second), target, addsToOutput: bias != nil)
    try product.run()
    if target.storage !== merged.storage { Kernels.forType(.float32).copy(target, into: merged) }
  }

  /// With one matrix on the right for all of a batch, the batch's rows are one tall matrix.
  private func mergeRows(_ first: Buffer, _ second: Buffer, _ output: Buffer) -> (Buffer, Buffer, Buffer) {
    let rank = first.shape.rank
    let sharesRight = (0..<(rank - 2)).allSatisfy { second.strides[$0] == 0 || second.shape[$0] == 1 }
    guard rank > 2, sharesRight, let rows = first.withMergedRows, let results = output.withMergedRows else {
      return (first, second, output)
    }
    var right = second
    right.shape = Shape(second.shape.suffix(2))
    right.strides = Shape(second.strides.suffix(2))
    return (rows, right, results)
  }

  private func readable(_ buffer: Buffer) throws -> Buffer {
    let rank = buffer.shape.rank
    if MatrixOperand(buffer, rows: rank - 2, columns: rank - 1) != nil { return buffer }
    let copy = try Buffer(buffer.type, buffer.shape)
    Kernels.forType(buffer.type).copy(buffer, into: copy)
    return copy
  }
}

extension Buffer {
  /// [n] as each row of a shape [.., n].
  fileprivate func repeated(over shape: Shape) -> Buffer {
    var strides = Shape(repeating: 0, count: shape.rank)
    strides[shape.rank - 1] = self.strides[0]
    return Buffer(storage: storage, offset: offset, shape: shape, strides: strides, type: type)
  }

  /// [b…, m, k] seen as [b·m, k], where the strides allow.
  fileprivate var withMergedRows: Buffer? {
    let rank = shape.rank
    let rows = (0..<(rank - 1)).filter { shape[$0] != 1 }
    for (outer, inner) in zip(rows, rows.dropFirst()) where strides[outer] != strides[inner] * shape[inner] {
      return nil
    }
    let rowStride = rows.last.map { strides[$0] } ?? shape[rank - 1]
    let count = rows.reduce(1) { $0 * shape[$1] }
    return Buffer(
      storage: storage, offset: offset, shape: [count, shape[rank - 1]], strides: [rowStride, strides[rank - 1]],
      type: type)
  }
}

/// How sgemm sees a matrix: one of its two dimensions is dense, the other has a leading dimension.
private struct MatrixOperand {
  var isTransposed: Bool
  var leadingDimension: Int

  /// nil when neither dimension is dense, or rows overlap.
  init?(_ buffer: Buffer, rows: Int, columns: Int) {
    let (rowCount, columnCount) = (buffer.shape[rows], buffer.shape[columns])
    let (rowStride, columnStride) = (buffer.strides[rows], buffer.strides[columns])
    if columnStride == 1 || columnCount == 1, rowStride >= columnCount || rowCount == 1 {
      (isTransposed, leadingDimension) = (false, rowCount == 1 ? columnCount : rowStride)
    } else if rowStride == 1 || rowCount == 1, columnStride >= rowCount || columnCount == 1 {
      (isTransposed, leadingDimension) = (true, columnCount == 1 ? rowCount : columnStride)
    } else {
      return nil
    }
  }

  /// Whether sgemm can write there.
  static func fits(_ output: Buffer) -> Bool {
    let rank = output.shape.rank
    return MatrixOperand(output, rows: rank - 2, columns: rank - 1)?.isTransposed == false
  }
}

/// A batch of products of matrices that sgemm can read and write as they lie.
private struct MatrixProduct {
  let (m, n, k): (Int, Int, Int)
  let (first, second, output): (Buffer, Buffer, Buffer)
  let (left, right, result): (MatrixOperand, MatrixOperand, MatrixOperand)
  let beta: Float
  let batchShape: Shape

  init(_ first: Buffer, _ second: Buffer, _ output: Buffer, addsToOutput: Bool) throws {
    let rank = output.shape.rank
    (self.first, self.second, self.output) = (first, second, output)
    (m, n, k) = (output.shape[rank - 2], output.shape[rank - 1], first.shape[rank - 1])
    guard let left = MatrixOperand(first, rows: rank - 2, columns: rank - 1),
      let right = MatrixOperand(second, rows: rank - 2, columns: rank - 1),
      let result = MatrixOperand(output, rows: rank - 2, columns: rank - 1)
    else { preconditionFailure("matmul: strides \(first.strides), \(second.strides), \(output.strides)") }
    (self.left, self.right, self.result) = (left, right, result)
    beta = addsToOutput ? 1 : 0
    batchShape = Shape(output.shape.prefix(rank - 2))
  }

  func run() throws {
    contrast_team_adopt()
    let batches = batchShape.elementCount
    // Many small products: one thread each. Otherwise the team works on one product after the other.
    let isSmall = 2 * m * n * k < 1 << 22
    if batches >= 2 * ThreadTeam.count, isSmall { return try runTogether(batches) }
    for batch in 0..<batches { try check(multiply(batch)) }
  }

  private func runTogether(_ batches: Int) throws {
    final class Job {
      let product: MatrixProduct
      let statuses: UnsafeMutablePointer<CInt>
      init(_ product: MatrixProduct, count: Int) {
        self.product = product
        statuses = .allocate(capacity: count)
        statuses.initialize(repeating: 0, count: count)
      }
      deinit { statuses.deallocate() }
    }
    let job = Job(self, count: batches)
    contrast_parallel(
      batches, 1,
      { context, begin, end in
        let job = Unmanaged<Job>.fromOpaque(context!).takeUnretainedValue()
        for batch in begin..<end { job.statuses[batch] = job.product.multiply(batch) }
      }, Unmanaged.passUnretained(job).toOpaque())
    try withExtendedLifetime(job) {
      for batch in 0..<batches { try check(job.statuses[batch]) }
    }
  }

  private func check(_ status: CInt) throws {
    if status != 0 { throw oneDNNError("matmul", status) }
  }

  /// The product number `batch` in row-major order of the batch dimensions.
  private func multiply(_ batch: Int) -> CInt {
    var rest = batch
    var (a, b, c) = (first.floats, second.floats, output.floats)
    for dimension in batchShape.indices.reversed() {
      let index = rest % batchShape[dimension]
      rest /= batchShape[dimension]
      a += index * first.strides[dimension]
      b += index * second.strides[dimension]
      c += index * output.strides[dimension]
    }
    return contrast_onednn_sgemm(
      left.isTransposed, right.isTransposed, Int64(m), Int64(n), Int64(k), a, Int64(left.leadingDimension), b,
      Int64(right.leadingDimension), beta, c, Int64(result.leadingDimension))
  }
}
