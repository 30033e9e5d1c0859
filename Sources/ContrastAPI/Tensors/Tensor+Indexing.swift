import Kernels
import LuaBridge
import Tensors

/// `x[i]`, `x[{ {1, 3}, {} }]`, and picking by tensors of positions.
@ClassBuilder<Tensor> func indexingMembers() -> [ClassMember] {
  Operator(
    .index,
    """
    x[2]: one slice; x[{ 2, {1, 3}, {} }]: a position, a range (both ends included) or everything per dimension; \
    x[mask] or x[positions]: rows.
    """,
    Argument("position", "an integer, a list, or a tensor"),
    returns: "a view, or a copy where rows are picked by a tensor"
  ) {
    (tensor: Tensor, position: Position) in try position.slice(of: tensor)
  }
  Operator(
    .setIndex, "x[position] = value, in place.", Argument("position", "as in x[position]"),
    Argument("value", "a tensor that broadcasts, or a number")
  ) {
    (tensor: Tensor, position: Position, value: TensorOrNumber) in try position.assign(value, in: tensor)
  }
  Method(
    "narrow", "A part of a dimension.", Argument("dim", "which"), Argument("start", "first position, from 1"),
    Argument("length", "how many", in: 0...), returns: "a view"
  ) {
    (tensor: Tensor, dimension: LuaIndex, start: LuaIndex, length: Int) in
    let axis = try tensor.dimension(dimension, of: "narrow")
    let first = start.zeroBased < 0 ? start.zeroBased + tensor.shape[axis] : start.zeroBased
    guard first >= 0, first <= tensor.shape[axis], length <= tensor.shape[axis] - first else {
      throw LuaError("narrow: \(length) positions from \(start) in dimension \(axis + 1) of size \(tensor.shape[axis])")
    }
    return try tensor.sliced(axis, from: first, to: first + length)
  }
  Method(
    "select", "One position of a dimension, which disappears.", Argument("dim", "which"),
    Argument("position", "from 1"), returns: "a view"
  ) {
    (tensor: Tensor, dimension: LuaIndex, position: LuaIndex) in
    try tensor.selected(dimension.zeroBased, position.zeroBased)
  }
  Method(
    "index_select", "Rows at the given positions.", Argument("positions", "an i64 tensor [n], from 1"),
    returns: "a copy"
  ) {
    (tensor: Tensor, positions: Tensor) in try tensor.taking(rows: positions.zeroBasedPositions("index_select"))
  }
  Method(
    "gather", "One element per position along a dimension.", Argument("dim", "which"),
    Argument("positions", "an i64 tensor, from 1"), returns: "a copy"
  ) {
    (tensor: Tensor, dimension: LuaIndex, positions: Tensor) in
    try tensor.gathered(dimension.zeroBased, positions.zeroBasedPositions("gather"))
  }
  Method(
    "one_hot", "Labels (from 1) as rows of zeros with a one.", Argument("classes", "how many", in: 1...),
    returns: "an f32 tensor [n, classes]"
  ) {
    (tensor: Tensor, classes: Int) in try tensor.zeroBasedPositions("one_hot").oneHot(classes)
  }
}

extension Tensor {
  /// Positions that count from 1 as the engine counts them, from 0.
  func zeroBasedPositions(_ operation: String) throws -> Tensor {
    guard type == .int64 else {
      throw LuaError("\(operation): positions of dtype i64 expected, got \(type.rawValue)")
    }
    return try self - 1
  }
}

/// What stands in the brackets.
enum Position: LuaReadable {
  case one(Int)
  case tensor(Tensor)
  case parts([Part])

  /// One dimension's share: a position, a range with both ends included, or everything.
  enum Part {
    case one(Int)
    case range(first: Int?, last: Int?)
  }

  static var luaName: String { "integer|table|Tensor" }
  static var tableForm: LuaTableForm { .list }

  static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Position {
    if let tensor = try? Tensor.read(lua, at: index) { return .tensor(tensor) }
    if let number = try? Int.read(lua, at: index) { return .one(number) }
    let parts = try [Either<Int, [Int]>].read(lua, at: index)
    var result: [Part] = []
    for part in parts {
      switch part {
      case .first(let number): result.append(.one(number))
      case .second(let range):
        guard range.count <= 2 else {
          throw LuaMismatch(expected: "a range { first, last }", found: "\(range.count) numbers")
        }
        result.append(.range(first: range.first, last: range.count == 2 ? range[1] : range.first))
      }
    }
    return .parts(result)
  }

  func slice(of tensor: Tensor) throws -> Tensor {
    switch self {
    case .one(let number): try Position.select(tensor, dimension: 0, number)
    case .tensor(let positions): try Position.rows(of: tensor, at: positions)
    case .parts(let parts): try Position.view(tensor, parts)
    }
  }

  func assign(_ value: TensorOrNumber, in tensor: Tensor) throws {
    if case .tensor(let positions) = self, case .first(let rows) = value, positions.type == .int64 {
      _ = try tensor.putRows(positions.zeroBasedPositions("x[positions] = rows"), rows)
      return
    }
    if case .tensor = self { throw LuaError("x[tensor] = value: i64 positions and a tensor of rows expected") }
    let target = try slice(of: tensor)
    switch value {
    case .first(let source): try target.copyIn(source)
    case .second(let number): try target.fill(number)
    }
  }

  private static func rows(of tensor: Tensor, at positions: Tensor) throws -> Tensor {
    if positions.type == .bool {
      guard positions.rank == 1, tensor.rank > 0, positions.shape[0] == tensor.shape[0] else {
        throw LuaError("x[mask]: a mask of one flag per row expected, got shape \(positions.shape) for \(tensor.shape)")
      }
      let chosen = try positions.doubles().enumerated().filter { $0.element != 0 }.map(\.offset)
      return try tensor.taking(rows: Tensor(chosen, [chosen.count]))
    }
    return try tensor.taking(rows: positions.zeroBasedPositions("x[positions]"))
  }

  private static func view(_ tensor: Tensor, _ parts: [Part]) throws -> Tensor {
    guard parts.count <= tensor.rank else {
      throw LuaError("x[…]: \(parts.count) positions for a tensor with \(tensor.rank) dimensions")
    }
    var result = tensor
    var dimension = 0
    for part in parts {
      switch part {
      case .one(let number): result = try select(result, dimension: dimension, number)
      case .range(let first, let last):
        let size = result.shape[dimension]
        let from = try offset(first ?? 1, in: size, dimension: dimension)
        let to = last == nil ? size - 1 : try offset(last ?? size, in: size, dimension: dimension)
        if first != nil || last != nil { result = try result.sliced(dimension, from: from, to: max(from, to + 1)) }
        dimension += 1
      }
    }
    return result
  }

  private static func select(_ tensor: Tensor, dimension: Int, _ number: Int) throws -> Tensor {
    guard dimension < tensor.rank else { throw LuaError("x[\(number)]: the tensor has no dimensions; use item()") }
    return try tensor.selected(dimension, offset(number, in: tensor.shape[dimension], dimension: dimension))
  }

  /// A 1-based position (negative from the end) as an offset.
  private static func offset(_ number: Int, in size: Int, dimension: Int) throws -> Int {
    let offset = number < 0 ? number + size : number - 1
    guard number != 0, offset >= 0, offset < size else {
      throw LuaError("x[…]: position \(number) in dimension \(dimension + 1) of size \(size)")
    }
    return offset
  }
}
