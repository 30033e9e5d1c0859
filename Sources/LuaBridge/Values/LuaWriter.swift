internal import CLuaHost

/// Records values for Lua. They become Lua values in C, after the Swift function has returned.
public struct LuaWriter {
  let host: OpaquePointer

  public func writeNil() { luahost_write_nil(host) }
  public func write(_ value: Bool) { luahost_write_boolean(host, value) }
  public func write(_ value: Int) { luahost_write_integer(host, Int64(value)) }
  public func write(_ value: Double) { luahost_write_number(host, value) }
  public func write(_ value: String) {
    var value = value
    value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { luahost_write_string(host, $0.baseAddress, $0.count) }
    }
  }

  /// Records a handle to an object of a declared class, or of a subclass of one.
  public func write(object: AnyObject) {
    let type: AnyClass = Swift.type(of: object)
    let key = typeKey(type)
    guard let declared = luahost_class_of_type(host, key) ?? LuaHost.of(host).nearestClass(of: object, key: key) else {
      return fail("objects of the class \(type) are not declared to Lua")
    }
    luahost_write_object(host, declared, Unmanaged.passRetained(object).toOpaque())
  }

  /// Records a list; `body` writes its elements in order.
  public func writeList(_ body: (inout LuaListWriter) -> Void) {
    var list = LuaListWriter(writer: self, table: luahost_write_list(host, 0))
    body(&list)
    luahost_set_count(host, list.table, list.count)
  }

  /// Records a table with named fields.
  public func writeTable(_ body: (inout LuaTableWriter) -> Void) {
    var table = LuaTableWriter(writer: self, table: luahost_write_map(host, 0))
    body(&table)
    luahost_set_count(host, table.table, table.count)
  }

  /// Makes the call fail with this sentence once the results are made.
  public func fail(_ message: String) {
    var message = message
    message.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { luahost_write_failure(host, $0.baseAddress, $0.count) }
    }
  }
}

/// Writes the elements of a list.
public struct LuaListWriter {
  let writer: LuaWriter
  let table: Int
  var count: Int32 = 0

  public mutating func append(_ value: some LuaWritable) {
    value.write(to: writer)
    count += 1
  }
}

/// Writes the fields of a table.
public struct LuaTableWriter {
  let writer: LuaWriter
  let table: Int
  var count: Int32 = 0

  public mutating func set(_ name: String, _ value: some LuaWritable) {
    writer.write(name)
    value.write(to: writer)
    count += 1
  }
  public mutating func set(_ position: Int, _ value: some LuaWritable) {
    writer.write(position)
    value.write(to: writer)
    count += 1
  }
}

/// The address that stands for a Swift class.
func typeKey(_ type: AnyClass) -> UnsafeRawPointer {
  unsafeBitCast(ObjectIdentifier(type), to: UnsafeRawPointer.self)
}
