/// What a check found wrong, in a sentence. Helpers throw it; tests let it pass on.
public struct TestFailure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
