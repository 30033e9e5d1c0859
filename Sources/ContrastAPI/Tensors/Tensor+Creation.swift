import Kernels
import LuaBridge
import Tensors

/// `contrast.tensor`, `contrast.zeros` and their kin.
@ModuleBuilder func creationFunctions(_ session: Session) -> [ModuleMember] {
  Function(
    "tensor", "A tensor of the numbers in a nested list, or of one number.",
    Argument("values", "a number, or lists of equal length: `{ { 1, 2 }, { 3, 4 } }`"),
    Argument("dtype", "element type; f32 unless given, bool for true and false", default: nil),
    returns: "the tensor", named: true
  ) { (values: NestedNumbers, type: ElementType?) in try values.tensor(type: type) }
  Function(
    "zeros", "A tensor of zeros.", Argument("shape", "the size of every dimension"),
    Argument("dtype", "element type", default: .float32), returns: "the tensor", named: true
  ) { (sizes: Sizes, type: ElementType) in try Tensor.zeros(sizes.shape, type: type) }
  Function(
    "ones", "A tensor of ones.", Argument("shape", "the size of every dimension"),
    Argument("dtype", "element type", default: .float32), returns: "the tensor", named: true
  ) { (sizes: Sizes, type: ElementType) in try Tensor.ones(sizes.shape, type: type) }
  Function(
    "full", "A tensor with the same number everywhere.", Argument("shape", "the size of every dimension"),
    Argument("value", "the number"), Argument("dtype", "element type", default: .float32), returns: "the tensor",
    named: true
  ) { (sizes: Sizes, value: Double, type: ElementType) in try Tensor.full(sizes.shape, value, type: type) }
  Function(
    "arange", "The numbers from `first` to `last` (included, as in a Lua loop), `step` apart.",
    Argument("first", "the first number"), Argument("last", "the bound, included"),
    Argument("step", "distance between neighbours", default: 1),
    Argument("dtype", "element type", default: .float32), returns: "the tensor [n]", named: true, calls: inclusiveRange)
  Function(
    "eye", "The identity matrix.", Argument("size", "rows and columns", in: 0...),
    Argument("dtype", "element type", default: .float32), returns: "the tensor [size, size]", named: true
  ) { (size: Int, type: ElementType) in try Tensor.eye(size, type: type) }
  randomFunctions(session)
}

@ModuleBuilder private func randomFunctions(_ session: Session) -> [ModuleMember] {
  Function(
    "rand", "Uniform random numbers from 0 (included) to 1 (excluded).",
    Argument("shape", "the size of every dimension"), Argument("dtype", "f32 or f64", default: .float32),
    returns: "the tensor", named: true
  ) { (sizes: Sizes, type: ElementType) in
    try Tensor.uniform(sizes.shape, low: 0, high: 1, type: type, using: session.random)
  }
  Function(
    "randn", "Normal random numbers with mean 0 and standard deviation 1.",
    Argument("shape", "the size of every dimension"), Argument("dtype", "f32 or f64", default: .float32),
    returns: "the tensor", named: true
  ) { (sizes: Sizes, type: ElementType) in
    try Tensor.normal(sizes.shape, mean: 0, standardDeviation: 1, type: type, using: session.random)
  }
  Function(
    "randint", "Random integers from `low` to `high`, both included, as `math.random` counts.",
    Argument("low", "the smallest"), Argument("high", "the largest"), Argument("shape", "the size of every dimension"),
    returns: "an i64 tensor", named: true
  ) { (low: Int, high: Int, sizes: Sizes) in try randomIntegers(low, high, sizes.shape, using: session.random) }
  Function(
    "randperm", "The integers from 1 to `count` in random order.", Argument("count", "how many", in: 0...),
    returns: "an i64 tensor [count]"
  ) { (count: Int) in try Tensor.randomPermutation(count, using: session.random) + 1 }
}

/// A Lua loop's range as a tensor.
private func inclusiveRange(_ first: Double, _ last: Double, _ step: Double, _ type: ElementType) throws -> Tensor {
  guard first.isFinite, last.isFinite, step.isFinite, step != 0 else {
    throw LuaError("arange: finite bounds and a step other than 0 expected, got \(first), \(last), \(step)")
  }
  let count = ((last - first) / step + 1e-9).rounded(.down) + 1
  guard count < 1e9 else { throw LuaError("arange: \(first) to \(last) in steps of \(step) is \(count) numbers") }
  guard count >= 1 else { return try Tensor.zeros([0], type: type) }
  return try Tensor((0..<Int(count)).map { first + Double($0) * step }, [Int(count)], type: type)
}

private func randomIntegers(_ low: Int, _ high: Int, _ shape: Shape, using random: RandomStream) throws -> Tensor {
  let (span, overflow) = high.subtractingReportingOverflow(low)
  guard !overflow, span >= 0, span < 1 << 52, low.magnitude < 1 << 53, high.magnitude < 1 << 53 else {
    throw LuaError("randint: low <= high below 2^53 expected, got \(low) and \(high)")
  }
  let uniform = try Tensor.uniform(shape, low: 0, high: 1, type: .float64, using: random)
  return try (uniform * Double(span + 1)).floor().converted(to: .int64) + Double(low)
}
