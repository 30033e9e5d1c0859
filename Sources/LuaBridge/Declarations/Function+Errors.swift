internal import CLuaHost

extension Function {
  /// Leaves the message with the host, or tells it to raise a callback's error object again.
  @inline(never) func fail(_ call: LuaCall, _ error: any Error) -> Int32 {
    let core = call.pointer.pointee.host!
    if let callback = error as? CallbackError, callback.frame == UInt(bitPattern: call.pointer),
      callback.serial == LuaHost.of(core).callbackErrors
    {
      return Int32(LUAHOST_RAISE_AGAIN.rawValue)
    }
    var sentence = sentence(for: error, in: call)
    sentence.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { luahost_set_message(core, $0.baseAddress, $0.count) }
    }
    return Int32(LUAHOST_FAILED.rawValue)
  }

  private func sentence(for error: any Error, in call: LuaCall) -> String {
    switch error {
    case let error as ArgumentError: "bad argument '\(error.name)' to '\(title)' (\(error.mismatch))\(colonHint(call))"
    case let error as SelfError where error.isReleased: "calling '\(title)' on \(error.mismatch.found)"
    case let error as SelfError:
      "calling '\(title)' on a bad self (\(error.mismatch); write object:\(name)(…), with a colon)"
    default: "\(error)"
    }
  }

  /// Why the call was refused before the body ran.
  @inline(never) func refusal(of call: LuaCall) -> LuaError {
    let position = call.pointer.pointee.problem_index
    switch call.pointer.pointee.problem {
    case Int32(LUAHOST_UNKNOWN_OPTION.rawValue):
      return unknownOption(call.stack, at: position)
    case Int32(LUAHOST_GIVEN_TWICE.rawValue):
      let parameter = parameters[Int(position) - 1 - (takesObject ? 1 : 0)]
      return LuaError("argument '\(parameter.name)' to '\(title)' is given twice")
    default:
      let given = Int(call.pointer.pointee.count) - (takesObject ? 1 : 0)
      return LuaError("too many arguments to '\(title)' (\(parameters.count) expected, got \(given))\(colonHint(call))")
    }
  }

  /// `module:function(…)` brings the module as first argument.
  private func colonHint(_ call: LuaCall) -> String {
    let stack = call.stack
    guard !takesObject, stack.isTable(1), luahost_declaration(stack.host, stack.state, 1) != nil else { return "" }
    return "; call it with a dot, not with a colon"
  }

  private func unknownOption(_ lua: LuaStack, at index: Int32) -> LuaError {
    let known = parameters.map(\.name)
    guard let key = try? String.read(lua, at: index) else {
      return LuaError("options to '\(title)' must have names, got a key of type \(lua.describe(index))")
    }
    let hint = Spelling.suggestion(for: key, among: known).map { "did you mean '\($0)'? " } ?? ""
    let list = known.isEmpty ? "no options" : known.joined(separator: ", ")
    return LuaError("unknown option '\(key)' to '\(title)'; \(hint)(it takes \(list))")
  }
}

/// Nearest names.
public enum Spelling {
  /// The candidate nearest to `word`, if it is near enough to be what was meant.
  public static func suggestion(for word: String, among candidates: [String]) -> String? {
    let limit = word.utf8.count < 4 ? 1 : word.utf8.count < 8 ? 2 : 3
    let nearest = candidates.map { (distance(word, $0), $0) }.min { $0 < $1 }
    guard let (distance, candidate) = nearest, distance <= limit else { return nil }
    return candidate
  }

  private static func distance(_ first: String, _ second: String) -> Int32 {
    var (first, second) = (first, second)
    return first.withUTF8 { a in
      second.withUTF8 { b in
        a.withMemoryRebound(to: CChar.self) { a in
          b.withMemoryRebound(to: CChar.self) { b in luahost_distance(a.baseAddress, a.count, b.baseAddress, b.count) }
        }
      }
    }
  }
}
