import LuaBridge

/// Throws where the sandbox keeps the running script away from the folder of a data set such as `folder:PATH`.
func permitFolder(ofDataSet name: String) throws {
  guard let colon = name.firstIndex(of: ":"), !name.hasPrefix("shapes") else { return }
  try LuaHost.current?.permit(String(name[name.index(after: colon)...]))
}

/// Lets Ctrl-C and the time limit end a long call: throws when the running script is to stop.
func stopIfAsked() throws {
  if let host = LuaHost.current, host.isStopping || host.isInterruptRequested { throw LuaError("interrupted") }
}
