internal import CLuaHost
import Foundation

/// One Lua state with its modules, for scripts of one thread at a time.
public final class LuaHost {
  let core: OpaquePointer
  public let options: HostOptions
  public let modules: [Module]
  /// Takes what `print` writes, in place of standard output.
  public var output: ((String) -> Void)? { didSet { luahost_set_print(core, output != nil) } }

  var callbackErrors = 0
  var lastMessage = "", lastTraceback = ""
  private var classes: [UnsafeRawPointer: (declaration: ClassDeclaration, core: OpaquePointer)] = [:]
  private var retained: [Declaration] = []
  private var endActions: [(id: Int, action: (ScriptEnd) -> Void)] = []
  private var nextActionID = 0

  /// Throws `LuaError` with the list of what is wrong with the declarations, or when memory ran out.
  public init(options: HostOptions = HostOptions(), modules: [Module] = []) throws {
    let problems = modules.flatMap { Declarations.problems(in: $0) }
    guard problems.isEmpty else { throw LuaError(problems.joined(separator: "\n")) }
    (self.options, self.modules) = (options, modules)
    core = try Self.makeCore(options)
    setContext()
    try register()  // when this throws, `deinit` closes the core
  }

  deinit {
    luahost_close(core)
    luahost_release(core)
  }

  /// The host whose script runs on this thread: what a native function works for.
  public static var current: LuaHost? { luahost_running().map(of) }

  static func of(_ core: OpaquePointer) -> LuaHost {
    Unmanaged<LuaHost>.fromOpaque(luahost_context(core)!).takeUnretainedValue()
  }

  private func setContext() { luahost_set_context(core, Unmanaged.passUnretained(self).toOpaque()) }

  private static func makeCore(_ options: HostOptions) throws -> OpaquePointer {
    var callbacks = luahost_callbacks(
      call: { call, function in
        let call = LuaCall(pointer: call!)
        return Unmanaged<Function>.fromOpaque(function!)._withUnsafeGuaranteedRef { $0.run(call) }
      },
      release: { Unmanaged<AnyObject>.fromOpaque($0!).release() },
      print: { context, bytes, length in
        let text = String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
        Unmanaged<LuaHost>.fromOpaque(context!).takeUnretainedValue().output?(text)
      },
      native_bytes: nil)
    return try options.programName.withCString { program in
      try options.packagePath.withCString { path in
        var core = luahost_options(
          memory_limit: options.memoryLimit ?? 0, time_limit: options.timeLimit ?? 0, grace: options.gracePeriod ?? 0,
          sandbox: options.sandbox, program: program, search_path: path)
        guard let created = luahost_create(&core, &callbacks, nil) else {
          throw LuaError("not enough memory for a Lua host")
        }
        return created
      }
    }
  }

  /// Ends the Lua state; finalizers run and every object is released. A host that runs a script stays open.
  public func close() {
    guard luahost_running() != core else { return }
    luahost_close(core)
  }

  // MARK: Memory

  /// Tells the collector how many bytes native objects hold, so that it runs when they grow.
  public func setNativeBytes(_ read: @escaping @convention(c) () -> Int64) { luahost_set_native_bytes(core, read) }

  /// A full collection. False on another thread than the script's.
  @discardableResult public func collectGarbage() -> Bool { luahost_collect(core) }

  /// Bytes that Lua holds.
  public var memory: Int { luahost_memory(core) }
  /// How many collections native memory has caused.
  public var collections: Int { Int(luahost_collections(core)) }
  /// Objects that Lua holds now.
  public var liveObjects: Int { Int(luahost_live_objects(core)) }

  /// For tests of memory errors: the n-th allocation from now fails, and so does its retry; 0 ends it.
  package func failAllocation(_ n: Int) { luahost_fail_allocation(core, Int64(n)) }

  // MARK: Stopping

  /// Whether the script is to end: long native loops return when it is.
  public var isStopping: Bool { luahost_is_stopping(core) }

  /// Ends the running script as Ctrl-C does; from any thread while the host exists.
  public func stop() { luahost_stop(core) }

