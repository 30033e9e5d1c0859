internal import CKernels
internal import Glibc

/// Who computes a convolution.
///
/// The choice is a rule over the shape and the processor, never a measurement, so that a run can be resumed with the
/// same bits. The environment variables `CONTRAST_WINOGRAD=0` and `CONTRAST_DIRECT=0` turn our own kernels off.
enum ConvolutionRoute {
  /// 3 × 3, stride 1, padding 1: about a third of the multiplications.
  case winograd
  /// Other dense kernels larger than a pixel, strided ones above all: a third faster than oneDNN's NHWC code for AVX2.
  case direct
  /// Everything else: pixel by pixel, grouped, few channels, and whatever the processor is not measured for.
  case oneDNN

  init(_ signature: ConvolutionSignature) {
    if Self.allowsWinograd, Self.isForWinograd(signature) {
      self = .winograd
    } else if Self.allowsDirect, Self.isForDirect(signature) {
      self = .direct
    } else {
      self = .oneDNN
    }
  }

  private static let allowsWinograd = isAllowed("CONTRAST_WINOGRAD")
  private static let allowsDirect = isAllowed("CONTRAST_DIRECT")

  private static func isAllowed(_ variable: String) -> Bool {
    getenv(variable).map { String(cString: $0) != "0" } ?? true
  }

  private static func isForWinograd(_ signature: ConvolutionSignature) -> Bool {
    let (input, weight) = (signature.input, signature.weight)
    guard weight[2] == 3, weight[3] == 3, signature.geometry == ConvolutionGeometry(paddingY: 1, paddingX: 1) else {
      return false
    }
    return contrast_winograd_is_faster(
      signature.winogradPass, input[0], input[2], input[3], input[1], weight[0]) != 0
  }

  private static func isForDirect(_ signature: ConvolutionSignature) -> Bool {
    let weight = signature.weight
    return contrast_level() == CONTRAST_AVX2 && signature.geometry.groups == 1 && weight[2] * weight[3] > 1
      && weight[0] >= 16 && weight[1] >= 16
  }
}

extension ConvolutionSignature {
  fileprivate var winogradPass: CInt {
    switch direction {
    case .forward: CInt(CONTRAST_FORWARD)
    case .inputGradient: CInt(CONTRAST_INPUT_GRADIENT)
    case .weightGradient: CInt(CONTRAST_WEIGHT_GRADIENT)
    }
  }

  /// Dense NHWC activations and row-major weights; the direction says which of them is written.
  func runWinograd(input: Buffer, weight: Buffer, bias: Buffer?, output: Buffer) throws {
    let (images, inputs, height, width) = (self.input[0], self.input[1], self.input[2], self.input[3])
    let (outputs, threads) = (self.weight[0], ThreadTeam.count)
    let scratch = try Storage(
      byteCount: contrast_winograd_scratch_bytes(winogradPass, images, height, width, inputs, outputs, threads))
    switch direction {
    case .forward:
      contrast_winograd_forward(
        input.floats, weight.floats, bias?.floats, output.floats, images, height, width, inputs, outputs, threads,
        scratch.pointer)
    case .inputGradient:
      contrast_winograd_input_gradient(
        output.floats, weight.floats, input.floats, images, height, width, inputs, outputs, threads, scratch.pointer)
    case .weightGradient:
      contrast_winograd_weight_gradient(
        input.floats, output.floats, weight.floats, images, height, width, inputs, outputs, threads, scratch.pointer)
      if let bias { sumOverPixels(output, into: bias) }
    }
    withExtendedLifetime((scratch, input, weight, bias, output)) {}
  }

  private func sumOverPixels(_ gradient: Buffer, into bias: Buffer) {
    let channels = bias.shape[0]
    let sums = Buffer(
      storage: bias.storage, offset: bias.offset, shape: [1, channels, 1, 1], strides: [channels, 1, 1, 1],
      type: .float32)
    Kernels.forType(.float32).reduce(.sum, gradient, into: sums)
  }

  /// As above.
  func runDirect(input: Buffer, weight: Buffer, bias: Buffer?, output: Buffer) throws {
    var shape = contrast_direct(
      images: self.input[0], in_height: self.input[2], in_width: self.input[3], in_channels: self.input[1],
      out_height: output.shape[2], out_width: output.shape[3], out_channels: self.weight[0],
      kernel_height: self.weight[2], kernel_width: self.weight[3], stride_y: geometry.strideY,
      stride_x: geometry.strideX, padding_y: geometry.paddingY, padding_x: geometry.paddingX,
      dilation_y: geometry.dilationY, dilation_x: geometry.dilationX)
    let scratch = try Storage(
      byteCount: direction == .weightGradient
        ? contrast_direct_gradient_scratch_bytes(&shape) : contrast_direct_scratch_bytes(&shape))
    switch direction {
    case .forward:
      contrast_direct_forward(
        &shape, input.floats, weight.floats, bias?.floats, output.floats, scratch.pointer)
    case .inputGradient:
      contrast_direct_input_gradient(&shape, output.floats, weight.floats, input.floats, scratch.pointer)
    case .weightGradient:
      contrast_direct_weight_gradient(&shape, input.floats, output.floats, weight.floats, scratch.pointer)
      if let bias { sumOverPixels(output, into: bias) }
    }
    withExtendedLifetime((scratch, input, weight, bias, output)) {}
  }
}
