import Kernels
import LuaBridge
import Tensors

extension Tensor: LuaObject {}

/// The class `Tensor` as scripts see it, one family of methods per file.
func tensorClass() -> Class<Tensor> {
  Class(Tensor.self, "An n-dimensional array of numbers, with gradients. Dimensions and positions count from 1.") {
    tensorProperties()
    arithmeticMembers()
    functionMembers()
    comparisonMembers()
    reductionMembers()
    shapeMembers()
    indexingMembers()
    matrixMembers()
    gradientMembers()
    inPlaceMembers()
  }
}

@ClassBuilder<Tensor> private func tensorProperties() -> [ClassMember] {
  Property("shape", "the size of every dimension, as a list") { (tensor: Tensor) in Array(tensor.shape) }
  Property("dtype", "the element type") { (tensor: Tensor) in tensor.type }
  Method("dim", "How many dimensions.", returns: "the number of dimensions") { $0.rank }
  Method("size", "The size of one dimension.", Argument("dim", "which, from 1"), returns: "its size") {
    (tensor: Tensor, dimension: LuaIndex) in try tensor.shape[tensor.dimension(dimension, of: "size")]
  }
  Method("numel", "How many elements.", returns: "the number of elements") { $0.count }
  Method("item", "The number of a tensor with one element.", returns: "the number") { try $0.item() }
  Method("tolist", "All elements as nested lists.", returns: "the lists, or a number") {
    try NestedValues($0)
  }
  Method("to", "Converts the element type.", Argument("dtype", "the new type"), returns: "the converted tensor") {
    (tensor: Tensor, type: ElementType) in try tensor.converted(to: type)
  }
  Operator(.length, "The size of the first dimension.", returns: "the size") { tensor in
    guard tensor.rank > 0 else { throw LuaError("#: the tensor has no dimensions; use item()") }
    return tensor.shape[0]
  }
  Operator(.text, "The numbers, shortened where there are many.", returns: "the text") { $0.description }
}

extension Tensor {
  /// A script's dimension as an array index, checked against this tensor.
  func dimension(_ index: LuaIndex, of operation: String) throws -> Int {
    let position = index.zeroBased < 0 ? index.zeroBased + rank : index.zeroBased
    guard position >= 0, position < rank else {
      throw LuaError("\(operation): dimension \(index) of a tensor with \(rank) dimensions, shape \(shape)")
    }
    return position
  }
}
