import Kernels

extension Tensor {
  /// The mean over rows of −Σ target · log softmax(row): [n, classes] with labels [n] (i64, 0-based) → scalar.
  ///
  /// With label smoothing s the target is (1 − s) at the label plus s / classes everywhere.
  /// Szegedy et al., 2016, arXiv:1512.00567, section 7.
  public func crossEntropy(labels: Tensor, labelSmoothing smoothing: Double = 0) throws -> Tensor {
    let labels = try checkedLabels(labels, "cross_entropy")
    guard smoothing >= 0 && smoothing <= 1 else {
      throw TensorError("cross_entropy: label smoothing \(smoothing), expected 0 to 1")
    }
    let (rows, classes) = (Double(shape[0]), Double(shape[1]))
    let logarithms = Tensor(buffer: try Buffer(type, shape))
    kernels.softmax(try buffer.rowMajor(), logarithm: true, into: logarithms.buffer)
    let atLabels = try logarithms.gathered(1, labels.unsqueezed(1)).mean()
    var loss = try atLabels * -(1 - smoothing)
    if smoothing > 0 { loss = try loss - logarithms.mean() * smoothing }

    let (saved, chosen) = (Saved(logarithms), Saved(labels))
    return loss.recorded("cross_entropy", self) { gradient in
      // (softmax − target) / n, one row after the other.
      let share = try gradient.item() / rows
      let slope = try saved().map(.exponential)
      slope.kernels.map(.affine(scale: share, offset: -share * smoothing / classes), slope.buffer, into: slope.buffer)
      let target = try Tensor.full([Int(rows), 1], -share * (1 - smoothing), type: slope.type)
      let columns = try chosen().unsqueezed(1)
      slope.kernels.scatterAdd(target.buffer, dimension: 1, indices: columns.buffer, into: slope.buffer)
      return slope
    }
  }

  /// The mean over rows of −x[row, label], where x are logarithms of probabilities: [n, classes], [n] → scalar.
  public func negativeLogLikelihood(labels: Tensor) throws -> Tensor {
    let labels = try checkedLabels(labels, "nll_loss")
    return try -gathered(1, labels.unsqueezed(1)).mean()
  }

  private func checkedLabels(_ labels: Tensor, _ operation: StaticString) throws -> Tensor {
    guard rank == 2, count > 0, type.isFloatingPoint else {
      throw TensorError(
        "\(operation): input of shape \(shape) and type \(type.rawValue), expected f32 or f64 [n, classes]")
    }
    guard labels.type == .int64, labels.shape == [shape[0]] else {
      throw TensorError(
        "\(operation): labels of shape \(labels.shape) and type \(labels.type.rawValue), "
          + "expected [\(shape[0])] and i64")
    }
    let values = try labels.integers()
    if let row = values.firstIndex(where: { $0 < 0 || $0 >= shape[1] }) {
      throw TensorError("\(operation): label \(values[row] &+ 1) in row \(row + 1), expected 1 to \(shape[1])")
    }
    return try Tensor(buffer: labels.buffer.rowMajor())
  }
}
