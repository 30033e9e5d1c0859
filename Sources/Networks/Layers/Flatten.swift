import Tensors

/// [n, a, b, …] → [n, a · b · …].
public final class Flatten: Layer {
  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard input.rank > 0 else { throw TensorError("flatten: input \(input.shape) has no dimension for the batch") }
    return try input.rank == 1 ? input.unsqueezed(1) : input.flattened(from: 1)
  }
  public override func makeTwin(_ copies: Copies) -> Layer { Flatten() }
}

/// Gives back its input: stands where a layer was taken out.
public final class Identity: Layer {
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { input }
  public override func makeTwin(_ copies: Copies) -> Layer { Identity() }
}
