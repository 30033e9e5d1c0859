import Networks
import SelfSupervision
import Tensors

/// What a run can save and restore by name.
protocol Checkpointed {
  func checkpointTensors() throws -> [(name: String, tensor: Tensor)]
  /// All or nothing: nothing has changed when this throws.
  func restore(_ tensors: [String: Tensor]) throws
}

extension Layer: Checkpointed {
  func checkpointTensors() throws -> [(name: String, tensor: Tensor)] { stateDictionary() }
  func restore(_ tensors: [String: Tensor]) throws { try load(tensors) }
}

extension Optimizer: Checkpointed {
  func checkpointTensors() throws -> [(name: String, tensor: Tensor)] { try stateDictionary() }
  func restore(_ tensors: [String: Tensor]) throws { try load(tensors) }
}

extension Tensor: Checkpointed {
  func checkpointTensors() throws -> [(name: String, tensor: Tensor)] { [("value", self)] }
  func restore(_ tensors: [String: Tensor]) throws {
    guard let value = tensors["value"], value.shape == shape, value.type == type else {
      throw TensorError("the saved tensor is not a \(type.rawValue) tensor of shape \(shape)")
    }
    _ = try Tensor.withoutGradient { try copyIn(value) }
  }
}
