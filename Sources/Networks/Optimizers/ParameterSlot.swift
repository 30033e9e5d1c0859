import Kernels
import Tensors

/// One parameter in an optimizer's hands: how it is treated, and what the optimizer remembers of it.
public final class ParameterSlot {
  public let name: String
  public let parameter: Tensor
  public let weightDecay: Double
  public let learningRateScale: Double
  /// How many updates the parameter has had; fewer than the optimizer's steps where some brought it no gradient.
  public internal(set) var updateCount = 0
  /// Velocities and moments by name, each of the parameter's shape; made at the parameter's first update.
  public internal(set) var memories: [String: Tensor] = [:]

  init(name: String, parameter: Tensor, weightDecay: Double, learningRateScale: Double) {
    (self.name, self.parameter) = (name, parameter)
    (self.weightDecay, self.learningRateScale) = (weightDecay, learningRateScale)
  }

  /// The memory of that name, zeros at first.
  public func memory(_ name: String) throws -> Tensor {
    if let memory = memories[name] { return memory }
    let memory = Tensor(buffer: try blank())
    Kernels.forType(parameter.type).fill(memory.buffer, with: 0)
    memories[name] = memory
    return memory
  }

  /// An uninitialised buffer whose elements are ordered as the parameter's: what fused kernels ask for.
  func blank() throws -> Buffer {
    let like = parameter.buffer
    return Buffer(
      storage: try Storage(byteCount: like.elementCount * like.type.byteCount), shape: like.shape,
      strides: like.strides, type: like.type)
  }

  /// The gradient with its elements ordered as the parameter's; copied only where it is not so already.
  func orderedGradient(_ gradient: Tensor) throws -> Buffer {
    let (buffer, like) = (gradient.buffer, parameter.buffer)
    if like.shape.indices.allSatisfy({ like.shape[$0] == 1 || buffer.strides[$0] == like.strides[$0] }) {
      return buffer
    }
    let ordered = try blank()
    Kernels.forType(parameter.type).copy(buffer, into: ordered)
    return ordered
  }
}

/// One parameter's part of a step.
public struct ParameterUpdate {
  public let slot: ParameterSlot
  /// Finite, and ordered in memory as the parameter.
  public let gradient: Buffer
  /// The sum of the squares of the gradient's elements.
  public let squaredNorm: Double
  /// The step's learning rate times the group's scale.
  public let learningRate: Double

  public var parameter: Buffer { slot.parameter.buffer }
}
