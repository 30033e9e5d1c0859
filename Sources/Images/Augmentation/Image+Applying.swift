extension Image {
  /// The picture after the given operations, as bytes. A normalisation is left out: it is for tensors.
  /// - Precondition: crops lie within the image, and a blur's kernel fits.
  /// - Throws: `ImageError` when there is no memory.
  public func applying(_ operations: [ImageOperation]) throws(ImageError) -> Image {
    var renderer = ViewRenderer()
    renderer.append(self, operations)
    let size = renderer.sizes[0]
    var failure: ImageError?
    let image = Image(width: size.width, height: size.height) { bytes in
      do throws(ImageError) { try renderer.render(into: bytes.baseAddress!) } catch { failure = error }
    }
    if let failure { throw failure }
    return image
  }

  /// One view of the picture by a recipe, as bytes: to look at, for example in a `ContactSheet`.
  public func view(
    by recipe: Recipe, seed: UInt64, epoch: Int = 0, sample: Int = 0, view: Int = 0
  ) throws(ImageError) -> Image {
    try applying(try recipe.draw(for: size, seed: seed, epoch: epoch, sample: sample, view: view))
  }
}
