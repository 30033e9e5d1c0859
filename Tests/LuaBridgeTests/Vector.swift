import LuaBridge
import Synchronization

/// The objects of one test that are alive: a leak is a number other than 0 after the host is closed.
final class Census: Sendable {
  private let alive = Atomic<Int>(0)
  var count: Int { alive.load(ordering: .relaxed) }
  func born() { alive.add(1, ordering: .relaxed) }
  func died() { alive.subtract(1, ordering: .relaxed) }
}

/// The class of the tests: numbers with everything a declaration can say.
final class Vector: LuaObject, CustomStringConvertible {
  var elements: [Double]
  var label: String?
  let census: Census

  init(_ elements: [Double], _ census: Census) {
    (self.elements, self.census) = (elements, census)
    census.born()
  }
  deinit { census.died() }

  var description: String { "Vector {\(elements.map { "\($0)" }.joined(separator: ", "))}" }
  func made(_ elements: [Double]) -> Vector { Vector(elements, census) }

  func dot(_ other: Vector) throws -> Double {
    guard elements.count == other.elements.count else {
      throw LuaError("dot: sizes \(elements.count) and \(other.elements.count) differ")
    }
    return zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func combined(_ other: Vector, _ sign: String, _ body: (Double, Double) -> Double) throws -> Vector {
    guard elements.count == other.elements.count else {
      throw LuaError("\(sign): sizes \(elements.count) and \(other.elements.count) differ")
    }
    return made(zip(elements, other.elements).map(body))
  }

  func position(_ index: LuaIndex) throws -> Int {
    let position = index.zeroBased >= 0 ? index.zeroBased : elements.count + index.zeroBased
    guard elements.indices.contains(position) else {
      throw LuaError("Vector: position \(LuaIndex(zeroBased: position).luaText) is outside of 1 to \(elements.count)")
    }
    return position
  }
}

extension LuaIndex {
  var luaText: String { LuaIndex.text(of: self) }
}

enum Reduction: String, CaseIterable, LuaEnumeration { case mean, sum, none }

/// A family of classes: the base is declared, `Square` is declared, `Cube` is not.
class Figure: LuaObject {
  var size: Double
  init(size: Double) { self.size = size }
  func area() -> Double { 0 }
}
class Square: Figure {
  override func area() -> Double { size * size }
}
final class Cube: Square {
  override func area() -> Double { 6 * size * size }
}
final class RoundThing: Figure, LuaRenamed {
  static var nameInLua: String { "Circle" }
  override func area() -> Double { 3 * size * size }
}

func vectorClass(_ census: Census) -> Class<Vector> {
  Class(Vector.self, "A list of numbers.") {
    Constructor("Makes a vector from numbers.", Argument("elements", "the numbers")) { Vector($0, census) }
    Function(
      "zeros", "A vector of zeros.", Argument("count", "how many", in: 0...1_000_000),
      returns: "the vector", calls: { Vector(Array(repeating: 0, count: $0), census) })
    Method(
      "dot", "Inner product.", Argument("other", "a vector of the same size"), returns: "a number", calls: Vector.dot)
    Method(
      "reduce", "One number from all.", Argument("how", "what to do with them", default: Reduction.sum),
      Argument("scale", "multiplies the result", default: 1.0, in: .positive), returns: "the number", named: true
    ) { vector, how, scale in
      let sum = vector.elements.reduce(0, +)
      return scale * (how == .mean ? sum / Double(vector.elements.count) : how == .sum ? sum : 0)
    }
    Method("extremes", "Least and greatest.", returns: ("the least", "the greatest")) { vector in
      (vector.elements.min(), vector.elements.max())
    }
    Method("halves", "Both halves.", returns: ("the first", "the second")) { vector in
      let middle = vector.elements.count / 2
      return (vector.made(Array(vector.elements[..<middle])), vector.made(Array(vector.elements[middle...])))
    }
    Method("fill_", "Sets all elements.", Argument("value", "the new value")) { (vector, value: Double) in
      vector.elements = vector.elements.map { _ in value }
    }
    Method(
      "map", "Applies a function to each element.", Argument("f", "takes and returns a number"), returns: "a vector"
    ) {
      (vector, f: LuaFunction) in vector.made(try vector.elements.map { try f($0) })
    }
    Method("totable", "The numbers.", returns: "a list") { $0.elements }
    Method("each", "Positions and elements, for a loop.", returns: "an iterator") { vector in
      var next = 0
      return LuaIterator { () -> (Int, Double)? in
        guard next < vector.elements.count else { return nil }
        next += 1
        return (next, vector.elements[next - 1])
      }
    }
    Method(
      "size", "How many.", returns: [FunctionResult.integer],
      native: { vector, call in
        call.write(vector.elements.count)
      })
    Property("count", "How many elements.", \.elements.count)
    Members(
      "One of the first elements.", names: { Array(["x", "y", "z"].prefix($0.elements.count)) },
      find: { vector, name in zip(["x", "y", "z"], vector.elements).first { $0.0 == name }?.1 })
    Property("label", "A name, or nil.", get: { $0.label }, set: { $0.label = $1 })
    Operator(
      .add, "Sum.", both: { try $0.combined($1, "+", +) }, right: { v, x in v.made(v.elements.map { $0 + x }) },
      left: { x, v in v.made(v.elements.map { x + $0 }) })
    Operator(
      .subtract, "Difference.", both: { try $0.combined($1, "-", -) },
      right: { v, x in v.made(v.elements.map { $0 - x }) },
      left: { x, v in v.made(v.elements.map { x - $0 }) })
    Operator(.negate, "The opposite.", returns: "a vector") { $0.made($0.elements.map { -$0 }) }
    Operator(.length, "How many elements.", returns: "the number") { $0.elements.count }
    Operator(.call, "Scales.", Argument("factor", "the multiplier"), returns: "a vector") { (vector, factor: Double) in
      vector.made(vector.elements.map { $0 * factor })
    }
    Operator(.index, "One element.", Argument("position", "from 1"), returns: "the element") {
      (vector, index: LuaIndex) in
      vector.elements[try vector.position(index)]
    }
    Operator(.setIndex, "Sets one element.", Argument("position", "from 1"), Argument("value", "the element")) {
      (vector, index: LuaIndex, value: Double) in vector.elements[try vector.position(index)] = value
    }
    Operator(
      .concatenate, "Joins texts.", Argument<Either<Vector, String>>("left", "a vector or a string"),
      Argument<Either<Vector, String>>("right", "a vector or a string"), returns: "the text",
      operands: { first, second in "\(first.text)\(second.text)" })
  }
}

extension Either where First == Vector, Second == String {
  var text: String {
    switch self {
    case .first(let vector): vector.description
    case .second(let text): text
    }
  }
}

extension FunctionResult {
  static var integer: FunctionResult { FunctionResult(type: "integer", summary: "a number") }
}

/// The module of the tests.
func testModule(_ census: Census = Census()) -> Module {
  Module("lab", "What the tests use.") {
    Value("version", "The version.", "1.2.3")
    Function.scope()
    Function.keep()
    vectorClass(census)
    functions(census)
    Module("shapes", "A family of classes.") {
      Class(Figure.self, "Anything with an area.") {
        Method("area", "The area.", returns: "a number", calls: Figure.area)
        Property("size", "The length of a side.", get: { $0.size }, set: { $0.size = $1 })
      }
      Class(Square.self, inherits: Figure.self, "A square.") {
        Constructor("Makes a square.", Argument("size", "the side", default: 1.0, in: 0.0...100), named: true) {
          Square(size: $0)
        }
        Method("diagonal", "The diagonal.", returns: "a number") { ($0.size * $0.size * 2).squareRoot() }
      }
      Class(RoundThing.self, inherits: Figure.self, "A circle, nearly.") {
        Constructor("Makes a circle.", Argument("size", "the radius")) { RoundThing(size: $0) }
      }
      Function("cube", "A cube, which is not declared.", returns: "it", calls: { () -> Figure in Cube(size: 2) })
      Function("total", "Sum of areas.", Argument("figures", "all of them"), returns: "a number") {
        (figures: [Figure]) in
        figures.reduce(0) { $0 + $1.area() }
      }
      Function("is_cube", "Whether it is a cube.", Argument("figure", "any"), returns: "a boolean") { (_: Cube) in true
      }
    }
  }
}

@ModuleBuilder func functions(_ census: Census) -> [ModuleMember] {
  Function(
    "describe", "Says what it got.", Argument("name", "a string"),
    Argument("count", "an integer", default: 2, in: 1...9),
    Argument("ratio", "a number", default: 0.5, in: 0.0..<1), Argument("how", "a choice", default: Reduction.mean),
    Argument<String?>("note", "anything"), returns: "a sentence", named: true
  ) { (name: String, count: Int, ratio: Double, how: Reduction, note: String?) in
    "\(name) \(count) \(ratio) \(how) \(note ?? "-")"
  }
  Function(
    "stack", "A list and options, as Sequential and LARS take them.", Argument("items", "vectors"),
    Argument("scale", "a factor", default: 1.0), Argument("name", "a name", default: "stack"), returns: "a sentence",
    named: true
  ) { (items: [Vector], scale: Double, name: String) in "\(items.count) \(scale) \(name)" }
  Function(
    "projector", "Sizes.", Argument("sizes", "a list"), Argument("bias", "whether", default: true), returns: "text",
    named: true
  ) {
    (sizes: [Int], bias: Bool) in "\(sizes) \(bias)"
  }
  Function(
    "linear", "Two numbers.", Argument("inputs", "how many", in: 1...), Argument("outputs", "how many", in: 1...),
    Argument("bias", "whether", default: true), returns: "text", named: true
  ) { (inputs: Int, outputs: Int, bias: Bool) in
    "\(inputs) \(outputs) \(bias)"
  }
  Function("configure", "Reads a record.", Argument("fields", "numbers by name"), returns: "the sum", named: true) {
    (fields: [String: Double]) in fields.values.reduce(0, +)
  }
  Function(
    "join", "Joins all.", Argument("separator", "between them"), Argument("parts", "strings"), returns: "the text"
  ) {
    (separator: String, parts: Rest<String>) in parts.joined(separator: separator)
  }
  Function("echo", "The same value.", Argument("value", "anything"), returns: "it") { (value: LuaAny) in value }
  Function("echo_options", "A table's names and list.", Argument("table", "a table"), returns: ("names", "numbers")) {
    (table: LuaTable) in (table.names, try (0..<table.count).map { try table.value($0 + 1) as Int })
  }
  Function("four", "Four results.", returns: ("a", "b", "c", "d")) { (1, 2.5, "three", [4]) }
  Function("three", "Three results.", returns: ("a", "b", "c")) { (true, nil as Int?, ["x": 1, "a": 2]) }
  Function("half", "Half of it.", Argument("value", "a vector or a number"), returns: "half of it") {
    (value: Either<Vector, Double>) -> Either<Vector, Double> in
    switch value {
    case .first(let vector): .first(vector.made(vector.elements.map { $0 / 2 }))
    case .second(let number): .second(number / 2)
    }
  }
  Function(
    "twice", "Calls a function twice.", Argument("f", "a function"), Argument("x", "where to start"), returns: "f(f(x))"
  ) {
    (f: LuaFunction, x: Double) in try f(f(x) as Double) as Double
  }
  Function("both", "Two results of a function.", Argument("f", "gives two numbers"), returns: "their sum") {
    (f: LuaFunction) in
    let (a, b): (Double, Double) = try f()
    return a + b
  }
  Function(
    "quietly", "Calls a function and swallows its error.", Argument("f", "a function"), returns: "the message, or nil"
  ) {
    (f: LuaFunction) -> String? in
    do { try f() } catch { return "\(error)" }
    return nil
  }
  Function("vectors", "Many objects in tables.", Argument("count", "how many"), returns: "a table of them") {
    (count: Int) in
    ["list": (0..<count).map { Vector([Double($0)], census) }]
  }
  Function("spin", "Works until it is told to stop.", Argument("count", "rounds")) { (count: Int) in
    for round in 0..<count where round % 1024 == 0 && LuaHost.current!.isStopping { throw LuaError("stopped") }
  }
  Function("fail", "Always fails.", Argument("message", "what to say")) { (message: String) in throw LuaError(message) }
  Function("at_end", "Notes how the script ended.", Argument("file", "where to write")) { (file: LuaTable) in
    LuaHost.current!.atEnd { _ in _ = file }
  }
}