  /// Makes Ctrl-C end the scripts of this host: the script unwinds, actions at its end run, the exit code is 130.
  /// A second Ctrl-C ends the process at once. One host of a process can have this at a time.
  public func handleInterrupts() throws {
    guard luahost_handle_interrupts(core) else { throw LuaError("another host of this process handles interrupts") }
  }

  /// Whether Ctrl-C waits for `stop()` or for this to become false again: between them a loop can finish its step and
  /// save. A second Ctrl-C does not wait, a third ends the process.
  public var defersInterrupts: Bool {
    get { isDeferring }
    set {
      isDeferring = newValue
      luahost_defer_interrupt(core, newValue)
    }
  }
  private var isDeferring = false

  /// Whether Ctrl-C came while interrupts were deferred.
  public var isInterruptRequested: Bool { luahost_interrupt_requested(core) }

  /// Ends the running script with an exit code, as `os.exit` does, once the calling native function has returned or
  /// thrown.
  public func exit(code: Int32) { luahost_exit(core, code) }

  /// Runs an action when the script has ended in whatever way, before the state closes: to save what is not yet saved.
  /// The latest added runs first. Returns a number to take it back with.
  @discardableResult public func atEnd(_ action: @escaping (ScriptEnd) -> Void) -> Int {
    nextActionID += 1
    endActions.append((nextActionID, action))
    return nextActionID
  }

  public func removeEndAction(_ id: Int) { endActions.removeAll { $0.id == id } }

  func runEndActions(_ end: ScriptEnd) {
    while let last = endActions.popLast() { last.action(end) }
  }

  // MARK: Messages

  var message: String {
    var length = 0
    let bytes = luahost_message(core, &length)
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
  }

  var traceback: String {
    var length = 0
    let bytes = luahost_traceback(core, &length)
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
  }

  // MARK: Classes

  /// The declared class nearest to an object of a subclass that is not declared.
  func nearestClass(of object: AnyObject, key: UnsafeRawPointer) -> OpaquePointer? {
    let candidates = classes.values.filter { $0.declaration.contains(object) }
    guard let nearest = candidates.max(by: { depth($0.declaration) < depth($1.declaration) }) else { return nil }
    return luahost_class_alias(core, key, nearest.core) ? nearest.core : nil
  }

  private func depth(_ declaration: ClassDeclaration) -> Int {
    1 + (declaration.baseKey.flatMap { classes[$0] }.map { depth($0.declaration) } ?? 0)
  }

  func declaration(ofClassFor object: AnyObject) -> ClassDeclaration? {
    classes.values.map(\.declaration).filter { $0.contains(object) }.max { depth($0) < depth($1) }
  }

  func remember(_ declaration: ClassDeclaration, _ core: OpaquePointer) {
    classes[declaration.key] = (declaration, core)
  }
  func isRegistered(_ key: UnsafeRawPointer) -> OpaquePointer? { classes[key]?.core }
  func retain(_ declaration: Declaration) { retained.append(declaration) }
}

extension LuaHost {
  /// Throws a sentence unless a native function may use this file: in the sandbox only inside the given folders.
  public func permit(_ path: String) throws {
    guard options.sandbox else { return }
    let folders = [options.scriptFolder].compactMap { $0 } + options.folders
    let resolved = Self.resolved(path)
    guard folders.contains(where: { resolved == Self.resolved($0) || resolved.hasPrefix(Self.resolved($0) + "/") })
    else {
      throw LuaError("'\(path)' is outside the folders that this sandbox may use")
    }
  }

  /// The path without links and dots, also when its last parts do not exist yet.
  private static func resolved(_ path: String) -> String {
    var url = URL(fileURLWithPath: path).standardizedFileURL
    var missing: [String] = []
    while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
      missing.insert(url.lastPathComponent, at: 0)
      url.deleteLastPathComponent()
    }
    let existing = url.resolvingSymlinksInPath().path
    return missing.isEmpty ? existing : existing + "/" + missing.joined(separator: "/")
  }
}

extension LuaHost {
  /// Prints as a script does: to whoever takes the output.
  func printThroughLua(_ text: String) throws {
    if let output {
      output(text + "\n")
    } else {
      print(text)
    }
  }
}
