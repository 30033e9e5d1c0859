extension Shapes {
  /// The kinds of figures: the classes of the data set.
  enum Figure: String, CaseIterable {
    case disc, ring, square, triangle, star, cross, stripes, checkers

    /// The signed distance, about in pixels, from a point to the outline of a figure of the given radius around the
    /// origin: negative inside. Its fractional part becomes the anti-aliased edge.
    func distance(_ x: Float, _ y: Float, radius: Float) -> Float {
      switch self {
      case .disc: length(x, y) - 0.9 * radius
      case .ring: abs(length(x, y) - 0.74 * radius) - 0.21 * radius
      case .square: max(abs(x), abs(y)) - 0.78 * radius
      case .triangle: max(y, abs(x) * 0.866 - y * 0.5) - 0.56 * radius
      case .star: starDistance(x, y, radius: 1.15 * radius)
      case .cross: crossDistance(abs(x), abs(y), radius: radius)
      case .stripes: max(max(abs(x), abs(y)) - 0.9 * radius, waveDistance(x, period: 0.72 * radius))
      case .checkers: checkersDistance(x, y, radius: 0.9 * radius)
      }
    }

    /// Five points; the inner corners lie at 0.42 of the radius. The plane is folded into half of one point.
    private func starDistance(_ x: Float, _ y: Float, radius: Float) -> Float {
      var (px, py) = (abs(x), y)
      // Reflections at the lines through the origin at 36° from the point straight up, then at the mirrored one.
      for (nx, ny) in [(Float(0.809017), Float(-0.587785)), (Float(-0.809017), Float(-0.587785))] {
        let side = 2 * max(nx * px + ny * -py, 0)
        px -= side * nx
        py += side * ny
      }
      px = abs(px)
      // The edge from the tip (0, −radius) to the inner corner at 36°.
      let (cx, cy) = (0.587785 * 0.42 * radius, -0.809017 * 0.42 * radius)
      let (ex, ey) = (cx, cy + radius)
      return (ey * px - ex * (py + radius)) / length(ex, ey)
    }

    private func crossDistance(_ x: Float, _ y: Float, radius: Float) -> Float {
      let (long, narrow) = (0.98 * radius, 0.3 * radius)
      return min(max(x - long, y - narrow), max(x - narrow, y - long))
    }

    private func checkersDistance(_ x: Float, _ y: Float, radius: Float) -> Float {
      let (first, second) = (waveDistance(x, period: radius), waveDistance(y, period: radius))
      // Inside where exactly one of the two waves is: the sign of the product, the nearer of the two edges.
      let cell = min(abs(first), abs(second)) * (first * second > 0 ? 1 : -1)
      return max(max(abs(x), abs(y)) - radius, cell)
    }

    /// The distance to bands of half the period's width, one of which begins at the origin.
    private func waveDistance(_ x: Float, period: Float) -> Float {
      let position = x / period - (x / period).rounded(.down)
      return (abs(position - 0.5) - 0.25) * period
    }

    private func length(_ x: Float, _ y: Float) -> Float { (x * x + y * y).squareRoot() }
  }
}
