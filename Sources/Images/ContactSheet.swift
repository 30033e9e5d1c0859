/// Many small pictures in one, to look at a data set or at what a recipe makes of it.
public enum ContactSheet {
  /// Writes pictures row by row, `columns` to a row, with a narrow white margin, as PNG (or JPEG, by the name).
  ///
  /// Small pictures are magnified by a whole number, so that each takes at least `cell` pixels.
  /// - Throws: `ImageError` when there is no picture, or the file cannot be written.
  public static func write(_ images: [Image], columns: Int, cell: Int = 64, to path: String) throws(ImageError) {
    try compose(images, columns: columns, cell: cell).write(to: path)
  }

  static func compose(_ images: [Image], columns: Int, cell: Int) throws(ImageError) -> Image {
    guard !images.isEmpty, columns > 0 else {
      throw ImageError("contact_sheet: \(images.count) images in \(columns) columns, expected at least 1 of each")
    }
    let columns = min(columns, images.count)
    let rows = (images.count + columns - 1) / columns
    let largest = max(images.map(\.width).max()!, images.map(\.height).max()!)
    let factor = max(1, (cell + largest - 1) / largest)
    let (step, margin) = (largest * factor + 4, 4)
    let size = try ImageSize(width: columns * step + margin, height: rows * step + margin)
      .checked(name: "contact_sheet")
    return Image(width: size.width, height: size.height) { bytes in
      bytes.initialize(repeating: 255)
      for (index, image) in images.enumerated() {
        let (left, top) = (index % columns * step + margin, index / columns * step + margin)
        for y in 0..<(image.height * factor) {
          for x in 0..<(image.width * factor) {
            let pixel = image[x / factor, y / factor]
            let position = ((top + y) * size.width + left + x) * 3
            (bytes[position], bytes[position + 1], bytes[position + 2]) = pixel
          }
        }
      }
    }
  }
}
