/// How a run was asked to behave on the command line.
struct RunSettings {
  var seed: UInt64 = 0
  var checkpoint, resume, log: String?
  var stopStep = 0
  var isQuiet = false

  init() {}

  init(_ values: [String: OptionValue]) {
    func text(_ name: String) -> String? {
      if case .text(let text)? = values[name], !text.isEmpty { text } else { nil }
    }
    func integer(_ name: String) -> Int { if case .integer(let integer)? = values[name] { integer } else { 0 } }
    seed = UInt64(bitPattern: Int64(integer("seed")))
    (checkpoint, resume, log) = (text("checkpoint"), text("resume"), text("log"))
    stopStep = integer("stop")
    isQuiet = values["quiet"] == .flag(true)
  }
}
