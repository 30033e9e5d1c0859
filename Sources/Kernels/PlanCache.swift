internal import COneDNN

/// What a convolution plan depends on.
package struct ConvolutionSignature: Hashable {
  package enum Direction: CaseIterable, Sendable { case forward, inputGradient, weightGradient }

  /// [n, c, h, w] of the input.
  var input: Shape
  /// [out, in / groups, kernel height, kernel width].
  var weight: Shape
  var geometry: ConvolutionGeometry
  var hasBias: Bool
  var direction: Direction
  /// oneDNN divides the work when it makes a plan.
  var threads = ThreadTeam.count
}

/// oneDNN's compiled convolutions by signature. Making one takes a millisecond, running one microseconds.
///
/// Used under a lock only.
struct PlanCache {
  private struct Entry {
    var plan: ConvolutionPlan
    var lastUse: Int
  }

  /// More than any network needs; a script that varies its sizes without end stays within it.
  static let capacity = 512

  private var entries: [ConvolutionSignature: Entry] = [:]
  private var clock = 0

  var count: Int { entries.count }

  mutating func plan(for signature: ConvolutionSignature) throws -> ConvolutionPlan {
    clock += 1
    if let index = entries.index(forKey: signature) {
      entries.values[index].lastUse = clock
      return entries.values[index].plan
    }
    if entries.count >= Self.capacity { dropOlderHalf() }
    let plan = try ConvolutionPlan(signature)
    entries[signature] = Entry(plan: plan, lastUse: clock)
    return plan
  }

  private mutating func dropOlderHalf() {
    let median = entries.values.map(\.lastUse).sorted()[entries.count / 2]
    entries = entries.filter { $0.value.lastUse >= median }
  }
}

/// One compiled convolution of float32 channels-last images.
final class ConvolutionPlan {
  private let handle: OpaquePointer
  let scratchByteCount: Int

  /// oneDNN's name of the chosen implementation, such as "jit:avx2".
  var implementation: String { String(cString: contrast_plan_implementation(handle)) }

  init(_ signature: ConvolutionSignature) throws {
    var description = contrast_convolution(signature)
    var status: CInt = 0
    guard let handle = contrast_plan_create(&description, &status) else {
      throw oneDNNError(
        "convolution of \(signature.input) with weights \(signature.weight)", status)
    }
    self.handle = handle
    scratchByteCount = contrast_plan_scratch_size(handle)
  }

  deinit { contrast_plan_destroy(handle) }

  /// Dense NHWC activations and row-major weights; the plan's direction says which of them is written.
  func run(input: Buffer, weight: Buffer, bias: Buffer?, output: Buffer) throws {
    let scratch = try Storage(byteCount: scratchByteCount)
    let status = contrast_plan_run(
      handle, input.floats, weight.floats, bias?.floats, output.floats, scratch.pointer)
    withExtendedLifetime((scratch, input, weight, bias, output)) {}
    if status != 0 { throw oneDNNError("convolution", status) }
  }
}

/// What oneDNN's status numbers mean.
func oneDNNError(_ operation: String, _ status: CInt) -> KernelError {
  let reason =
    switch status {
    case 1: "there is not enough memory"
    case 2: "its arguments are invalid"
    case 3: "it has no implementation for this processor"
    default: "it failed with status \(status)"
    }
  return KernelError("\(operation): oneDNN says \(reason)")
}

extension contrast_convolution {
  fileprivate init(_ signature: ConvolutionSignature) {
    let (input, weight, geometry) = (signature.input, signature.weight, signature.geometry)
    let size = geometry.outputSize(
      height: input[2], width: input[3], kernelHeight: weight[2], kernelWidth: weight[3])
    let direction =
      switch signature.direction {
      case .forward: contrast_convolution_forward
      case .inputGradient: contrast_convolution_input_gradient
      case .weightGradient: contrast_convolution_weight_gradient
      }
    self.init(
      batch: Int64(input[0]), in_channels: Int64(input[1]), in_height: Int64(input[2]), in_width: Int64(input[3]),
      out_channels: Int64(weight[0]), out_height: Int64(size.height), out_width: Int64(size.width),
      kernel_height: Int64(weight[2]), kernel_width: Int64(weight[3]), stride_y: Int64(geometry.strideY),
      stride_x: Int64(geometry.strideX), padding_y: Int64(geometry.paddingY), padding_x: Int64(geometry.paddingX),
      dilation_y: Int64(geometry.dilationY), dilation_x: Int64(geometry.dilationX), groups: Int64(geometry.groups),
      has_bias: signature.hasBias, direction: direction)
  }
}
