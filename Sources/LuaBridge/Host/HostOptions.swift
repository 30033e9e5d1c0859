import Foundation

/// How a host treats its scripts.
public struct HostOptions: Sendable {
  /// No files, no programs, no finalizers in scripts: what Lua may reach is on a list.
  public var sandbox: Bool
  /// Seconds one run may take; nil = no limit.
  public var timeLimit: Double?
  /// Seconds after the limit until the process is ended, for a script that stays inside one C call; nil = never.
  public var gracePeriod: Double?
  /// Bytes that Lua itself may hold (tensors are not among them); nil = no limit.
  public var memoryLimit: Int?
  /// Where `require` looks first, and in the sandbox the only folder with `searchPaths`.
  public var scriptFolder: String?
  /// Further folders for `require`.
  public var searchPaths: [String]
  /// Folders that natives may read and write in the sandbox, besides the script's.
  public var folders: [String]
  /// Comes before error messages.
  public var programName: String

  public init(
    sandbox: Bool = false, timeLimit: Double? = nil, gracePeriod: Double? = nil, memoryLimit: Int? = nil,
    scriptFolder: String? = nil, searchPaths: [String] = [], folders: [String] = [],
    programName: String = "contrast-lua"
  ) {
    (self.sandbox, self.timeLimit, self.gracePeriod) = (sandbox, timeLimit, gracePeriod)
    (self.memoryLimit, self.scriptFolder, self.searchPaths) = (memoryLimit, scriptFolder, searchPaths)
    (self.folders, self.programName) = (folders, programName)
  }

  /// `package.path`: the script's folder, the search paths, and outside the sandbox `$CONTRAST_LUA_PATH`.
  var packagePath: String {
    let folders = [scriptFolder ?? (sandbox ? nil : ".")].compactMap { $0 } + searchPaths
    var templates = folders.flatMap { folder in
      let folder = folder.isEmpty ? "." : folder
      return ["\(folder)/?.lua", "\(folder)/?/init.lua"]
    }
    if !sandbox, let extra = ProcessInfo.processInfo.environment["CONTRAST_LUA_PATH"], !extra.isEmpty {
      templates.append(extra)
    }
    return templates.joined(separator: ";")
  }
}

/// An error that ended a script.
public struct ScriptError: Error, CustomStringConvertible {
  public enum Reason: Sendable, Equatable {
    case failed, timedOut, interrupted
    case exited(code: Int32)
  }
  /// With file and line, as a script's reader wants it.
  public let message: String
  /// Lua's list of the calls that were active.
  public let traceback: String
  public let reason: Reason

  public var description: String { message }
  /// Whether the code only lacks its end, as while a person still types it.
  public var isIncomplete: Bool { reason == .failed && message.hasSuffix("<eof>") }
}

/// How a run ended: what actions at its end are told.
public enum ScriptEnd: Sendable, Equatable {
  case finished, failed, timedOut, interrupted
  case exited(code: Int32)
}
