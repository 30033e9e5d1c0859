import LuaBridge
import SelfSupervision
import Tensors

/// Losses. Each states its scale and, where it has one, its value at chance.
@ModuleBuilder func lossFunctions() -> [ModuleMember] {
  Function(
    "info_nce",
    """
    Picks each query's own key among all keys; van den Oord, Li, Vinyals, 2018, arXiv:1807.03748, equation 4. Rows are \
    normalised here. Without negatives, the other keys of the batch are the negatives.
    """,
    Argument("queries", "embeddings [n, d]"), Argument("keys", "their positives [n, d]"),
    Argument("negatives", "further embeddings [k, d], such as a queue's", default: nil),
    Argument("temperature", "divides the similarities", default: 0.07, in: .positive),
    returns: "the mean over rows; at chance log(k + 1), or log n without negatives", named: true
  ) {
    (queries: Tensor, keys: Tensor, negatives: Tensor?, temperature: Double) in
    try infoNCE(queries: queries, keys: keys, negatives: negatives, temperature: temperature)
  }
  Function(
    "nt_xent",
    """
    Each view picks its partner among all other views of the batch; Chen et al., 2020, arXiv:2002.05709, equation 1. \
    Rows are normalised here.
    """,
    Argument("first", "embeddings of one view [n, d]"), Argument("second", "of the other [n, d]"),
    Argument("temperature", "divides the similarities", default: 0.5, in: .positive),
    returns: "the mean over 2n rows; at chance log(2n − 1)", named: true
  ) {
    (first: Tensor, second: Tensor, temperature: Double) in
    try ntXent(first: first, second: second, temperature: temperature)
  }
  Function(
    "byol",
    """
    Mean over rows of 2 − 2 cos(prediction, target): one direction of the loss, from 0 to 4; Grill et al., 2020, \
    arXiv:2006.07733, equation 2. No gradient reaches the targets.
    """,
    Argument("predictions", "of the online network [n, d]"), Argument("targets", "of the target network [n, d]"),
    returns: "the loss"
  ) {
    (predictions: Tensor, targets: Tensor) in try byol(predictions: predictions, targets: targets)
  }
  Function(
    "cosine_decay", "BYOL's decay: from `base` at the start to 1 at the end along a cosine.",
    Argument("base", "the decay at the start", in: 0...1), Argument("steps", "steps in all", in: 1...),
    returns: "a schedule: call it with the step", named: true
  ) {
    (base: Double, steps: Int) in ScheduleObject(try CosineDecay(base: base, steps: steps))
  }
}
