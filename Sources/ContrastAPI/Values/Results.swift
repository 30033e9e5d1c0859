import LuaBridge

/// Several results of one call: `local first, second = x:chunk(2)`.
struct Results<Element: LuaWritable>: LuaWritable {
  let elements: [Element]

  static var luaName: String { "\(Element.luaName)..." }

  init(_ elements: [Element]) { self.elements = elements }

  func write(to lua: LuaWriter) { for element in elements { element.write(to: lua) } }
}
