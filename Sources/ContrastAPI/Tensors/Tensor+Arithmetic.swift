import LuaBridge
import Tensors

/// Operators and element-wise functions.
@ClassBuilder<Tensor> func arithmeticMembers() -> [ClassMember] {
  Operator(
    .add, "Sum, element by element; sizes of 1 stretch.", both: { try $0 + $1 }, right: { try $0 + $1 },
    left: { try $0 + $1 })
  Operator(
    .subtract, "Difference, element by element.", both: { try $0 - $1 }, right: { try $0 - $1 }, left: { try $0 - $1 })
  Operator(
    .multiply, "Product, element by element.", both: { try $0 * $1 }, right: { try $0 * $1 }, left: { try $0 * $1 })
  Operator(
    .divide, "Quotient, element by element.", both: { try $0 / $1 }, right: { try $0 / $1 }, left: { try $0 / $1 })
  Operator(
    .modulo, "Remainder with the divisor's sign, as Lua's.", both: { try $0 % $1 }, right: { try $0 % $1 },
    left: { try $0 % $1 })
  Operator(
    .power, "Power, element by element.", both: { try $0.power($1) }, right: { try $0.power($1) },
    left: { try Tensor.power($0, $1) })
  Operator(.negate, "The negative.", returns: "the result") { try -$0 }
}

@ClassBuilder<Tensor> func functionMembers() -> [ClassMember] {
  for (name, summary, function) in elementwiseFunctions {
    Method(name, summary, returns: "the result", calls: function)
  }
  Method(
    "clamp", "Keeps every element between two bounds.", Argument("low", "the lower bound", default: nil),
    Argument("high", "the upper bound", default: nil), returns: "the result", named: true
  ) { (tensor: Tensor, low: Double?, high: Double?) in
    try tensor.clamp(low: low ?? -.infinity, high: high ?? .infinity)
  }
  Method("pow", "Power, element by element.", Argument("exponent", "a tensor or a number"), returns: "the result") {
    (tensor: Tensor, exponent: TensorOrNumber) in
    try apply(tensor, exponent, { try $0.power($1) }, { try $0.power($1) })
  }
  Method(
    "minimum", "The smaller of two, element by element.", Argument("other", "a tensor or a number"),
    returns: "the result"
  ) {
    (tensor: Tensor, other: TensorOrNumber) in try apply(tensor, other, { try $0.minimum($1) }, { try $0.minimum($1) })
  }
  Method(
    "maximum", "The larger of two, element by element.", Argument("other", "a tensor or a number"),
    returns: "the result"
  ) {
    (tensor: Tensor, other: TensorOrNumber) in try apply(tensor, other, { try $0.maximum($1) }, { try $0.maximum($1) })
  }
}

private var elementwiseFunctions: [(String, String, (Tensor) -> () throws -> Tensor)] {
  [
    ("exp", "e to the power of every element.", Tensor.exp),
    ("log", "The natural logarithm.", Tensor.log),
    ("log1p", "log(1 + x), exact near 0.", Tensor.log1p),
    ("sqrt", "The square root.", Tensor.sqrt),
    ("rsqrt", "1 / √x.", Tensor.rsqrt),
    ("reciprocal", "1 / x.", Tensor.reciprocal),
    ("tanh", "The hyperbolic tangent.", Tensor.tanh),
    ("sigmoid", "1 / (1 + e^−x).", Tensor.sigmoid),
    ("softplus", "log(1 + e^x).", Tensor.softplus),
    ("sin", "The sine.", Tensor.sin),
    ("cos", "The cosine.", Tensor.cos),
    ("erf", "The error function.", Tensor.erf),
    ("relu", "max(x, 0).", Tensor.relu),
    ("square", "x².", Tensor.square),
    ("abs", "The absolute value.", Tensor.abs),
    ("sign", "−1, 0 or 1.", Tensor.sign),
    ("floor", "The largest integer that is not above.", Tensor.floor),
    ("ceil", "The smallest integer that is not below.", Tensor.ceil),
    ("round", "The nearest integer, halves to even.", Tensor.round),
  ]
}
