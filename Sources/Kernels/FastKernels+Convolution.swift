extension FastKernels {
  public func convolution(
    _ input: Buffer, weight: Buffer, bias: Buffer?, _ geometry: ConvolutionGeometry, into output: Buffer
  ) throws {
    guard output.elementCount > 0 else { return }
    if let sampling = PointwiseSampling(input.shape, weight: weight.shape, geometry) {
      let sampled = try sampling.sample(input)
      return try convolution(sampled, weight: weight, bias: bias, sampling.geometry, into: output)
    }
    let signature = ConvolutionSignature(
      input: input.shape, weight: weight.shape, geometry: geometry, hasBias: bias != nil, direction: .forward)
    let (input, weight) = (try arranged(input, .channelsLast), try arranged(weight, .rowMajor))
    let bias = try bias.map { try arranged($0, .rowMajor) }
    try writing(output, .channelsLast) { output in
      try run(signature, input: input, weight: weight, bias: bias, output: output)
    }
  }

  public func convolutionInputGradient(
    outputGradient: Buffer, weight: Buffer, _ geometry: ConvolutionGeometry, into inputGradient: Buffer
  ) throws {
    guard inputGradient.elementCount > 0 else { return }
    guard outputGradient.elementCount > 0 else { return Kernels.forType(.float32).fill(inputGradient, with: 0) }
    if let sampling = PointwiseSampling(inputGradient.shape, weight: weight.shape, geometry) {
      let sampled = try Buffer(.float32, sampling.shape, format: .channelsLast)
      try convolutionInputGradient(
        outputGradient: outputGradient, weight: weight, sampling.geometry, into: sampled)
      return sampling.spread(sampled, into: inputGradient)
    }
    let signature = ConvolutionSignature(
      input: inputGradient.shape, weight: weight.shape, geometry: geometry, hasBias: false, direction: .inputGradient)
    let (gradient, weight) = (try arranged(outputGradient, .channelsLast), try arranged(weight, .rowMajor))
    try writing(inputGradient, .channelsLast) { inputGradient in
      try run(signature, input: inputGradient, weight: weight, bias: nil, output: gradient)
    }
  }

  public func convolutionWeightGradient(
    input: Buffer, outputGradient: Buffer, _ geometry: ConvolutionGeometry, into weightGradient: Buffer,
    biasGradient: Buffer?
  ) throws {
    guard outputGradient.elementCount > 0, input.elementCount > 0 else {
      Kernels.forType(.float32).fill(weightGradient, with: 0)
      if let biasGradient { Kernels.forType(.float32).fill(biasGradient, with: 0) }
      return
    }
    if let sampling = PointwiseSampling(input.shape, weight: weightGradient.shape, geometry) {
      let sampled = try sampling.sample(input)
      return try convolutionWeightGradient(
        input: sampled, outputGradient: outputGradient, sampling.geometry, into: weightGradient,
        biasGradient: biasGradient)
    }
    let signature = ConvolutionSignature(
      input: input.shape, weight: weightGradient.shape, geometry: geometry, hasBias: biasGradient != nil,
      direction: .weightGradient)
    let (input, gradient) = (try arranged(input, .channelsLast), try arranged(outputGradient, .channelsLast))
    try writing(weightGradient, .rowMajor) { weightGradient in
      guard let biasGradient else {
        return try run(signature, input: input, weight: weightGradient, bias: nil, output: gradient)
      }
      try writing(biasGradient, .rowMajor) { biasGradient in
        try run(signature, input: input, weight: weightGradient, bias: biasGradient, output: gradient)
      }
    }
  }

  /// The name of what computes a convolution: "winograd" and "direct" are ours, others oneDNN's, such as "jit:avx2".
  /// Its "ref…" would be naive loops.
  /// - Parameters:
  ///   - input: [n, c, h, w]
  ///   - weight: [out, in / groups, kernel height, kernel width]
  package func convolutionImplementation(
    input: Shape, weight: Shape, _ geometry: ConvolutionGeometry, _ direction: ConvolutionSignature.Direction
  ) throws -> String {
    let sampling = PointwiseSampling(input, weight: weight, geometry)
    let signature = ConvolutionSignature(
      input: sampling?.shape ?? input, weight: weight, geometry: sampling?.geometry ?? geometry, hasBias: false,
      direction: direction)
    switch ConvolutionRoute(signature) {
    case .winograd: return "winograd"
    case .direct: return "direct"
    case .oneDNN: return try withPlans { try $0.plan(for: signature).implementation }
    }
  }

  private func run(
    _ signature: ConvolutionSignature, input: Buffer, weight: Buffer, bias: Buffer?, output: Buffer
  ) throws {
    switch ConvolutionRoute(signature) {
    case .winograd: try signature.runWinograd(input: input, weight: weight, bias: bias, output: output)
    case .direct: try signature.runDirect(input: input, weight: weight, bias: bias, output: output)
    case .oneDNN:
      try withPlans { plans in
        try plans.plan(for: signature).run(input: input, weight: weight, bias: bias, output: output)
      }
    }
  }
}

/// A 1 × 1 convolution with strides or padding, taken apart: pick the pixels it reads, then convolve those densely.
///
/// oneDNN must never see such a one: its weight gradient writes out of bounds (uxlfoundation/oneDNN#6035).
struct PointwiseSampling {
  /// The sampled images' shape: [n, c, output height, output width].
  let shape: Shape
  /// What is left to do: only the groups.
  let geometry: ConvolutionGeometry
  private let original: ConvolutionGeometry

  /// nil for a convolution that is not of this kind.
  init?(_ input: Shape, weight: Shape, _ geometry: ConvolutionGeometry) {
    let isDense = geometry.strideY == 1 && geometry.strideX == 1 && geometry.paddingY == 0 && geometry.paddingX == 0
    guard weight[2] == 1, weight[3] == 1, !isDense else { return nil }
    let size = geometry.outputSize(height: input[2], width: input[3], kernelHeight: 1, kernelWidth: 1)
    shape = [input[0], input[1], size.height, size.width]
    self.geometry = ConvolutionGeometry(groups: geometry.groups)
    original = geometry
  }

  func sample(_ input: Buffer) throws -> Buffer {
    let sampled = try Buffer(input.type, shape, format: .channelsLast)
    let kernels = Kernels.forType(input.type)
    if original.paddingY > 0 || original.paddingX > 0 { kernels.fill(sampled, with: 0) }
    if let (inner, outer) = meeting(sampled, input) { kernels.copy(outer, into: inner) }
    return sampled
  }

  /// The gradient of `sample`.
  func spread(_ sampled: Buffer, into input: Buffer) {
    let kernels = Kernels.forType(input.type)
    kernels.fill(input, with: 0)
    if let (inner, outer) = meeting(sampled, input) { kernels.copy(inner, into: outer) }
  }

  /// The sampled pixels that lie inside the image, as equal views of both sides.
  private func meeting(_ sampled: Buffer, _ input: Buffer) -> (Buffer, Buffer)? {
    var (inner, outer) = (sampled, input)
    let axes = [(2, original.strideY, original.paddingY), (3, original.strideX, original.paddingX)]
    for (dimension, stride, padding) in axes {
      let first = (padding + stride - 1) / stride
      let end = Swift.min(shape[dimension], (input.shape[dimension] - 1 + padding) / stride + 1)
      guard first < end else { return nil }
      inner.offset += first * inner.strides[dimension]
      outer.offset += (first * stride - padding) * outer.strides[dimension]
      outer.strides[dimension] *= stride
      (inner.shape[dimension], outer.shape[dimension]) = (end - first, end - first)
    }
    return (inner, outer)
  }
}
