/// What a kernel could not do, in a sentence for the person who asked.
public struct KernelError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
