/// What went wrong with a picture, a data set or a recipe, in a sentence for the person who asked.
public struct ImageError: Error, CustomStringConvertible, Equatable, Sendable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
