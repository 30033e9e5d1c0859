import Kernels
import Tensors

/// Compares the gradient that `backward` finds with central differences, for every element of every input.
///
/// The inputs are f64, of any strides; they may share memory only if they are not perturbed apart (they are not copied,
/// so that non-contiguous inputs stay so). A result that is not a scalar is weighted with fixed numbers and summed.
/// The gradient is checked twice: arriving packed, and arriving as a strided view.
/// - Throws: a sentence that names the input, the element, and both slopes.
public func checkGradients(
  _ inputs: [Tensor], step: Double = 1e-6, relative: Double = 1e-5, absolute: Double = 1e-7,
  of function: ([Tensor]) throws -> Tensor
) throws {
  for (number, input) in inputs.enumerated() where input.type != .float64 {
    throw TestFailure("input \(number + 1) is \(input.type.rawValue), expected f64")
  }
  let shape = try Tensor.withoutGradient { try function(inputs).shape }
  let weights = try fixedNumbers(shape)
  let found = try gradients(inputs, weights, function)
  let foundFromView = try gradients(inputs, strided(weights), function)
  for (number, input) in inputs.enumerated() {
    try requireClose(
      foundFromView[number], found[number], relative: 1e-9, absolute: 1e-12,
      "input \(number + 1), gradient arriving as a view")
    let slopes = try found[number].doubles()
    for element in 0..<input.count {
      let slope = slopes[element]
      let difference = try centralDifference(inputs, input, element, step, weights, function)
      guard abs(slope - difference) <= absolute + relative * max(abs(slope), abs(difference)) else {
        throw TestFailure(
          "input \(number + 1), element \(indices(element, input.shape)): backward gives \(slope), "
            + "central differences give \(difference)")
      }
    }
  }
}

private func gradients(_ inputs: [Tensor], _ weights: Tensor, _ function: ([Tensor]) throws -> Tensor) throws
  -> [Tensor]
{
  let leaves = inputs.map { $0.detached() }
  for leaf in leaves { try leaf.requireGradient() }
  let result = try function(leaves)
  guard result.isTracked else { throw TestFailure("the result is not tracked: no gradient is recorded") }
  try result.backward(gradient: weights)
  return try leaves.map { leaf in
    guard let gradient = leaf.gradient else { return try Tensor.zeros(leaf.shape, type: .float64) }
    guard gradient.buffer.strides == leaf.buffer.strides || !leaf.buffer.isDense else {
      throw TestFailure("a gradient of strides \(gradient.buffer.strides) for a leaf of \(leaf.buffer.strides)")
    }
    return gradient
  }
}

private func centralDifference(
  _ inputs: [Tensor], _ input: Tensor, _ element: Int, _ step: Double, _ weights: Tensor,
  _ function: ([Tensor]) throws -> Tensor
) throws -> Double {
  let address = address(of: element, in: input)
  let kept = address.pointee
  defer { address.pointee = kept }
  let values = try [kept + step, kept - step].map { value in
    address.pointee = value
    return try Tensor.withoutGradient { try (function(inputs) * weights).sum().item() }
  }
  return (values[0] - values[1]) / (2 * step)
}

private func address(of element: Int, in tensor: Tensor) -> UnsafeMutablePointer<Double> {
  let buffer = tensor.buffer
  let offset = zip(indices(element, buffer.shape), buffer.strides).reduce(0) { $0 + $1.0 * $1.1 }
  return buffer.pointer.assumingMemoryBound(to: Double.self) + offset
}

/// Numbers between −1 and 1 that look random and are the same every time.
public func fixedNumbers(_ shape: Shape, seed: UInt64 = 1, type: ElementType = .float64) throws -> Tensor {
  var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
  let values = (0..<shape.elementCount).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(Int64(bitPattern: state) >> 11) / Double(1 << 52)
  }
  return try Tensor(values, shape, type: type)
}

/// The same values in memory that is neither contiguous nor dense: every second element of something larger, with the
/// dimensions in reverse order.
public func strided(_ tensor: Tensor) throws -> Tensor {
  let last = tensor.rank - 1
  guard last >= 0 else { return tensor }
  let order = Array((0...last).reversed())
  var large = tensor.shape
  large[last] *= 2
  let memory = try Tensor.full(Shape(order.map { large[$0] }), 7, type: tensor.type)
  let view = try memory.permuted(order).sliced(last, from: 0, to: large[last], step: 2)
  return try Tensor.withoutGradient { try view.copyIn(tensor) }
}
