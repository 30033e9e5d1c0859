import Kernels
import Tensors

extension Tensor {
  /// Images after their operations: [n, 3, height, width] of type f32, channels-last in memory.
  /// Values are in 0 … 1 where the operations do not normalise.
  /// - Parameter operations: as many lists as images.
  /// - Throws: `ImageError` when the results differ in size or there are none; `KernelError` at the memory limit.
  public convenience init(_ images: [Image], _ operations: [[ImageOperation]]) throws {
    precondition(images.count == operations.count, "Tensor: \(images.count) images, \(operations.count) operations")
    var renderer = ViewRenderer()
    for (image, list) in zip(images, operations) { renderer.append(image, list) }
    guard let size = renderer.sizes.first else { throw ImageError("augment: no images") }
    if let other = renderer.sizes.firstIndex(where: { $0 != size }) {
      throw ImageError(
        "augment: image \(other + 1) of the batch has \(renderer.sizes[other]) pixels after the recipe and image 1 has "
          + "\(size); begin the recipe with random_resized_crop, or with resize and center_crop")
    }
    let buffer = try Buffer(.float32, [images.count, 3, size.height, size.width], format: .channelsLast)
    try renderer.render(into: buffer.pointer.assumingMemoryBound(to: Float.self))
    self.init(buffer: buffer)
  }
}
