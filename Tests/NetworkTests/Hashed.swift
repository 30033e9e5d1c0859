import Foundation
import Kernels
import Networks
import Tensors

/// The numbers that `Tests/Golden/generate_networks.py` makes by the same integer hash: in [low, high), float32 values.
func hashedValues(_ count: Int, salt: Int, low: Double = -1, high: Double = 1) -> [Double] {
  (0..<count).map { index in
    var z = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(salt) &* 0xD134_2543_DE82_EF95
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(Float(low + (high - low) * (Double(z >> 40) / 0x1p24)))
  }
}

func hashed(
  _ shape: Shape, salt: Int, low: Double = -1, high: Double = 1, type: ElementType = .float64
) throws -> Tensor {
  try Tensor(hashedValues(shape.elementCount, salt: salt, low: low, high: high), shape, type: type)
}

/// Gives every tensor of a layer's state dictionary hashed values; the salt is its position, so that a state dictionary
/// in another order than PyTorch's shows.
func fill<Kind: Layer>(_ layer: Kind) throws -> Kind {
  for (salt, (name, tensor)) in layer.stateDictionary().enumerated() {
    let count = tensor.count
    let values: [Double]
    switch name.split(separator: ".").last {
    case "num_batches_tracked": values = [0]
    case "running_var": values = hashedValues(count, salt: salt, low: 0.5, high: 1.5)
    case "weight" where tensor.rank > 1:
      let bound = Double(Float((3 / Double(tensor.shape.dropFirst().reduce(1, *))).squareRoot()))
      values = hashedValues(count, salt: salt).map { Double(Float($0 * bound)) }
    case "weight": values = hashedValues(count, salt: salt, low: 0.75, high: 1.25)
    default: values = hashedValues(count, salt: salt, low: -0.25, high: 0.25)
    }
    _ = try Tensor.withoutGradient { try tensor.copyIn(Tensor(values, tensor.shape, type: .float64)) }
  }
  return layer
}
