import LuaBridge

/// Defaults of dimension arguments are written as a script would: 1 is the first, −1 the last.
extension LuaIndex: ExpressibleByIntegerLiteral {
  public init(integerLiteral position: Int) { self.init(zeroBased: position > 0 ? position - 1 : position) }
}
