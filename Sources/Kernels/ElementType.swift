/// What one element of a storage is.
///
/// `bfloat16` will join as activations' half-size form; every `switch` over this type is where it will need a line.
public enum ElementType: String, Sendable, CaseIterable {
  case float32 = "f32"
  case float64 = "f64"
  case int64 = "i64"
  case uint8 = "u8"
  case bool = "bool"

  /// Bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .float64, .int64: 8
    case .uint8, .bool: 1
    }
  }

  /// Whether gradients can flow through values of this type.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}
