import ContrastAPI

/// A Swift program that hosts scripts: it defines a function in Lua, hands it Swift values, and reads the result.
/// Run it with `swift run -c release embedding`.
@main
struct Embedding {
  static func main() throws {
    // A script from a stranger gets a sandbox and limits; `output` keeps what it prints.
    let host = try ContrastHost(
      ContrastHostOptions(isSandboxed: true, timeLimit: 10, tensorByteLimit: 256 << 20, luaByteLimit: 16 << 20))
    var printed = ""
    host.setOutput { printed += $0 }
    try host.execute(
      code: """
        local contrast = require "contrast"

        function similarity(first, second)
          local a, b = contrast.tensor(first):normalize(), contrast.tensor(second):normalize()
          print("comparing " .. #first .. " numbers")
          return (a * b):sum():item()
        end
        """, name: "similarity.lua")

    let similarity: Double = try host.call("similarity", [1.0, 2.0, 3.0], [2.0, 4.0, 6.5])
    print("similarity \(similarity)")
    print("the script said: \(printed)", terminator: "")

    // A script's mistake is a Swift error with the script's file and line; the host lives on.
    do {
      try host.execute(code: "local x = require('contrast').zeros { 2, 3 }\nreturn x:matmul(x)", name: "mistake.lua")
    } catch {
      print("refused: \(error)")
    }
    host.close()
  }
}
