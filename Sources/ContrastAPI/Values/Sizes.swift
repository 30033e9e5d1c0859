import Kernels
import LuaBridge
import Tensors

/// The sizes of every dimension, as a script writes them: `{ 2, 3 }`.
struct Sizes: LuaReadable {
  let shape: Shape

  static var luaName: String { "integer[]" }
  static var tableForm: LuaTableForm { .list }

  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Sizes {
    Sizes(shape: try shape(from: [Int].read(lua, at: index)))
  }

  /// Checks what a shape cannot hold: more than six sizes, or negative ones (other than −1 where `wildcard` allows it).
  static func shape(from sizes: [Int], wildcard: Bool = false) throws(LuaMismatch) -> Shape {
    guard sizes.count <= Shape.maximumRank else {
      throw LuaMismatch(expected: "at most \(Shape.maximumRank) sizes", found: "\(sizes.count)")
    }
    for size in sizes where size < 0 && !(wildcard && size == -1) {
      throw LuaMismatch(expected: "sizes of 0 or more", found: "\(size)")
    }
    return Shape(sizes)
  }
}

/// Integers given one by one or as one list: `x:reshape(2, -1)` and `x:reshape { 2, -1 }` alike.
typealias Integers = Rest<Either<Int, [Int]>>

extension Rest where Element == Either<Int, [Int]> {
  /// All the integers in order.
  var flat: [Int] {
    elements.flatMap { element in
      switch element {
      case .first(let number): [number]
      case .second(let list): list
      }
    }
  }

  /// The integers as a shape for the named operation.
  func shape(for operation: String, wildcard: Bool = false) throws -> Shape {
    do { return try Sizes.shape(from: flat, wildcard: wildcard) } catch {
      throw LuaError("\(operation): \(error.expected) expected, got \(error.found)")
    }
  }

  /// 1-based dimensions (negative from the end) as the engine counts them.
  func dimensions(for operation: String) throws -> [Int] {
    try flat.map { number in
      guard number != 0 else { throw LuaError("\(operation): dimensions count from 1 (or from -1 at the end), got 0") }
      return number > 0 ? number - 1 : number
    }
  }
}

/// One dimension or several: `x:sum(1)`, `x:sum { 1, 2 }`.
typealias Dimensions = Either<LuaIndex, [LuaIndex]>

extension Either where First == LuaIndex, Second == [LuaIndex] {
  var zeroBased: [Int] {
    switch self {
    case .first(let dimension): [dimension.zeroBased]
    case .second(let dimensions): dimensions.map(\.zeroBased)
    }
  }
}
