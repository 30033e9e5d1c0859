internal import CLuaHost
import Foundation

extension LuaHost {
  /// Makes classes, modules and the global functions of the host.
  func register() throws {
    let declared = modules.flatMap(\.allClasses)
    let iterator = Class(LuaIterator.self, "What a `for` loop takes.") {
      Operator(.call, "The next values, or nil at the end.", native: { iterator, lua in try iterator.next(lua.writer) })
    }
    for declaration in [iterator.declaration] + declared { _ = try classCore(declaration, among: declared) }
    for module in modules {
      let mark = luahost_mark(core)
      try write(module)
      guard luahost_preload(core, module.name, mark) else { throw LuaError(message) }
    }
    let mark = luahost_mark(core)
    try write(HelpText.function(for: self))
    guard luahost_set_global(core, "help", mark) else { throw LuaError(message) }
  }

  static var outOfMemory: LuaError { LuaError("not enough memory for the declarations") }

  // MARK: Functions

  /// The function as C knows it.
  func functionCore(_ function: Function) throws -> OpaquePointer {
    retain(function)
    let own: [Parameter?] = function.takesObject ? [nil] : []
    let parameters = own + function.parameters.map { $0 }
    let hasRest = function.parameters.last?.takesRest ?? false
    var flags = function.isNamed ? LUAHOST_NAMED.rawValue : 0
    if function.takesObject { flags |= LUAHOST_METHOD.rawValue }
    if function.isLenient || hasRest { flags |= LUAHOST_LENIENT.rawValue }
    return try makeCore(function, parameters, flags: Int32(flags))
  }

