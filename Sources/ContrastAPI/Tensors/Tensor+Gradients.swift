import LuaBridge
import Tensors

/// Gradients.
@ClassBuilder<Tensor> func gradientMembers() -> [ClassMember] {
  Method(
    "backward", "Adds the gradient of this tensor to `grad` of every tensor that requires one, and frees the graph.",
    Argument("gradient", "the gradient of this tensor; 1 for a single number", default: nil),
    Argument("retain_graph", "keep the graph for another pass", default: false), named: true
  ) {
    (tensor: Tensor, gradient: Tensor?, retain: Bool) in try tensor.backward(gradient: gradient, retainGraph: retain)
  }
  Method("detach", "The same numbers without history.", returns: "a view") { $0.detached() }
  Method(
    "requires_grad_", "Whether `backward` shall collect a gradient here.", Argument("flag", "yes or no", default: true),
    returns: "the tensor itself"
  ) {
    (tensor: Tensor, flag: Bool) in
    try tensor.requireGradient(flag)
    return tensor
  }
  Property("grad", "the gradient that backward left, or nil", get: { $0.gradient },
    set: { tensor, gradient in try tensor.assignGradient(gradient) })
  Property("requires_grad", "whether backward collects a gradient here or passes one through") { $0.isTracked }
}

extension Tensor {
  /// x.grad = gradient: a copy, so that what backward adds to it changes nothing else.
  fileprivate func assignGradient(_ gradient: Tensor?) throws {
    guard let gradient else { return self.gradient = nil }
    guard requiresGradient, gradient.shape == shape, gradient.type == type else {
      throw LuaError(
        "grad: a \(type.rawValue) tensor of shape \(shape) for a tensor that requires a gradient expected, got "
          + "\(gradient.type.rawValue) \(gradient.shape)")
    }
    self.gradient = try Tensor.withoutGradient { try gradient.cloned() }.detached()
  }
}

/// `contrast.no_grad`.
@ModuleBuilder func gradientFunctions() -> [ModuleMember] {
  Function(
    "no_grad", "Calls a function without recording gradients.", Argument("body", "the function"),
    returns: "what it returns"
  ) {
    (body: LuaFunction) in try Tensor.withoutGradient { try body() as LuaAny }
  }
}
