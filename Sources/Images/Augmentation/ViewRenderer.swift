internal import CKernels

/// Applies drawn operations to images with the C kernels, many at a time on the thread team.
struct ViewRenderer {
  private var steps: [contrast_augmentation_step] = []
  private var views: [contrast_augmented_view] = []
  /// The steps of view k are those from `firstSteps[k]` on.
  private var firstSteps: [Int] = []
  /// Keeps the pixels alive.
  private var images: [Image] = []

  /// The sizes of the views so far.
  private(set) var sizes: [ImageSize] = []

  mutating func append(_ image: Image, _ operations: [ImageOperation]) {
    firstSteps.append(steps.count)
    images.append(image)
    var view = contrast_augmented_view()
    view.pixels = image.pointer
    (view.height, view.width) = (Int32(image.height), Int32(image.width))
    var size = image.size
    var (mean, deviation) = (SIMD3<Double>.zero, SIMD3<Double>.one)
    for operation in operations {
      if case .normalize(let newMean, let newDeviation) = operation {
        (mean, deviation) = (newMean, newDeviation)
      } else {
        steps.append(contrast_augmentation_step(operation, size: &size))
      }
    }
    view.step_count = Int32(steps.count - firstSteps.last!)
    let scale = SIMD3<Float>(1 / (255 * deviation))
    let offset = SIMD3<Float>(-mean / deviation)
    view.scale = (scale.x, scale.y, scale.z)
    view.offset = (offset.x, offset.y, offset.z)
    views.append(view)
    sizes.append(size)
  }

  /// Writes all views, one after the other: height × width × 3 floats each.
  mutating func render(into output: UnsafeMutablePointer<Float>) throws(ImageError) {
    var position = output
    for index in views.indices {
      views[index].output = position
      position += sizes[index].pixelCount * 3
    }
    try run()
  }

  /// Writes all views as bytes.
  mutating func render(into output: UnsafeMutablePointer<UInt8>) throws(ImageError) {
    var position = output
    for index in views.indices {
      views[index].bytes = position
      position += sizes[index].pixelCount * 3
    }
    try run()
  }

  private mutating func run() throws(ImageError) {
    let status = steps.withUnsafeBufferPointer { steps in
      for index in views.indices { views[index].steps = steps.baseAddress.map { $0 + firstSteps[index] } }
      return withExtendedLifetime(images) { contrast_augment(views, views.count) }
    }
    guard status == 0 else { throw ImageError("augment: no memory to work in") }
  }
}

extension contrast_augmentation_step {
  /// The operation in C's terms; `size` becomes the image's size behind it.
  fileprivate init(_ operation: ImageOperation, size: inout ImageSize) {
    self.init()
    switch operation {
    case .cropResize(let window, let output, let interpolation):
      precondition(
        window.top >= 0 && window.left >= 0 && window.height > 0 && window.width > 0
          && window.top + window.height <= size.height && window.left + window.width <= size.width,
        "cropResize: \(window) of \(size)")
      kind = Int32(CONTRAST_CROP_RESIZE.rawValue)
      (top, left, height, width) = (Int32(window.top), Int32(window.left), Int32(window.height), Int32(window.width))
      (out_height, out_width) = (Int32(output.height), Int32(output.width))
      self.interpolation =
        Int32(interpolation == .bicubic ? CONTRAST_BICUBIC.rawValue : CONTRAST_BILINEAR.rawValue)
      size = output
    case .flip: kind = Int32(CONTRAST_FLIP.rawValue)
    case .brightness(let factor): (kind, value) = (Int32(CONTRAST_BRIGHTNESS.rawValue), factor)
    case .contrast(let factor): (kind, value) = (Int32(CONTRAST_CONTRAST.rawValue), factor)
    case .saturation(let factor): (kind, value) = (Int32(CONTRAST_SATURATION.rawValue), factor)
    case .hue(let turn):
      precondition(abs(turn) <= 0.5, "hue: \(turn)")
      (kind, value) = (Int32(CONTRAST_HUE.rawValue), turn)
    case .grayscale: kind = Int32(CONTRAST_GRAYSCALE.rawValue)
    case .blur(let kernel, let sigma):
      precondition(
        kernel % 2 == 1 && kernel <= GaussianBlur.largestKernel && kernel / 2 < min(size.height, size.width)
          && sigma > 0, "blur: \(kernel) of \(size)")
      (kind, self.kernel, value) = (Int32(CONTRAST_BLUR.rawValue), Int32(kernel), sigma)
    case .solarize(let threshold): (kind, value) = (Int32(CONTRAST_SOLARIZE.rawValue), threshold)
    case .normalize: preconditionFailure("normalize is the views' scale and offset")
    }
  }
}
