import Kernels
import Tensors

/// Checks what scripts pass where features are expected: matrices [rows, features].
struct FeatureCheck {
  /// The function's name as a script writes it.
  let operation: String

  func matrix(_ tensor: Tensor, _ name: String) throws {
    guard tensor.rank == 2 else {
      let dimensions = "\(tensor.rank) dimension\(tensor.rank == 1 ? "" : "s")"
      throw TensorError("\(operation): \(name) \(tensor.shape) have \(dimensions), expected [rows, features]")
    }
    guard tensor.type.isFloatingPoint else {
      throw TensorError("\(operation): \(name) are \(tensor.type.rawValue), expected f32 or f64")
    }
    guard tensor.count > 0 else {
      throw TensorError("\(operation): \(name) \(tensor.shape) are empty, expected at least 1 row and 1 feature")
    }
  }

  func sameFeatures(_ first: Tensor, _ name: String, _ second: Tensor, _ otherName: String) throws {
    guard first.shape[1] == second.shape[1] else {
      throw TensorError("\(operation): \(name) \(first.shape) and \(otherName) \(second.shape) differ in features")
    }
    guard first.type == second.type else {
      throw TensorError(
        "\(operation): \(name) are \(first.type.rawValue) and \(otherName) \(second.type.rawValue), expected one type")
    }
  }

  func sameRows(_ first: Tensor, _ name: String, _ second: Tensor, _ otherName: String) throws {
    guard first.shape[0] == second.shape[0] else {
      throw TensorError("\(operation): \(name) \(first.shape) and \(otherName) \(second.shape) differ in rows")
    }
  }

  /// Two matrices whose rows belong together.
  func pair(_ first: Tensor, _ name: String, _ second: Tensor, _ otherName: String) throws {
    try matrix(first, name)
    try matrix(second, otherName)
    try sameRows(first, name, second, otherName)
    try sameFeatures(first, name, second, otherName)
  }

  func temperature(_ value: Double) throws {
    guard value > 0, value.isFinite else {
      throw TensorError("\(operation): temperature is \(value), expected a positive number")
    }
  }

  /// A share: of old weights, of a batch.
  func share(_ value: Double, _ name: String) throws {
    guard (0...1).contains(value) else { throw TensorError("\(operation): \(name) is \(value), expected 0 to 1") }
  }
}
