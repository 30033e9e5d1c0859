import LuaBridge
import Tensors

/// What most operations take on their right: another tensor, or a plain number.
typealias TensorOrNumber = Either<Tensor, Double>

/// Applies an operation in the form that fits what the script gave.
func apply(
  _ tensor: Tensor, _ other: TensorOrNumber, _ withTensor: (Tensor, Tensor) throws -> Tensor,
  _ withNumber: (Tensor, Double) throws -> Tensor
) throws -> Tensor {
  switch other {
  case .first(let other): try withTensor(tensor, other)
  case .second(let number): try withNumber(tensor, number)
  }
}
