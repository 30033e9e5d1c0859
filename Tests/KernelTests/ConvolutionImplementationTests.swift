import Kernels
import Testing

/// oneDNN has naive implementations, a hundred times slower, that it chooses without a word. None may serve a ResNet.
@Suite struct ConvolutionImplementationTests {
  private struct Layer: Hashable, CustomStringConvertible {
    var inputs, outputs, kernel, stride, size: Int
    var description: String { "\(inputs) -> \(outputs), \(kernel) × \(kernel), stride \(stride), \(size) pixels" }
  }

  /// The different convolutions of a ResNet (He et al., 2016, arXiv:1512.03385, table 1), projections included.
  private func layers(depth: Int, isSmall: Bool) -> Set<Layer> {
    let blocks = depth == 18 ? [2, 2, 2, 2] : [3, 4, 6, 3]
    let expansion = depth == 50 ? 4 : 1
    var layers: Set<Layer> = [
      isSmall
        ? Layer(inputs: 3, outputs: 64, kernel: 3, stride: 1, size: 32)
        : Layer(inputs: 3, outputs: 64, kernel: 7, stride: 2, size: 224)
    ]
    var (inputs, size) = (64, isSmall ? 32 : 56)
    for (stage, count) in blocks.enumerated() {
      let width = 64 << stage
      for block in 0..<count {
        let stride = stage > 0 && block == 0 ? 2 : 1
        let after = size / stride
        func add(_ from: Int, _ to: Int, _ kernel: Int, _ stride: Int, _ size: Int) {
          layers.insert(Layer(inputs: from, outputs: to, kernel: kernel, stride: stride, size: size))
        }
        if depth == 50 {
          add(inputs, width, 1, 1, size)
          add(width, width, 3, stride, size)
          add(width, 4 * width, 1, 1, after)
        } else {
          add(inputs, width, 3, stride, size)
          add(width, width, 3, 1, after)
        }
        if inputs != width * expansion { add(inputs, width * expansion, 1, stride, size) }
        (inputs, size) = (width * expansion, after)
      }
    }
    return layers
  }

  @Test(arguments: [18, 34, 50], [true, false]) func noneIsNaive(depth: Int, isSmall: Bool) throws {
    let layers = layers(depth: depth, isSmall: isSmall)
    #expect(layers.count > 10)
    for layer in layers {
      let geometry = ConvolutionGeometry(
        strideY: layer.stride, strideX: layer.stride, paddingY: layer.kernel / 2, paddingX: layer.kernel / 2)
      for direction in ConvolutionSignature.Direction.allCases {
        let name = try FastKernels.shared.convolutionImplementation(
          input: [8, layer.inputs, layer.size, layer.size],
          weight: [layer.outputs, layer.inputs, layer.kernel, layer.kernel], geometry, direction)
        #expect(!name.hasPrefix("ref"), "\(layer), \(direction)")
      }
    }
  }
}
