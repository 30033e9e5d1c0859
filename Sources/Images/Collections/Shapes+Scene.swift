import Glibc

extension Shapes {
  /// One picture before it is drawn: figures of one kind on a dark background that wavers between two colours.
  ///
  /// Colours and places are drawn for each figure and not for the picture: two crops of a picture then share hardly
  /// anything but the kind of its figures, which is what an encoder is to find.
  struct Scene {
    private typealias Color = SIMD3<Float>
    /// A figure in its place: centre and radius in pixels, direction as cosine and sine.
    private struct Placed {
      var x, y, radius, cosine, sine: Float
      var color: Color
    }

    private let kind: Figure
    private var figures: [Placed] = []
    private let background, shade: Color
    /// The background's waves: how fast it turns from one colour to the other, and where.
    private let waveX, waveY, phase, noise: Float
    private var canvas = [Color](repeating: .zero, count: Shapes.side * Shapes.side)

    init(of kind: Figure, using draws: inout Draws) {
      self.kind = kind
      background = Self.randomColor(&draws, value: 20...70)
      shade = Self.randomColor(&draws, value: 20...70)
      let angle = Float(draws.uniform(0, 2 * .pi))
      let frequency = Float(draws.uniform(0.05, 0.25))
      (waveX, waveY) = (cos(angle) * frequency, sin(angle) * frequency)
      (phase, noise) = (Float(draws.uniform(0, 2 * .pi)), Float(draws.uniform(4, 10)))
      placeFigures(&draws)
    }

    /// Five to seven figures that overlap little; where the last ones find no room there are fewer.
    private mutating func placeFigures(_ draws: inout Draws) {
      let wanted = 5 + draws.integer(below: 3)
      for _ in 0..<40 where figures.count < wanted {
        let radius = Float(draws.uniform(4.2, 6))
        let (x, y) = (Float(draws.uniform(2, 30)), Float(draws.uniform(2, 30)))
        let angle = Float(draws.uniform(-0.3, 0.3))
        let isFree = figures.allSatisfy {
          let (dx, dy, reach) = ($0.x - x, $0.y - y, 0.92 * ($0.radius + radius))
          return dx * dx + dy * dy > reach * reach
        }
        let color = Self.randomColor(&draws, value: 150...250)
        guard isFree else { continue }
        figures.append(Placed(x: x, y: y, radius: radius, cosine: cos(angle), sine: sin(angle), color: color))
      }
    }

    /// Draws the picture as RGB bytes.
    mutating func render(into bytes: UnsafeMutablePointer<UInt8>, using draws: inout Draws) {
      drawBackground()
      for figure in figures { draw(figure) }
      for pixel in canvas.indices {
        let bits = draws.bits()
        // One draw moves the three channels, together for the most part, as grain does.
        let grain = (Float(bits >> 8) * 0x1p-24 - 0.5) * 2 * noise
        let tint = SIMD3(Float(bits & 15), Float(bits >> 4 & 15), Float(bits >> 8 & 15)) - 7.5
        let value = (canvas[pixel] + grain + tint * (noise / 24))
          .clamped(lowerBound: .zero, upperBound: Color(repeating: 255))
        for channel in 0..<3 { bytes[pixel * 3 + channel] = UInt8(value[channel]) }
      }
    }

    private mutating func drawBackground() {
      for y in 0..<Shapes.side {
        for x in 0..<Shapes.side {
          let wave = 0.5 + 0.5 * sin(Float(x) * waveX + Float(y) * waveY + phase)
          canvas[y * Shapes.side + x] = Self.mixed(background, shade, wave)
        }
      }
    }

    private mutating func draw(_ figure: Placed) {
      let reach = figure.radius * 1.3 + 1
      let last = Shapes.side - 1
      let rows = max(0, Int(figure.y - reach))...max(0, min(last, Int(figure.y + reach)))
      let columns = max(0, Int(figure.x - reach))...max(0, min(last, Int(figure.x + reach)))
      for row in rows {
        for column in columns {
          let (dx, dy) = (Float(column) + 0.5 - figure.x, Float(row) + 0.5 - figure.y)
          let x = dx * figure.cosine + dy * figure.sine
          let y = dy * figure.cosine - dx * figure.sine
          let coverage = min(max(0.5 - kind.distance(x, y, radius: figure.radius), 0), 1)
          let pixel = row * Shapes.side + column
          canvas[pixel] = Self.mixed(canvas[pixel], figure.color, coverage)
        }
      }
    }

    // MARK: Colours

    private static func mixed(_ first: Color, _ second: Color, _ share: Float) -> Color {
      first + (second - first) * share
    }

    /// Any hue, from pale to full; `value` is the strongest channel, of 255.
    private static func randomColor(_ draws: inout Draws, value range: ClosedRange<Double>) -> Color {
      let hue = Float(draws.uniform(0, 6))
      let saturation = Float(draws.uniform(0.25, 0.95))
      let value = Float(draws.uniform(range))
      let channels = SIMD3<Float>(5, 3, 1) + hue
      var color = Color()
      for channel in 0..<3 {
        let k = channels[channel] >= 6 ? channels[channel] - 6 : channels[channel]
        color[channel] = value * (1 - saturation * max(0, min(k, 4 - k, 1)))
      }
      return color
    }
  }
}
