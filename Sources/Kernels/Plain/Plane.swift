/// A four-dimensional buffer of reals, read and written in double: [n, c, h, w] images or [out, in, kh, kw] weights.
struct Plane<E: PlainElement> where E.Wide == Double {
  let count, channels, height, width: Int
  private let elements: UnsafeMutablePointer<E>
  private let stepN, stepC, stepY, stepX: Int

  /// Valid while `buffer` is.
  init(_ buffer: Buffer) {
    let (shape, strides) = (buffer.shape, buffer.strides)
    precondition(shape.rank == 4, "images or weights of shape \(shape), expected four dimensions")
    (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    (stepN, stepC, stepY, stepX) = (strides[0], strides[1], strides[2], strides[3])
    elements = buffer.elements(E.self)
  }

  @inline(__always)
  subscript(n: Int, c: Int, y: Int, x: Int) -> Double {
    get { elements[n * stepN + c * stepC + y * stepY + x * stepX].wide }
    nonmutating set { elements[n * stepN + c * stepC + y * stepY + x * stepX] = E(newValue) }
  }
}
