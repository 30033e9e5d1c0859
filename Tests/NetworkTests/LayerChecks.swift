import Kernels
import Networks
import Tensors
import TestSupport

extension Golden {
  /// - Throws: `TestFailure` where a value is further than `tolerance` times the largest expected magnitude away.
  func check(_ name: String, _ found: Tensor, within tolerance: Double) throws {
    let expected = try tensor(name)
    guard found.shape == expected.shape else {
      throw TestFailure("\(name): \(found.shape), expected \(expected.shape)")
    }
    let (values, wanted) = (try found.doubles(), try expected.doubles())
    let scale = max(wanted.map(abs).max() ?? 0, 1e-3)
    for (index, (value, want)) in zip(values, wanted).enumerated() where !(abs(value - want) <= tolerance * scale) {
      throw TestFailure("\(name)[\(index)]: \(value), expected \(want) within \(tolerance * scale)")
    }
  }
}

/// One forward and backward pass of a layer on hashed numbers, compared with the file's.
func checkLayer(
  _ golden: Golden, _ name: String, _ layer: Layer, _ shape: Shape, type: ElementType, within tolerance: Double,
  gradients: Bool = true, salt: Int = 1000
) throws {
  layer.clearGradients()
  let input = try hashed(shape, salt: salt, type: type)
  input.requiresGradient = true
  let output = try layer(input)
  try (output * hashed(output.shape, salt: salt + 1, type: type)).sum().backward()
  try golden.check("\(name)/output", output, within: tolerance)
  guard let inputGradient = input.gradient else { throw TestFailure("\(name): the input has no gradient") }
  try golden.check("\(name)/input_gradient", inputGradient, within: tolerance)
  guard gradients else { return }
  for (parameterName, parameter) in layer.namedParameters() {
    guard let gradient = parameter.gradient else {
      throw TestFailure("\(name): \(parameterName) has no gradient")
    }
    try golden.check("\(name)/gradient/\(parameterName)", gradient, within: tolerance)
  }
}

/// float64 in the plain kernels is exact up to the file's rounding; float32 accumulates its own.
func tolerance(_ type: ElementType, depth: Double = 1) -> Double { type == .float64 ? 2e-7 : 2e-6 * depth }

/// Compares what `backward` gives for the input and for every parameter with central differences, element by element.
/// For f64 layers; the loss is sum(output · hashed numbers).
func checkGradients(_ layer: Layer, _ shape: Shape, salt: Int = 1000, step: Double = 1e-6) throws {
  let input = try hashed(shape, salt: salt)
  input.requiresGradient = true
  func loss() throws -> Tensor {
    let output = try layer(input)
    return try (output * hashed(output.shape, salt: salt + 1)).sum()
  }
  layer.clearGradients()
  try loss().backward()
  for (name, tensor) in [("the input", input)] + layer.namedParameters() {
    guard let gradient = tensor.gradient else { throw TestFailure("\(name) has no gradient") }
    let (values, slopes) = (try tensor.doubles(), try gradient.doubles())
    for element in values.indices {
      let sides = try [step, -step].map { change in
        var moved = values
        moved[element] += change
        return try Tensor.withoutGradient {
          try tensor.copyIn(Tensor(moved, tensor.shape, type: .float64))
          return try loss().item()
        }
      }
      let difference = (sides[0] - sides[1]) / (2 * step)
      guard abs(difference - slopes[element]) <= 1e-7 + 1e-5 * abs(difference) else {
        throw TestFailure("\(name)[\(element)]: backward \(slopes[element]), central differences \(difference)")
      }
    }
    _ = try Tensor.withoutGradient { try tensor.copyIn(Tensor(values, tensor.shape, type: .float64)) }
  }
}
