internal import CLuaHost

/// A Swift class whose instances Lua holds by reference.
///
/// A family of classes conforms once, at its base; its members are declared with `Class(Member.self, inherits:
/// Base.self)`.
public protocol LuaObject: AnyObject, LuaReadable, LuaWritable {}

/// A member of a family whose name in Lua differs from its Swift name.
public protocol LuaRenamed {
  static var nameInLua: String { get }
}

extension LuaObject {
  public static var luaName: String {
    (self as? any LuaRenamed.Type)?.nameInLua ?? String(describing: self)
  }
  public static var objectCount: Int { 1 }

  public static func read(_ lua: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
    if let object = borrow(lua, at: index) { return object }
    throw LuaMismatch(expected: luaName, lua, at: index)
  }

  public static func accepts(_ lua: LuaStack, at index: Int32) -> Bool { borrow(lua, at: index) != nil }

  /// The object at `index` if it is one of this class: by the declared classes, or else by a Swift cast.
  static func borrow(_ lua: LuaStack, at index: Int32) -> Self? {
    var found = LUAHOST_NOT_AN_OBJECT
    guard let object = luahost_object(lua.host, lua.state, index, typeKey(self), &found) else { return nil }
    if found == LUAHOST_OBJECT_OF_TYPE { return Unmanaged<Self>.fromOpaque(object).takeUnretainedValue() }
    return Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue() as? Self
  }

  public static func text(of value: Self) -> String { luaName }
  public func write(to lua: LuaWriter) { lua.write(object: self) }
}

extension LuaStack {
  /// The object of any declared class at `index`.
  func anyObject(_ index: Int32) -> AnyObject? {
    var found = LUAHOST_NOT_AN_OBJECT
    guard let object = luahost_object(host, state, index, nil, &found) else { return nil }
    return Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue()
  }

  /// Whether the value at `index` is an object that was closed, or released at the end of its scope.
  func isReleasedObject(_ index: Int32) -> Bool {
    let found = objectState(index)
    return found == LUAHOST_OBJECT_CLOSED || found == LUAHOST_OBJECT_LEFT_SCOPE
  }

  /// What has become of the object at `index`.
  func objectState(_ index: Int32) -> luahost_object_state {
    var found = LUAHOST_NOT_AN_OBJECT
    _ = luahost_object(host, state, index, nil, &found)
    return found
  }
}
