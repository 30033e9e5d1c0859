import Tensors

/// max(x, 0), element by element.
public final class ReLU: Layer {
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { try input.relu() }
  public override func makeTwin(_ copies: Copies) -> Layer { ReLU() }
}

/// tanh x, element by element.
public final class Tanh: Layer {
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { try input.tanh() }
  public override func makeTwin(_ copies: Copies) -> Layer { Tanh() }
}

/// 1 / (1 + e⁻ˣ), element by element.
public final class Sigmoid: Layer {
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { try input.sigmoid() }
  public override func makeTwin(_ copies: Copies) -> Layer { Sigmoid() }
}
