/// Moves and scales each channel: (x − mean) / deviation, for x from 0 to 1. The last step of a recipe.
public struct Normalize: Augmentation, Hashable {
  public let mean, deviation: SIMD3<Double>

  /// - Parameters:
  ///   - mean: red, green and blue, of values from 0 to 1.
  ///   - deviation: standard deviations, above 0.
  /// - Throws: `ImageError` when there are not three numbers each, or a deviation is not positive.
  public init(mean: [Double], deviation: [Double]) throws(ImageError) {
    guard mean.count == 3, deviation.count == 3 else {
      throw ImageError("normalize: \(mean.count) means and \(deviation.count) deviations, expected 3 of each")
    }
    guard deviation.allSatisfy({ $0 > 0 && $0.isFinite }), mean.allSatisfy(\.isFinite) else {
      throw ImageError("normalize: mean \(mean) and deviation \(deviation), expected deviations above 0")
    }
    (self.mean, self.deviation) = (SIMD3(mean), SIMD3(deviation))
  }

  private init(_ mean: SIMD3<Double>, _ deviation: SIMD3<Double>) { (self.mean, self.deviation) = (mean, deviation) }

  /// ImageNet's values, as torchvision's models expect.
  public static let imagenet = Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
  /// CIFAR-10's values; the deviation is that of all pixels (many scripts use .2023 .1994 .2010, the mean of the
  /// images' own deviations).
  public static let cifar10 = Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616])

  public func draw(for image: ImageSize, using draws: inout Draws, into operations: inout [ImageOperation]) {
    operations.append(.normalize(mean: mean, deviation: deviation))
  }

  public var description: String {
    "normalize(mean \(mean.x) \(mean.y) \(mean.z), deviation \(deviation.x) \(deviation.y) \(deviation.z))"
  }
}
