import Kernels
import Tensors

/// Whether |actual − expected| ≤ absolute + relative · |expected| everywhere, NaN matching NaN, with equal shapes.
/// The defaults are torch.testing.assert_close's for float32.
public func isClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double = 1.3e-6, absolute: Double = 1e-5
) throws -> Bool {
  try firstDifference(actual, expected, relative: relative, absolute: absolute) == nil
}

/// - Throws: a sentence that names `what`, the position of the worst difference, and both values.
public func requireClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double = 1.3e-6, absolute: Double = 1e-5, _ what: String = "tensor"
) throws {
  if let difference = try firstDifference(actual, expected, relative: relative, absolute: absolute) {
    throw TestFailure("\(what): \(difference)")
  }
}

/// - Throws: if the values differ from `expected`, listed in row-major order.
public func requireClose(
  _ actual: Tensor, _ expected: [Double], relative: Double = 1.3e-6, absolute: Double = 1e-5, _ what: String = "tensor"
) throws {
  guard actual.count == expected.count else {
    throw TestFailure("\(what): \(actual.count) elements, expected \(expected.count)")
  }
  let values = try Tensor(expected, actual.shape, type: .float64)
  try requireClose(actual, values, relative: relative, absolute: absolute, what)
}

private func firstDifference(_ actual: Tensor, _ expected: Tensor, relative: Double, absolute: Double) throws
  -> String?
{
  guard actual.shape == expected.shape else { return "shape \(actual.shape), expected \(expected.shape)" }
  var worst = (excess: 0.0, text: String?.none)
  for (index, (one, two)) in zip(try actual.doubles(), try expected.doubles()).enumerated() {
    if one == two || (one.isNaN && two.isNaN) { continue }
    let excess = abs(one - two) / (absolute + relative * abs(two))
    if !(excess <= max(1, worst.excess)) {
      let position = indices(index, actual.shape)
      worst = (excess.isNaN ? .infinity : excess, "element \(position) is \(one), expected \(two)")
    }
  }
  return worst.text
}

/// The position of the element with a given row-major number.
func indices(_ number: Int, _ shape: Shape) -> [Int] {
  var (rest, result) = (number, [Int]())
  for size in shape.reversed() {
    result.insert(rest % max(size, 1), at: 0)
    rest /= max(size, 1)
  }
  return result
}
