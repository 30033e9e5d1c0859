import Kernels
import Tensors

/// The largest value of each window: [n, c, h, w] → [n, c, h′, w′]. Padding never wins.
public final class MaxPool2d: Layer {
  public let window: PoolingWindow

  /// - Parameter stride: the window's size where nil.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0) throws {
    window = try PoolingWindow(square: kernel, stride: stride, padding: padding, layer: "max_pool2d")
  }

  private init(window: PoolingWindow) { self.window = window }

  public override var details: String { window.details }
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { try input.maxPool(window) }
  public override func makeTwin(_ copies: Copies) -> Layer { MaxPool2d(window: window) }
}

/// The mean of each window: [n, c, h, w] → [n, c, h′, w′]. Padding counts as zeros, as PyTorch's default.
public final class AveragePool2d: Layer {
  public let window: PoolingWindow

  /// - Parameter stride: the window's size where nil.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0) throws {
    window = try PoolingWindow(square: kernel, stride: stride, padding: padding, layer: "avg_pool2d")
  }

  private init(window: PoolingWindow) { self.window = window }

  public override var typeName: String { "AvgPool2d" }
  public override var details: String { window.details }
  public override func callAsFunction(_ input: Tensor) throws -> Tensor { try input.averagePool(window) }
  public override func makeTwin(_ copies: Copies) -> Layer { AveragePool2d(window: window) }
}

/// The mean of each channel: [n, c, h, w] → [n, c].
public final class GlobalAveragePool: Layer {
  public override init() {}
  public override func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.globalAveragePool().flattened(from: 1)
  }
  public override func makeTwin(_ copies: Copies) -> Layer { GlobalAveragePool() }
}

extension PoolingWindow {
  fileprivate init(square kernel: Int, stride: Int?, padding: Int, layer: String) throws {
    try Check.size(kernel, "kernel", of: layer)
    try Check.size(stride ?? kernel, "stride", of: layer)
    try Check.size(padding, "padding", of: layer, from: 0)
    guard 2 * padding <= kernel else {
      throw TensorError("\(layer): padding is \(padding), expected at most half of the kernel's size \(kernel)")
    }
    self.init(
      height: kernel, width: kernel, strideY: stride ?? kernel, strideX: stride ?? kernel, paddingY: padding,
      paddingX: padding)
  }

  fileprivate var details: String {
    "\(height), stride = \(strideY)" + (paddingY == 0 ? "" : ", padding = \(paddingY)")
  }
}
