import LuaBridge
import Tensors

/// Forms that change the tensor itself; their names end in `_`.
@ClassBuilder<Tensor> func inPlaceMembers() -> [ClassMember] {
  Method(
    "add_", "Adds in place: x ← x + scale · other.", Argument("other", "a tensor or a number"),
    Argument("scale", "multiplies the other", default: 1.0), returns: "the tensor itself"
  ) {
    (tensor: Tensor, other: TensorOrNumber, scale: Double) in
    switch other {
    case .first(let other): try tensor.addInPlace(other, scale: scale)
    case .second(let number): try tensor.addInPlace(Tensor(scalar: number, type: tensor.type), scale: scale)
    }
    return tensor
  }
  Method("mul_", "Multiplies in place.", Argument("other", "a tensor or a number"), returns: "the tensor itself") {
    (tensor: Tensor, other: TensorOrNumber) in
    switch other {
    case .first(let other): try tensor.multiplyInPlace(other)
    case .second(let number): try tensor.multiplyInPlace(Tensor(scalar: number, type: tensor.type))
    }
    return tensor
  }
  Method("fill_", "Sets every element.", Argument("value", "the number"), returns: "the tensor itself") {
    (tensor: Tensor, value: Double) in
    try tensor.fill(value)
    return tensor
  }
  Method("zero_", "Sets every element to 0.", returns: "the tensor itself") { tensor in
    try tensor.zeroInPlace()
    return tensor
  }
  Method(
    "copy_", "Takes the elements of another tensor.", Argument("other", "a tensor that broadcasts"),
    returns: "the tensor itself"
  ) {
    (tensor: Tensor, other: Tensor) in
    try tensor.copyIn(other)
    return tensor
  }
}
