/// What an object holds under names that only it knows, such as a layer's parameters: `object.name`, read only.
///
/// A method or property of the same name wins.
public final class Members<Object: LuaObject> {
  let declaration: MembersDeclaration

  /// - Parameters:
  ///   - names: of all members, for the sentence when a script asks for something else.
  ///   - find: the member of a name, or nil.
  public init<Value: LuaWritable>(
    _ summary: String, names: @escaping (Object) -> [String], find: @escaping (Object, String) throws -> Value?
  ) {
    declaration = MembersDeclaration(
      summary: summary, results: Results(Value.self, summaries: [summary]),
      names: { call in names(try call.object(Object.self)) },
      writes: { call, name in
        guard let value = try find(call.object(Object.self), name) else { return false }
        call.write(value)
        return true
      })
  }
}

/// The same, whatever the Swift types.
public struct MembersDeclaration {
  let summary: String
  let results: Results
  let names: (LuaCall) throws -> [String]
  /// Writes the member of a name as the result of the call, if there is one.
  let writes: (LuaCall, String) throws -> Bool

  var type: String { results.list.first?.type ?? "any" }
}
