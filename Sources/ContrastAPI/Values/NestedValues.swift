import Kernels
import LuaBridge
import Tensors

/// A tensor's elements as nested lists, on the way to Lua.
struct NestedValues: LuaWritable {
  private let values: [Double]
  private let shape: Shape
  private let type: ElementType
  /// Where this part begins: its dimension, and the offset of its first element.
  private let dimension, start: Int

  static var luaName: String { "table|number|boolean" }

  /// - Throws: when there are too many elements for a list to be of use.
  init(_ tensor: Tensor) throws {
    guard tensor.count <= 10_000_000 else {
      throw LuaError("tolist: \(tensor.count) elements are too many for a list; take a slice first")
    }
    self.init(values: try tensor.doubles(), shape: tensor.shape, type: tensor.type, dimension: 0, start: 0)
  }

  private init(values: [Double], shape: Shape, type: ElementType, dimension: Int, start: Int) {
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
    switch type {
    case .bool: lua.write(values[start] != 0)
    case .int64, .uint8: lua.write(Int(values[start]))
    case .float32, .float64: lua.write(values[start])
    }
  }
}
