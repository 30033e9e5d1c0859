import Kernels
import LuaBridge
import Networks
import SelfSupervision
import Tensors

/// Momentum encoders.
@ModuleBuilder func momentumEncoderEntries(_ session: Session) -> [ModuleMember] {
  Class(
    MomentumEncoder.self, inherits: Layer.self,
    "A copy of a network that follows it slowly and never carries gradients."
  ) {
    Constructor("A momentum encoder that starts as a copy of a network.", Argument("network", "what it follows")) {
      (network: Layer) in try MomentumEncoder(following: network)
    }
    Method(
      "update", "weights ← decay · weights + (1 − decay) · the network's.",
      Argument("decay", "share of the old weights", in: 0...1)
    ) {
      (encoder: MomentumEncoder, decay: Double) in try encoder.update(momentum: decay)
    }
    Method(
      "shuffled",
      """
      The copy's output with the batch in random order on its way through, and in its own order again afterwards: with \
      `split_batch_norm`, no row meets its positive's statistics. He et al., 2020, arXiv:1911.05722, section 3.3.
      """,
      Argument("input", "a batch"), returns: "the output"
    ) {
      (encoder: MomentumEncoder, input: Tensor) in try encoder.shuffled(input, using: session.random)
    }
    Property("encoder", "the copy itself") { $0.encoder }
  }
}

/// Feature queues.
@ModuleBuilder func queueEntries(_ session: Session) -> [ModuleMember] {
  Class(FeatureQueue.self, inherits: Layer.self, "The latest keys, first in, first out.") {
    Constructor(
      "A queue that starts with random directions.", Argument("capacity", "how many keys"),
      Argument("dimension", "features of a key"), named: true
    ) {
      (capacity: Int, dimension: Int) in
      try FeatureQueue(capacity: capacity, dimension: dimension, using: session.random)
    }
    Method("enqueue", "Puts keys in the place of the oldest.", Argument("keys", "embeddings [n, d], any n")) {
      (queue: FeatureQueue, keys: Tensor) in try queue.enqueue(keys)
    }
    Method("negatives", "All keys, as they are now.", returns: "embeddings [capacity, d] without gradient") {
      try $0.negatives()
    }
    Operator(.length, "How many keys fit.", returns: "the capacity") { $0.capacity }
  }
}
