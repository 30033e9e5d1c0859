import Kernels

/// A value that a gradient needs later, with the version of its memory: after an in-place change, reading it is an
/// error.
///
/// Holds the elements only, not the history, so a saved output makes no cycle and a saved input keeps no graph alive.
struct Saved {
  private let buffer: Buffer
  private let version: Int

  init(_ tensor: Tensor) {
    buffer = tensor.buffer
    version = tensor.buffer.storage.version
  }

  /// The tensor's value in another layout, a copy or a view: valid as long as the tensor's own memory is unchanged.
  init(_ tensor: Tensor, as layout: Buffer) {
    buffer = layout
    version = layout.storage.version
  }

  /// The value, as it was when it was saved.
  func callAsFunction() throws -> Tensor {
    guard buffer.storage.version == version else {
      throw StaleValue(shape: buffer.shape, change: buffer.storage.lastChange)
    }
    return Tensor(buffer: buffer)
  }
}

/// A saved value has changed since; `backward` turns this into a sentence naming the operation.
struct StaleValue: Error {
  let shape: Shape
  let change: StaticString

  func explained(for operation: StaticString) -> TensorError {
    TensorError(
      "backward: \(operation) needs a tensor of shape \(shape) as it was, but \(change) has changed it in place since; "
        + "change a clone instead")
  }
}
