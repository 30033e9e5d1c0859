import Kernels

extension Tensor {
  /// Convolution (cross-correlation) of images: [n, in, h, w] with weight [out, in / groups, kh, kw] and bias [out]
  /// → [n, out, h', w'], channels-last in memory.
  public func convolution(weight: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry = .init()) throws
    -> Tensor
  {
    let target = try convolutionShape(weight: weight, bias: bias, geometry)
    let input = try buffer.channelsLast(), filter = try weight.buffer.rowMajor()
    let result = try Buffer(type, target.checked("conv2d"), format: .channelsLast)
    guard result.elementCount > 0, count > 0 else {
      throw TensorError("conv2d: input of shape \(shape) with weight \(weight.shape) has no elements to compute with")
    }
    try kernels.convolution(input, weight: filter, bias: bias?.buffer.rowMajor(), geometry, into: result)

    let needs = (input: isTracked, weight: weight.isTracked, bias: bias?.isTracked ?? false)
    let savedInput = needs.weight ? Saved(self, as: input) : nil
    let savedWeight = needs.input ? Saved(weight, as: filter) : nil
    return Tensor(buffer: result).recorded("conv2d", jointly: [self, weight, bias]) {
      [kernels, shape, weightShape = weight.shape] gradient in
      let arrived = try gradient.buffer.channelsLast()
      var gradients: [Tensor?] = [nil, nil, nil]
      if let savedWeight {
        let slope = try Buffer(arrived.type, shape, format: .channelsLast)
        try kernels.convolutionInputGradient(
          outputGradient: arrived, weight: savedWeight().buffer, geometry, into: slope)
        gradients[0] = Tensor(buffer: slope)
      }
      if let savedInput {
        let slope = try Buffer(arrived.type, weightShape)
        let biasSlope = needs.bias ? try Buffer(arrived.type, [weightShape[0]]) : nil
        try kernels.convolutionWeightGradient(
          input: savedInput().buffer, outputGradient: arrived, geometry, into: slope, biasGradient: biasSlope)
        (gradients[1], gradients[2]) = (Tensor(buffer: slope), biasSlope.map { Tensor(buffer: $0) })
      } else if needs.bias {
        gradients[2] = try Tensor(buffer: arrived).reduced(.sum, [0, 2, 3], keepDimensions: false)
      }
      return gradients
    }
  }

  /// Checks everything a script can get wrong, and gives the output's shape.
  private func convolutionShape(weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry) throws -> Shape {
    func fail(_ what: String) -> TensorError {
      TensorError("conv2d: \(what) (input \(shape), weight \(weight.shape))")
    }
    guard rank == 4, weight.rank == 4 else { throw fail("expected input [n, c, h, w] and weight [out, in, kh, kw]") }
    guard type.isFloatingPoint, weight.type == type, bias.map({ $0.type == type }) ?? true else {
      throw fail("input \(type.rawValue) and weight \(weight.type.rawValue), expected f32 or f64, all the same")
    }
    let steps = [geometry.strideY, geometry.strideX, geometry.dilationY, geometry.dilationX, geometry.groups]
    let largest = 1 << 20
    guard steps.allSatisfy({ (1...largest).contains($0) }),
      [geometry.paddingY, geometry.paddingX].allSatisfy({ (0...largest).contains($0) })
    else {
      throw fail("stride, dilation and groups are 1 or more, padding 0 or more, all at most 1048576")
    }
    let groups = geometry.groups, outputs = weight.shape[0]
    guard outputs % groups == 0, shape[1] % groups == 0, shape[1] / groups == weight.shape[1] else {
      throw fail(
        "\(shape[1]) input channels in \(groups) groups do not match \(weight.shape[1]) per group of the weight")
    }
    guard bias.map({ $0.shape == [outputs] }) ?? true else {
      throw fail("bias of shape \(bias!.shape), expected [\(outputs)]")
    }
    let (reachY, overY) = geometry.dilationY.multipliedReportingOverflow(by: weight.shape[2] - 1)
    let (reachX, overX) = geometry.dilationX.multipliedReportingOverflow(by: weight.shape[3] - 1)
    guard weight.shape[2] > 0, weight.shape[3] > 0, !overY, !overX, shape[2] + 2 * geometry.paddingY > reachY,
      shape[3] + 2 * geometry.paddingX > reachX
    else { throw fail("the kernel is empty or larger than the padded image") }
    let size = geometry.outputSize(
      height: shape[2], width: shape[3], kernelHeight: weight.shape[2], kernelWidth: weight.shape[3])
    return [shape[0], outputs, size.height, size.width]
  }
}
