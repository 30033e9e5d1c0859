import Foundation
import Kernels
import Networks
import Tensors

struct Mismatch: Error, CustomStringConvertible {
  let description: String
}

/// Expected values from a file in Tests/Golden.
struct Golden {
  let tensors: [String: Tensor]
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden")

  init(_ file: String) throws {
    tensors = try SafeTensors.read(Self.folder.appending(path: file).path).tensors
  }

  /// - Throws: `Mismatch` where a value is further than `tolerance` times the largest expected magnitude away.
  func check(_ name: String, _ found: Tensor, within tolerance: Double) throws {
    guard let expected = tensors[name] else { throw Mismatch(description: "the golden file has no '\(name)'") }
    guard found.shape == expected.shape else {
      throw Mismatch(description: "\(name): \(found.shape), expected \(expected.shape)")
    }
    let (values, wanted) = (try found.doubles(), try expected.doubles())
    let scale = max(wanted.map(abs).max() ?? 0, 1e-3)
    for (index, (value, want)) in zip(values, wanted).enumerated() where !(abs(value - want) <= tolerance * scale) {
      throw Mismatch(description: "\(name)[\(index)]: \(value), expected \(want) within \(tolerance * scale)")
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
  guard let inputGradient = input.gradient else { throw Mismatch(description: "\(name): the input has no gradient") }
  try golden.check("\(name)/input_gradient", inputGradient, within: tolerance)
  guard gradients else { return }
  for (parameterName, parameter) in layer.namedParameters() {
    guard let gradient = parameter.gradient else {
      throw Mismatch(description: "\(name): \(parameterName) has no gradient")
    }
    try golden.check("\(name)/gradient/\(parameterName)", gradient, within: tolerance)
  }
}

/// float64 in the plain kernels is exact up to the file's rounding; float32 accumulates its own.
func tolerance(_ type: ElementType, depth: Double = 1) -> Double { type == .float64 ? 2e-7 : 2e-6 * depth }
