internal import CLuaHost

/// Annotations need brackets around the alternatives of a list's elements.
extension Array: LuaNamed where Element: LuaNamed {
  public static var luaName: String {
    let name = Element.luaName
    return name.contains("|") ? "(\(name))[]" : "\(name)[]"
  }
}

/// A list: `{ 1, 2, 3 }`, counted from 1 in Lua.
extension Array: LuaReadable where Element: LuaReadable {
  public static var tableForm: LuaTableForm { .list }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> [Element] {
    guard lua.isTable(index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    let index = lua_absindex(lua.state, index)
    let count = lua.listCount(index)
    // The border of a table with holes can be anywhere: refuse what no real list is.
    guard count <= 1 << 26 else { throw LuaMismatch(expected: luaName, found: "a table with holes") }
    var elements: [Element] = []
    elements.reserveCapacity(Swift.min(count, 1024))
    for position in 1..<(count + 1) {
      elements.append(
        try lua.withItem(position, of: index) { item throws(LuaMismatch) in
          do throws(LuaMismatch) { return try Element.read(lua, at: item) } catch {
            throw LuaMismatch(expected: luaName, found: "\(error.found) at [\(position)]")
          }
        })
    }
    return elements
  }
  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool {
    guard lua.isTable(index) else { return false }
    return (try? read(lua, at: index)) != nil
  }
  public static func text(of value: [Element]) -> String {
    value.isEmpty ? "{}" : "{ \(value.map(Element.text(of:)).joined(separator: ", ")) }"
  }
}

extension Array: LuaWritable where Element: LuaWritable {
  public func write(to lua: LuaWriter) {
    lua.writeList { list in for element in self { list.append(element) } }
  }
}

extension Dictionary: LuaNamed where Key == String, Value: LuaNamed {
  public static var luaName: String { "table<string, \(Value.luaName)>" }
}

/// A table with names as keys: `{ lr = 0.1, momentum = 0.9 }`.
extension Dictionary: LuaReadable where Key == String, Value: LuaReadable {
  public static var tableForm: LuaTableForm { .record }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> [String: Value] {
    guard lua.isTable(index) else { throw LuaMismatch(expected: luaName, lua, at: index) }
    var fields: [String: Value] = [:]
    try lua.forEachField(of: index) { key, value throws(LuaMismatch) in
      guard let name = try? String.read(lua, at: key) else {
        throw LuaMismatch(expected: luaName, found: "a key of type \(lua.describe(key))")
      }
      do throws(LuaMismatch) { fields[name] = try Value.read(lua, at: value) } catch {
        throw LuaMismatch(expected: luaName, found: "\(error.found) at \"\(name)\"")
      }
    }
    return fields
  }
  public static func text(of value: [String: Value]) -> String {
    let fields = value.sorted { $0.key < $1.key }.map { "\($0.key) = \(Value.text(of: $0.value))" }
    return fields.isEmpty ? "{}" : "{ \(fields.joined(separator: ", ")) }"
  }
}

/// Written in the order of the names, so that runs repeat.
extension Dictionary: LuaWritable where Key == String, Value: LuaWritable {
  public func write(to lua: LuaWriter) {
    lua.writeTable { table in
      for (name, value) in self.sorted(by: { $0.key < $1.key }) { table.set(name, value) }
    }
  }
}

/// All arguments that are left: `f(x, ...)`. Only as the last parameter.
public struct Rest<Element: LuaReadable>: LuaReadable, RandomAccessCollection {
  public let elements: [Element]
  public init(_ elements: [Element]) { self.elements = elements }

  public static var luaName: String { Element.luaName }
  public static var acceptsNil: Bool { true }
  public static var takesRest: Bool { true }
  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Rest {
    var elements: [Element] = []
    var position = index
    while position <= lua.count {
      do throws(LuaMismatch) { elements.append(try Element.read(lua, at: position)) } catch {
        throw LuaMismatch(expected: error.expected, found: "\(error.found) at position \(position - index + 1)")
      }
      position += 1
    }
    return Rest(elements)
  }
  public var startIndex: Int { elements.startIndex }
  public var endIndex: Int { elements.endIndex }
  public subscript(position: Int) -> Element { elements[position] }
}
