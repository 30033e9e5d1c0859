import Kernels

/// The safetensors format, which PyTorch and timm read: eight bytes with the length of a JSON header, the header, the
/// elements in row-major order. https://github.com/huggingface/safetensors
public enum SafeTensors {
  /// More than any real header, and little enough to be read without harm.
  static let largestHeader = 100_000_000

  /// One tensor's entry in the header.
  struct Entry {
    var name: String
    var type: FileType
    var shape: [Int]
    /// Its bytes, counted from the end of the header.
    var bytes: Range<Int>
  }

  /// The element types that files have, by their names there.
  enum FileType: String {
    case float64 = "F64", int64 = "I64", uint64 = "U64"
    case float32 = "F32", int32 = "I32", uint32 = "U32"
    case float16 = "F16", bfloat16 = "BF16", int16 = "I16", uint16 = "U16"
    case int8 = "I8", uint8 = "U8", bool = "BOOL"

    init(_ type: ElementType) {
      switch type {
      case .float32: self = .float32
      case .float64: self = .float64
      case .int64: self = .int64
      case .uint8: self = .uint8
      case .bool: self = .bool
      }
    }

    var byteCount: Int {
      switch self {
      case .float64, .int64, .uint64: 8
      case .float32, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }

    /// What a tensor of this type is read as: itself, or the next wider type that the engine has.
    var elementType: ElementType {
      switch self {
      case .float64: .float64
      case .float32, .float16, .bfloat16: .float32
      case .int64, .uint64, .int32, .uint32, .int16, .uint16, .int8: .int64
      case .uint8: .uint8
      case .bool: .bool
      }
    }
  }
}
