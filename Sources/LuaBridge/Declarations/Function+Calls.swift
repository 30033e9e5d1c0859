// One initializer for each number of results: Swift cannot yet infer a pack of results from a function that
// returns one value.

extension Function {
  /// A function with no results.
  public convenience init<each Input: LuaReadable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    named: Bool = false, calls body: @escaping (repeat each Input) throws -> Void
  ) {
    let arguments = (repeat each arguments)
    self.init(name, summary, Signature(repeat each arguments), Results.none, named: named) { call in
      var index: Int32 = 0
      try body(repeat (each arguments).read(call, &index))
    }
  }

  /// A function with one result.
  public convenience init<each Input: LuaReadable, Output: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: String, named: Bool = false, calls body: @escaping (repeat each Input) throws -> Output
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments), Results(Output.self, summaries: [returned]), named: named
    ) { call in
      var index: Int32 = 0
      call.write(try body(repeat (each arguments).read(call, &index)))
    }
  }

  /// A function with two results.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String), named: Bool = false,
    calls body: @escaping (repeat each Input) throws -> (First, Second)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, summaries: [returned.0, returned.1]), named: named
    ) { call in
      var index: Int32 = 0
      let (first, second) = try body(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
    }
  }

  /// A function with three results.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String), named: Bool = false,
    calls body: @escaping (repeat each Input) throws -> (First, Second, Third)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, Third.self, summaries: [returned.0, returned.1, returned.2]), named: named
    ) { call in
      var index: Int32 = 0
      let (first, second, third) = try body(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
    }
  }

  /// A function with four results.
  public convenience init<
    each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable, Fourth: LuaWritable
  >(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String, String), named: Bool = false,
    calls body: @escaping (repeat each Input) throws -> (First, Second, Third, Fourth)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(
        First.self, Second.self, Third.self, Fourth.self, summaries: [returned.0, returned.1, returned.2, returned.3]),
      named: named
    ) { call in
      var index: Int32 = 0
      let (first, second, third, fourth) = try body(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
      call.write(fourth)
    }
  }
}
