import LuaBridge
import Tensors

/// Comparisons are methods: Lua's `<` must answer true or false, not a tensor.
@ClassBuilder<Tensor> func comparisonMembers() -> [ClassMember] {
  comparison("eq", "Whether elements are equal.", { try $0.equal($1) }, { try $0.equal($1) })
  comparison("ne", "Whether elements differ.", { try $0.notEqual($1) }, { try $0.notEqual($1) })
  comparison("lt", "Whether elements are smaller.", { try $0.less($1) }, { try $0.less($1) })
  comparison("le", "Whether elements are smaller or equal.", { try $0.lessOrEqual($1) }, { try $0.lessOrEqual($1) })
  comparison("gt", "Whether elements are larger.", { try $0.greater($1) }, { try $0.greater($1) })
  comparison(
    "ge", "Whether elements are larger or equal.", { try $0.greaterOrEqual($1) }, { try $0.greaterOrEqual($1) })
  Method(
    "logical_and", "True where both are.", Argument("other", "a bool tensor"), returns: "a bool tensor",
    calls: Tensor.and)
  Method(
    "logical_or", "True where one is.", Argument("other", "a bool tensor"), returns: "a bool tensor", calls: Tensor.or)
  Method(
    "logical_xor", "True where exactly one is.", Argument("other", "a bool tensor"), returns: "a bool tensor",
    calls: Tensor.exclusiveOr)
  Method("logical_not", "True where it is false.", returns: "a bool tensor", calls: Tensor.not)
  Method("isfinite", "Whether elements are neither infinite nor NaN.", returns: "a bool tensor", calls: Tensor.isFinite)
  Method(
    "masked_fill", "Puts a number where the mask is true.", Argument("mask", "a bool tensor that broadcasts"),
    Argument("value", "the number"), returns: "the result", calls: Tensor.maskedFill)
}

private func comparison(
  _ name: String, _ summary: String, _ withTensor: @escaping (Tensor, Tensor) throws -> Tensor,
  _ withNumber: @escaping (Tensor, Double) throws -> Tensor
) -> Method<Tensor> {
  Method(name, summary, Argument("other", "a tensor or a number"), returns: "a bool tensor") {
    (tensor: Tensor, other: TensorOrNumber) in try apply(tensor, other, withTensor, withNumber)
  }
}
