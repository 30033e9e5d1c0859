import Kernels
import LuaBridge
import Tensors

/// Reshaping, reordering, cutting and joining.
@ClassBuilder<Tensor> func shapeMembers() -> [ClassMember] {
  for name in ["reshape", "view"] {
    Method(
      name, "The same elements in another shape; one size may be −1.", Argument("sizes", "the new sizes"),
      returns: "the tensor"
    ) {
      (tensor: Tensor, sizes: Integers) in try tensor.reshaped(sizes.shape(for: name, wildcard: true))
    }
  }
  Method(
    "flatten", "Joins all dimensions from one on.", Argument("from", "the first to join", default: 1),
    returns: "the tensor"
  ) {
    (tensor: Tensor, from: LuaIndex) in try tensor.flattened(from: from.zeroBased)
  }
  Method(
    "transpose", "Exchanges two dimensions.", Argument("first", "one"), Argument("second", "the other"),
    returns: "a view"
  ) {
    (tensor: Tensor, first: LuaIndex, second: LuaIndex) in try tensor.transposed(first.zeroBased, second.zeroBased)
  }
  Method("t", "The transposed matrix.", returns: "a view") { tensor in
    guard tensor.rank == 2 else { throw LuaError("t: a matrix expected, got shape \(tensor.shape)") }
    return try tensor.transposed(0, 1)
  }
  Method(
    "permute", "Reorders the dimensions.", Argument("order", "the dimensions in their new order"), returns: "a view"
  ) {
    (tensor: Tensor, order: Integers) in try tensor.permuted(order.dimensions(for: "permute"))
  }
  Method("squeeze", "Drops dimensions of size 1.", Argument("dim", "only this one", default: nil), returns: "a view") {
    (tensor: Tensor, dimension: LuaIndex?) in try tensor.squeezed(dimension?.zeroBased)
  }
  Method("unsqueeze", "Inserts a dimension of size 1.", Argument("dim", "where"), returns: "a view") {
    (tensor: Tensor, dimension: LuaIndex) in try tensor.unsqueezed(dimension.zeroBased)
  }
  Method(
    "expand", "Repeats dimensions of size 1 without copying.", Argument("sizes", "the new sizes"), returns: "a view"
  ) {
    (tensor: Tensor, sizes: Integers) in try tensor.expanded(sizes.shape(for: "expand"))
  }
  Method(
    "contiguous", "The same elements in row-major order in memory.", returns: "the tensor", calls: Tensor.contiguous)
  Method("clone", "A copy with memory of its own.", returns: "the copy", calls: Tensor.cloned)
  Method("flip", "Reverses a dimension.", Argument("dim", "which"), returns: "the result") {
    (tensor: Tensor, dimension: LuaIndex) in try tensor.flipped(dimension.zeroBased)
  }
  Method(
    "chunk", "Cuts a dimension into equal parts, the last one smaller if need be.",
    Argument("count", "how many parts", in: 1...), Argument("dim", "which dimension", default: 1),
    returns: "the parts, one by one"
  ) {
    (tensor: Tensor, count: Int, dimension: LuaIndex) in
    let size = tensor.shape[try tensor.dimension(dimension, of: "chunk")]
    let parts = min(count, max(size, 1))
    return Results(try tensor.split(max(1, (size + parts - 1) / parts), dimension.zeroBased))
  }
  Method(
    "split", "Cuts a dimension into parts of a size.", Argument("size", "elements per part", in: 1...),
    Argument("dim", "which dimension", default: 1), returns: "the parts, as a list"
  ) {
    (tensor: Tensor, size: Int, dimension: LuaIndex) in try tensor.split(size, dimension.zeroBased)
  }
}

/// `contrast.cat` and `contrast.stack`.
@ModuleBuilder func joiningFunctions() -> [ModuleMember] {
  Function(
    "cat", "Joins tensors along a dimension.", Argument("tensors", "a list of tensors"),
    Argument("dim", "which dimension", default: 1), returns: "the joined tensor", named: true
  ) {
    (tensors: [Tensor], dimension: LuaIndex) in try Tensor.concatenated(tensors, dimension.zeroBased)
  }
  Function(
    "stack", "Joins tensors of one shape along a new dimension.", Argument("tensors", "a list of tensors"),
    Argument("dim", "where the new dimension goes", default: 1), returns: "the joined tensor", named: true
  ) {
    (tensors: [Tensor], dimension: LuaIndex) in try Tensor.stacked(tensors, dimension.zeroBased)
  }
  Function(
    "where", "Takes from the first where the condition is true, else from the second.",
    Argument("condition", "a bool tensor"), Argument("first", "a tensor or a number"),
    Argument("second", "a tensor or a number"), returns: "the result"
  ) {
    (condition: Tensor, first: TensorOrNumber, second: TensorOrNumber) in
    let type = first.tensor?.type ?? second.tensor?.type ?? .float32
    return try Tensor.select(condition, first.asTensor(type: type), second.asTensor(type: type))
  }
}

extension Either where First == Tensor, Second == Double {
  fileprivate var tensor: Tensor? { if case .first(let tensor) = self { tensor } else { nil } }

  fileprivate func asTensor(type: ElementType) throws -> Tensor {
    switch self {
    case .first(let tensor): tensor
    case .second(let number): try Tensor(scalar: number, type: type)
    }
  }
}
