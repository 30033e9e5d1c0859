import Kernels
import Tensors
import Testing

/// The whole sentences that people see. Dimensions and positions count from 1 in them.
@Suite struct ErrorTests {
  private func expect(_ sentence: String, _ body: () throws -> some Any) {
    let error = #expect(throws: TensorError.self) { _ = try body() }
    #expect(error?.description == sentence)
  }
  private func ones(_ shape: Shape) throws -> Tensor { try Tensor.ones(shape) }

  @Test func elementwise() throws {
    expect("add: shapes [2, 3] and [2, 4] do not broadcast (sizes 3 and 4, dimension 1 from the end)") {
      try ones([2, 3]) + ones([2, 4])
    }
    expect("mod: a divisor is 0, and type i64 has no NaN to answer with") { try Tensor([1, 2], [2]) % 0 }
    expect("clamp: the lower bound 2.0 is above the upper bound 1.0") { try ones([2]).clamp(low: 2, high: 1) }
    expect("where: shapes [2] and [3] do not broadcast (sizes 2 and 3, dimension 1 from the end)") {
      try Tensor.select(ones([2]), ones([3]), ones([3]))
    }
  }

  @Test func dimensions() throws {
    expect("sum: dimension 3 of a tensor with 2 dimensions, shape [2, 3]") { try ones([2, 3]).sum([2]) }
    expect("sum: dimension -3 of a tensor with 2 dimensions, shape [2, 3]") { try ones([2, 3]).sum([-3]) }
    expect("mean: dimension 2 is given twice") { try ones([2, 3]).mean([1, -1]) }
    expect("max: dimension 1 of shape [0, 3] is empty") { try ones([0, 3]).maximum([0]) }
    expect("argmax: dimension 1 of shape [0, 3] is empty") { try ones([0, 3]).argumentOfMaximum(0) }
    expect("unsqueeze: dimension 4, expected 1 to 3 for shape [2, 3]") { try ones([2, 3]).unsqueezed(3) }
    expect("unsqueeze: shape [1, 1, 1, 1, 1, 1] has 6 dimensions already") {
      try ones([1, 1, 1, 1, 1, 1]).unsqueezed(0)
    }
    expect("permute: [1, 1] does not name each of 2 dimensions once") { try ones([2, 3]).permuted([0, 0]) }
  }

  @Test func shapes() throws {
    expect("reshape: shape [2, 3] has 6 elements, [4] has 4") { try ones([2, 3]).reshaped([4]) }
    expect("reshape: 6 elements of shape [2, 3] do not fit [-1, 4]") { try ones([2, 3]).reshaped([-1, 4]) }
    expect("reshape: more than one size of [-1, -1] is left open with -1") { try ones([2, 3]).reshaped([-1, -1]) }
    expect("expand: shape [2, 3] does not stretch to [4, 3]") { try ones([2, 3]).expanded([4, 3]) }
    expect("slice: positions 2 to 5 of dimension 1, which has size 3") { try ones([3]).sliced(0, from: 1, to: 5) }
    expect("slice: the step is 0, expected 1 or more") { try ones([3]).sliced(0, step: 0) }
    expect("select: position 4 of dimension 1, which has size 3") { try ones([3, 2]).selected(0, 3) }
    expect("cat: shapes [2, 3] and [2, 4] differ outside dimension 1") {
      try Tensor.concatenated([ones([2, 3]), ones([2, 4])])
    }
    expect("stack: shapes [2] and [3] differ") { try Tensor.stacked([ones([2]), ones([3])]) }
    expect("ones: shape [2, -1] has a negative size") { try ones([2, -1]) }
    expect("ones: shape [4611686018427387904, 2] has too many elements") { try ones([1 << 62, 2]) }
    expect("tensor: 3 values for shape [2], which has 2") { try Tensor([1, 2, 3], [2]) }
    expect("item: shape [2] has 2 elements, expected one") { try ones([2]).item() }
  }

  @Test func indices() throws {
    expect("index_select: index 5 at position 2, expected 1 to 3") {
      try ones([3, 2]).taking(rows: Tensor([0, 4], [2]))
    }
    expect("index_select: indices of type f32, expected i64") { try ones([3, 2]).taking(rows: ones([2])) }
    expect("gather: indices of shape [3, 1] for shape [2, 3] along dimension 2") {
      try ones([2, 3]).gathered(1, Tensor([0, 0, 0], [3, 1]))
    }
    expect("topk: the 4 largest of 3") { try ones([2, 3]).topK(4) }
    expect("one_hot: index 4 at position 1, expected 1 to 3") { try Tensor([3], [1]).oneHot(3) }
  }

  @Test func products() throws {
    expect("matmul: shapes [2, 3] and [4, 5] differ in the inner size (3 and 4)") {
      try ones([2, 3]).matmul(ones([4, 5]))
    }
    expect("matmul: types i64 and i64, expected f32 or f64") { try Tensor([1], [1, 1]).matmul(Tensor([1], [1, 1])) }
    expect("linear: input of shape [2, 3] for a weight of shape [5, 4], expected [.., in] and [out, in]") {
      try ones([2, 3]).linear(weight: ones([5, 4]))
    }
    expect("linear: input f32, weight f64; expected f32 or f64, all the same") {
      try ones([2, 3]).linear(weight: .ones([5, 3], type: .float64))
    }
    expect(
      "conv2d: 3 input channels in 1 groups do not match 4 per group of the weight "
        + "(input [1, 3, 5, 5], weight [2, 4, 3, 3])"
    ) {
      try ones([1, 3, 5, 5]).convolution(weight: ones([2, 4, 3, 3]))
    }
    expect("conv2d: the kernel is empty or larger than the padded image (input [1, 3, 2, 2], weight [2, 3, 3, 3])") {
      try ones([1, 3, 2, 2]).convolution(weight: ones([2, 3, 3, 3]))
    }
    expect("max_pool2d: window 3×3 is larger than the padded image, shape [1, 1, 2, 2]") {
      try ones([1, 1, 2, 2]).maxPool(.init(height: 3, width: 3, strideY: 1, strideX: 1))
    }
    expect("avg_pool2d: padding 2 and 0, expected at most half of the window 3×3") {
      try ones([1, 1, 4, 4]).averagePool(.init(height: 3, width: 3, strideY: 1, strideX: 1, paddingY: 2))
    }
    expect("batch_norm: one value per channel in shape [1, 3] has no variance to train with") {
      try ones([1, 3]).batchNormalized(weight: nil, bias: nil)
    }
    expect("batch_norm: weight of shape [2] and type f32, expected [3] and f32 for input [4, 3]") {
      try ones([4, 3]).batchNormalized(weight: ones([2]), bias: nil)
    }
  }

  @Test func losses() throws {
    expect("cross_entropy: label 4 in row 2, expected 1 to 3") {
      try ones([2, 3]).crossEntropy(labels: Tensor([0, 3], [2]))
    }
    expect("cross_entropy: labels of shape [3] and type i64, expected [2] and i64") {
      try ones([2, 3]).crossEntropy(labels: Tensor([0, 1, 2], [3]))
    }
    expect("cross_entropy: label smoothing 1.5, expected 0 to 1") {
      try ones([2, 3]).crossEntropy(labels: Tensor([0, 1], [2]), labelSmoothing: 1.5)
    }
  }
}
