import Kernels
import LuaBridge
import Tensors

/// Matrix products, losses over logits, and what networks are made of.
@ClassBuilder<Tensor> func matrixMembers() -> [ClassMember] {
  Method(
    "matmul", "Matrix product; leading dimensions are batches and broadcast.", Argument("other", "the right factor"),
    returns: "the product", calls: Tensor.matmul)
  Method(
    "cross_entropy", "Mean over rows of −log softmax at the label.", Argument("labels", "an i64 tensor [n], from 1"),
    Argument("label_smoothing", "share spread over all classes", default: 0.0, in: 0...1), returns: "the loss",
    named: true
  ) { (logits: Tensor, labels: Tensor, smoothing: Double) in
    try logits.crossEntropy(labels: labels.zeroBasedPositions("cross_entropy"), labelSmoothing: smoothing)
  }
}
