import Kernels
import LuaBridge
import Tensors

/// A tensor's elements as nested lists, on the way to Lua.
struct NestedValues: LuaWritable {
  private let values: Values
  private let shape: Shape
  private let type: ElementType
  /// Where this part begins: its dimension, and the offset of its first element.
  private let dimension, start: Int

  /// Doubles hold integers up to 2⁵³ only.
  private enum Values {
    case reals([Double])
    case integers([Int])
  }

  static var luaName: String { "table|number|boolean" }

  /// - Throws: when there are too many elements for a list to be of use.
  init(_ tensor: Tensor) throws {
    guard tensor.count <= 10_000_000 else {
      throw LuaError("tolist: \(tensor.count) elements are too many for a list; take a slice first")
    }
    let values: Values = tensor.type == .int64 ? .integers(try tensor.integers()) : .reals(try tensor.doubles())
    self.init(values: values, shape: tensor.shape, type: tensor.type, dimension: 0, start: 0)
  }

  private init(values: Values, shape: Shape, type: ElementType, dimension: Int, start: Int) {
    (self.values, self.shape, self.type, self.dimension, self.start) = (values, shape, type, dimension, start)
  }

  func write(to lua: LuaWriter) {
    guard dimension < shape.rank else { return writeElement(to: lua) }
    let step = shape.dropFirst(dimension + 1).reduce(1, *)
    lua.writeList { list in
      for position in 0..<shape[dimension] {
        list.append(
          NestedValues(
            values: values, shape: shape, type: type, dimension: dimension + 1, start: start + position * step))
      }
    }
  }

  private func writeElement(to lua: LuaWriter) {
    switch values {
    case .integers(let integers): lua.write(integers[start])
    case .reals(let reals):
      switch type {
      case .bool: lua.write(reals[start] != 0)
      case .uint8: lua.write(Int(reals[start]))
      case .int64, .float32, .float64: lua.write(reals[start])
      }
    }
  }
}
