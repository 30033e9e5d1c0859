// One initializer for each number of results: Swift cannot yet infer a pack of results from a function that
// returns one value.

extension Method {
  /// A method with no results: a closure takes the object first, then the declared arguments.
  public convenience init<each Input: LuaReadable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    named: Bool = false, _ body: @escaping (Object, repeat each Input) throws -> Void
  ) {
    let arguments = (repeat each arguments)
    self.init(name, summary, Signature(repeat each arguments), Results.none, named: named) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      try body(object, repeat (each arguments).read(call, &index))
    }
  }

  /// The same for a method of the class, named as `Object.method`.
  public convenience init<each Input: LuaReadable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    named: Bool = false, calls body: @escaping (Object) -> (repeat each Input) throws -> Void
  ) {
    let arguments = (repeat each arguments)
    self.init(name, summary, Signature(repeat each arguments), Results.none, named: named) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      try body(object)(repeat (each arguments).read(call, &index))
    }
  }

  /// A method with one result: a closure takes the object first, then the declared arguments.
  public convenience init<each Input: LuaReadable, Output: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: String, named: Bool = false, _ body: @escaping (Object, repeat each Input) throws -> Output
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments), Results(Output.self, summaries: [returned]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      call.write(try body(object, repeat (each arguments).read(call, &index)))
    }
  }

  /// The same for a method of the class, named as `Object.method`.
  public convenience init<each Input: LuaReadable, Output: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: String, named: Bool = false,
    calls body: @escaping (Object) -> (repeat each Input) throws -> Output
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments), Results(Output.self, summaries: [returned]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      call.write(try body(object)(repeat (each arguments).read(call, &index)))
    }
  }

  /// A method with two results: a closure takes the object first, then the declared arguments.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String), named: Bool = false,
    _ body: @escaping (Object, repeat each Input) throws -> (First, Second)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, summaries: [returned.0, returned.1]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second) = try body(object, repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
    }
  }

  /// The same for a method of the class, named as `Object.method`.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String), named: Bool = false,
    calls body: @escaping (Object) -> (repeat each Input) throws -> (First, Second)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, summaries: [returned.0, returned.1]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second) = try body(object)(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
    }
  }

  /// A method with three results: a closure takes the object first, then the declared arguments.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String), named: Bool = false,
    _ body: @escaping (Object, repeat each Input) throws -> (First, Second, Third)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, Third.self, summaries: [returned.0, returned.1, returned.2]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second, third) = try body(object, repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
    }
  }

  /// The same for a method of the class, named as `Object.method`.
  public convenience init<each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable>(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String), named: Bool = false,
    calls body: @escaping (Object) -> (repeat each Input) throws -> (First, Second, Third)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(First.self, Second.self, Third.self, summaries: [returned.0, returned.1, returned.2]), named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second, third) = try body(object)(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
    }
  }

  /// A method with four results: a closure takes the object first, then the declared arguments.
  public convenience init<
    each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable, Fourth: LuaWritable
  >(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String, String), named: Bool = false,
    _ body: @escaping (Object, repeat each Input) throws -> (First, Second, Third, Fourth)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(
        First.self, Second.self, Third.self, Fourth.self, summaries: [returned.0, returned.1, returned.2, returned.3]),
      named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second, third, fourth) = try body(object, repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
      call.write(fourth)
    }
  }

  /// The same for a method of the class, named as `Object.method`.
  public convenience init<
    each Input: LuaReadable, First: LuaWritable, Second: LuaWritable, Third: LuaWritable, Fourth: LuaWritable
  >(
    _ name: String, _ summary: String, _ arguments: repeat Argument<each Input>,
    returns returned: (String, String, String, String), named: Bool = false,
    calls body: @escaping (Object) -> (repeat each Input) throws -> (First, Second, Third, Fourth)
  ) {
    let arguments = (repeat each arguments)
    self.init(
      name, summary, Signature(repeat each arguments),
      Results(
        First.self, Second.self, Third.self, Fourth.self, summaries: [returned.0, returned.1, returned.2, returned.3]),
      named: named
    ) { call in
      var index: Int32 = 1
      let object = try call.object(Object.self)
      let (first, second, third, fourth) = try body(object)(repeat (each arguments).read(call, &index))
      call.write(first)
      call.write(second)
      call.write(third)
      call.write(fourth)
    }
  }
}