  func makeCore(_ function: Function, _ parameters: [Parameter?], flags: Int32) throws -> OpaquePointer {
    let names = parameters.map { $0.map { $0.name.withCString { strdup($0) } } ?? nil }
    defer { names.forEach { free($0) } }
    let forms = parameters.map { $0?.form.rawValue ?? 0 }
    // A parameter that takes the rest reads what is there: it needs no place of its own.
    let count = parameters.count - (function.parameters.last?.takesRest == true ? 1 : 0)
    let created = names.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
      luahost_function_create(
        core, Unmanaged.passUnretained(function).toOpaque(), Int32(count), names.baseAddress, forms, flags,
        Int32(function.objectCount))
    }
    guard let created else { throw Self.outOfMemory }
    return created
  }

  // MARK: Classes

  /// The class as C knows it, made when first asked for, after the class it inherits from.
  func classCore(_ declaration: ClassDeclaration, among declared: [ClassDeclaration]) throws -> OpaquePointer {
    if let known = isRegistered(declaration.key) { return known }
    var base: OpaquePointer?
    if let key = declaration.baseKey {
      guard let found = declared.first(where: { $0.key == key }), found !== declaration else {
        throw LuaError("class \(declaration.name) inherits from \(declaration.baseName ?? "?"), which is not declared")
      }
      base = try classCore(found, among: declared)
    }
    guard let made = luahost_class_create(core, declaration.name, declaration.key, base) else { throw Self.outOfMemory }
    remember(declaration, made)
    retain(declaration)
    try addMembers(of: declaration, to: made)
    let missing = try functionCore(missingMember(of: declaration, among: declared))
    guard luahost_class_finish(core, made, missing, pointer(declaration)) else { throw Self.outOfMemory }
    return made
  }

  private func addMembers(of declaration: ClassDeclaration, to made: OpaquePointer) throws {
    func add(_ member: luahost_member, _ name: String, _ function: Function, flags: UInt32 = 0) throws {
      let core = try functionCore(function)
      guard luahost_class_add(self.core, made, member, name, core, pointer(function)) else { throw Self.outOfMemory }
    }
    for function in declaration.methods { try add(LUAHOST_MEMBER_METHOD, function.name, function) }
    for function in declaration.statics { try add(LUAHOST_MEMBER_STATIC, function.name, function) }
    for property in declaration.properties {
      try add(LUAHOST_MEMBER_GETTER, property.name, property.getter)
      if let setter = property.setter { try add(LUAHOST_MEMBER_SETTER, property.name, setter) }
    }
    for operation in declaration.operators { try add(LUAHOST_MEMBER_META, operation.key, operation.function) }
    if !declaration.operators.contains(where: { $0.key == "__tostring" }) {
      try add(LUAHOST_MEMBER_META, "__tostring", defaultText(of: declaration))
    }
    if let constructor = declaration.constructor {
      retain(constructor)
      var flags = LUAHOST_SKIP_FIRST.rawValue | (constructor.isNamed ? LUAHOST_NAMED.rawValue : 0)
      if constructor.parameters.last?.takesRest == true { flags |= LUAHOST_LENIENT.rawValue }
      let core = try makeCore(constructor, constructor.parameters, flags: Int32(flags))
      guard luahost_class_add(self.core, made, LUAHOST_MEMBER_CONSTRUCTOR, "__call", core, nil) else {
        throw Self.outOfMemory
      }
    }
  }

  /// `tostring` of a class that does not say otherwise: the Swift description, or the name of the class.
  private func defaultText(of declaration: ClassDeclaration) -> Function {
    let function = Function.text("The text.", .none) { call in
      guard let object = call.stack.anyObject(1) else { return call.write(call.stack.describe(1)) }
      call.write(declaration.describe(object))
    }
    function.isLenient = true
    return function
  }

  /// For `object.name` where no method or property has the name: the member that the object itself knows, or the error.
  private func missingMember(of declaration: ClassDeclaration, among declared: [ClassDeclaration]) -> Function {
    var declaredNames: [String] = ["close"]
    var members: MembersDeclaration?
    var readOnly: Set<String> = []
    var level: ClassDeclaration? = declaration
    while let current = level {
      declaredNames += current.names
      members = members ?? current.members
      readOnly.formUnion(current.properties.filter { $0.setter == nil }.map(\.name))
      level = current.baseKey.flatMap { key in declared.first { $0.key == key } }
    }
    let results = members?.results ?? .none
    let function = Function("member", "A member.", Signature([]), results, takesObject: true) { call in
      let name = (try? String.read(call.stack, at: 2)) ?? "[\(call.stack.describe(2))]"
      let isAssignment = call.stack.count > 2
      if call.stack.isReleasedObject(1) {
        throw LuaError("cannot \(isAssignment ? "assign" : "read") '\(name)' of \(call.stack.describe(1))")
      }
      if !isAssignment, try members?.writes(call, name) == true { return }
      let names = declaredNames + (try members?.names(call) ?? [])
      if isAssignment, readOnly.contains(name) {
        throw LuaError("property '\(name)' of \(declaration.name) can only be read")
      }
      if isAssignment, names.contains(name) { throw LuaError("'\(name)' of \(declaration.name) cannot be assigned") }
      let hint = Spelling.suggestion(for: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw LuaError("\(declaration.name) has no member '\(name)'\(hint)")
    }
    function.isLenient = true
    return function
  }

  // MARK: Modules

  private func pointer(_ declaration: Declaration) -> UnsafeRawPointer {
    UnsafeRawPointer(Unmanaged.passUnretained(declaration).toOpaque())
  }

  private func write(_ module: Module) throws {
    let writer = LuaWriter(host: core)
    luahost_write_declaration(core, pointer(module))
    let map = luahost_write_map(core, Int32(module.members.count))
    for member in module.members {
      writer.write(member.declaration.name)
      switch member {
      case .function(let function): try write(function)
      case .class(let declaration):
        guard let made = isRegistered(declaration.key) else { throw Self.outOfMemory }
        luahost_write_class(core, made)
      case .module(let module): try write(module)
      case .value(let value): value.write(writer)
      }
    }
    luahost_set_count(core, map, Int32(module.members.count))
  }

  private func write(_ function: Function) throws {
    retain(function)
    luahost_write_declaration(core, pointer(function))
    switch function.kind {
    case .native: luahost_write_function(core, try functionCore(function))
    case .scope: luahost_write_scope(core, false)
    case .keep: luahost_write_scope(core, true)
    }
  }
}
