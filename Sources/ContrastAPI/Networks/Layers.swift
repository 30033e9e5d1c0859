import LuaBridge
import Networks
import Tensors

/// `contrast.nn`: layers and models.
func networkModule(_ session: Session) -> Module {
  Module("nn", "Layers and models. Parameters start as PyTorch's do, from the run's random numbers.") {
    layerClass()
    Function(
      "Linear", "y = x Wᵀ + b.", Argument("inputs", "features in"), Argument("outputs", "features out"),
      Argument("bias", "whether there is a b", default: true), returns: "the layer", named: true
    ) {
      (inputs: Int, outputs: Int, bias: Bool) -> Layer in try Linear(inputs, outputs, bias: bias, using: session.random)
    }
    Function(
      "Conv2d", "Convolution of images [n, c, h, w].", Argument("inputs", "channels in"),
      Argument("outputs", "channels out"), Argument("kernel", "side of the kernel"),
      Argument("stride", "step of the kernel", default: 1), Argument("padding", "zeros around the image", default: 0),
      Argument("dilation", "distance of the kernel's taps", default: 1),
      Argument("groups", "independent groups of channels", default: 1),
      Argument("bias", "whether there is a bias", default: true), returns: "the layer", named: true
    ) {
      (inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, groups: Int, bias: Bool)
        -> Layer in
      try Convolution2d(
        inputs, outputs, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups,
        bias: bias, using: session.random)
    }
    normalizationFunctions()
    Function("ReLU", "max(x, 0).", returns: "the layer") { () -> Layer in ReLU() }
    Function("Tanh", "The hyperbolic tangent.", returns: "the layer") { () -> Layer in Tanh() }
    Function("Sigmoid", "1 / (1 + e^−x).", returns: "the layer") { () -> Layer in Sigmoid() }
    Function(
      "MaxPool2d", "The largest of each window.", Argument("kernel", "side of the window"),
      Argument("stride", "step; the kernel's side unless given", default: nil),
      Argument("padding", "border", default: 0), returns: "the layer", named: true
    ) {
      (kernel: Int, stride: Int?, padding: Int) -> Layer in try MaxPool2d(kernel, stride: stride, padding: padding)
    }
    Function(
      "AvgPool2d", "The mean of each window.", Argument("kernel", "side of the window"),
      Argument("stride", "step; the kernel's side unless given", default: nil),
      Argument("padding", "border", default: 0), returns: "the layer", named: true
    ) {
      (kernel: Int, stride: Int?, padding: Int) -> Layer in try AveragePool2d(kernel, stride: stride, padding: padding)
    }
    Function("GlobalAvgPool", "The mean of each channel: [n, c, h, w] → [n, c].", returns: "the layer") { () -> Layer in
      GlobalAveragePool()
    }
    Function("Flatten", "[n, …] → [n, everything else].", returns: "the layer") { () -> Layer in Flatten() }
    Function("Identity", "The input itself.", returns: "the layer") { () -> Layer in Identity() }
    Function(
      "Sequential", "One layer after the other.", Argument("layers", "a list of layers"), returns: "the network",
      named: true
    ) {
      (layers: [Layer]) -> Layer in try Sequential(layers)
    }
    customLayerFunction()
    for depth in [18, 34, 50] { resNetFunction(depth: depth, session) }
    resNetClass()
  }
}

@ModuleBuilder private func normalizationFunctions() -> [ModuleMember] {
  for (name, make) in normalizations {
    Function(
      name, "Normalises each channel by the batch's mean and variance; Ioffe, Szegedy, 2015, arXiv:1502.03167.",
      Argument("channels", "how many"), Argument("eps", "added to the variance", default: 1e-5),
      Argument("momentum", "share of the new batch in the running statistics", default: 0.1),
      Argument("weight", "whether there is a scale (gamma)", default: true),
      Argument("bias", "whether there is an offset (beta)", default: true), returns: "the layer", named: true,
      calls: make)
  }
}

private var normalizations: [(String, (Int, Double, Double, Bool, Bool) throws -> Layer)] {
  [
    ("BatchNorm1d", { try BatchNorm1d($0, epsilon: $1, momentum: $2, weight: $3, bias: $4) }),
    ("BatchNorm2d", { try BatchNorm2d($0, epsilon: $1, momentum: $2, weight: $3, bias: $4) }),
  ]
}

extension ResNet.Stem: LuaEnumeration {}

private func resNetFunction(depth: Int, _ session: Session) -> Function {
  Function(
    "resnet\(depth)",
    """
    ResNet-\(depth) without a classifier: images → pooled features. He et al., 2016, arXiv:1512.03385; parameter names \
    as torchvision's.
    """,
    Argument("stem", "imagenet: 7×7 and pooling; small: 3×3, for images of about 32 pixels", default: .imagenet),
    Argument("width", "channels of the first stage", default: 64),
    Argument("classes", "adds a classifier `fc`", default: nil), Argument("channels", "of the images", default: 3),
    Argument("zero_init_residual", "starts each block as the identity", default: false),
    returns: "the network; `output_size` tells its features", named: true
  ) {
    (stem: ResNet.Stem, width: Int, classes: Int?, channels: Int, zeroInit: Bool) in
    try ResNet(
      depth: depth, stem: stem, width: width, inputChannels: channels, classes: classes, zeroInitResidual: zeroInit,
      using: session.random)
  }
}

private func resNetClass() -> Class<ResNet> {
  Class(ResNet.self, inherits: Layer.self, "A residual network.") {
    Property("output_size", "features (or classes) per image") { $0.outputSize }
  }
}
