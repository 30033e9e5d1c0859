import Kernels
import Tensors

/// Values that another program computed, read from `Tests/Golden`. The program that made a file lies beside it.
public struct Golden {
  public let name: String
  public let tensors: [String: Tensor]
  public let metadata: [String: String]

  /// Reads `Tests/Golden/NAME.safetensors`.
  public init(_ name: String) throws {
    (tensors, metadata) = try SafeTensors.read(Golden.path("\(name).safetensors"))
    self.name = name
  }

  /// The tensor of that name, in another type if one is given.
  public func tensor(_ key: String, type: ElementType? = nil) throws -> Tensor {
    guard let tensor = tensors[key] else {
      throw TestFailure("\(name).safetensors has no \"\(key)\"; it has \(tensors.keys.sorted().prefix(20))")
    }
    return try tensor.converted(to: type ?? tensor.type)
  }

  /// The path of a file in `Tests/Golden`.
  public static func path(_ file: String, source: String = #filePath) -> String {
    let tests = source.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    return "\(tests)/Golden/\(file)"
  }
}
