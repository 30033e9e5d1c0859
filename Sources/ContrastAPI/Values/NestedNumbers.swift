import Kernels
import LuaBridge
import Tensors

/// Numbers in nested lists, as a script writes a tensor: `{ { 1, 2 }, { 3, 4 } }`.
indirect enum NestedNumbers: LuaReadable {
  case number(Double)
  case truth(Bool)
  case list([NestedNumbers])

  static var luaName: String { "number|boolean|table" }
  static var tableForm: LuaTableForm { .list }

  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> NestedNumbers {
    try NestedNumbers(LuaAny.read(lua, at: index), depth: 0)
  }

  /// A table may contain itself: the depth is bounded before anything is read below it.
  private init(_ value: LuaAny, depth: Int) throws(LuaMismatch) {
    switch value {
    case .integer(let number): self = .number(Double(number))
    case .number(let number): self = .number(number)
    case .boolean(let truth): self = .truth(truth)
    case .table(let table):
      guard depth < Shape.maximumRank else {
        throw LuaMismatch(expected: "lists nested at most \(Shape.maximumRank) deep", found: "deeper ones")
      }
      var elements: [NestedNumbers] = []
      for position in 0..<table.count {
        guard let element = try? table.value(position + 1, as: LuaAny.self) else {
          throw LuaMismatch(expected: Self.luaName, found: "nothing at [\(position + 1)]")
        }
        elements.append(try NestedNumbers(element, depth: depth + 1))
      }
      self = .list(elements)
    case .nil: throw LuaMismatch(expected: Self.luaName, found: "nil")
    case .string: throw LuaMismatch(expected: Self.luaName, found: "string")
    default: throw LuaMismatch(expected: Self.luaName, found: "something else")
    }
  }

  /// The tensor these lists spell out.
  func tensor(type: ElementType?) throws -> Tensor {
    var shape: [Int] = []
    var values: [Double] = []
    var sawTruth = false
    try collect(depth: 0, into: &values, shape: &shape, sawTruth: &sawTruth)
    guard shape.count <= Shape.maximumRank else {
      throw LuaError("tensor: lists nested at most \(Shape.maximumRank) deep expected, got \(shape.count)")
    }
    return try Tensor(values, Shape(shape), type: type ?? (sawTruth ? .bool : .float32))
  }

  private func collect(depth: Int, into values: inout [Double], shape: inout [Int], sawTruth: inout Bool) throws {
    switch self {
    case .number, .truth:
      guard depth == shape.count else { throw LuaError("tensor: a number stands where a list is expected") }
      if case .number(let number) = self { values.append(number) }
      if case .truth(let truth) = self {
        values.append(truth ? 1 : 0)
        sawTruth = true
      }
    case .list(let elements):
      // The first list at each depth sets its size; leaves seen so far mean that the depth is already fixed.
      if depth == shape.count {
        guard values.isEmpty else { throw LuaError("tensor: a list stands where a number is expected") }
        shape.append(elements.count)
      }
      guard elements.count == shape[depth] else {
        throw LuaError("tensor: lists of \(shape[depth]) and of \(elements.count) elements in dimension \(depth + 1)")
      }
      for element in elements {
        try element.collect(depth: depth + 1, into: &values, shape: &shape, sawTruth: &sawTruth)
      }
    }
  }
}
