/// What a tensor operation could not do: one sentence naming the operation, what came and what was expected.
///
/// Dimensions and positions in the text count from 1, as they do in scripts.
public struct TensorError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
