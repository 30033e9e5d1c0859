/// What an object holds under names that only it knows, such as a layer's parameters: `object.name`, read only.
///
/// A method or property of the same name wins.
public final class Members<Object: LuaObject> {
  let declaration: MembersDeclaration

  public init<Value: LuaWritable>(
    _ summary: String, _ list: @escaping (Object) throws -> [(name: String, value: Value)]
  ) {
    declaration = MembersDeclaration(summary: summary, results: Results(Value.self, summaries: [summary])) { call in
      try list(call.object(Object.self)).map { member in (member.name, { call.write(member.value) }) }
    }
  }
}

/// The same, whatever the Swift types.
public struct MembersDeclaration {
  let summary: String
  let results: Results
  /// The members of the object of a call, each with what writes it as the result.
  let list: (LuaCall) throws -> [(name: String, write: () -> Void)]

  var type: String { results.list.first?.type ?? "any" }
}
