import LuaBridge
import Synchronization
import Testing

/// Pretended native memory, as if each block were a tensor.
enum Pretended {
  static let live = Atomic<Int64>(0)
  static let peak = Atomic<Int64>(0)
  static func add(_ bytes: Int64) {
    let now = live.add(bytes, ordering: .relaxed).newValue
    if now > peak.load(ordering: .relaxed) { peak.store(now, ordering: .relaxed) }
  }
}

final class Block: LuaObject {
  let bytes: Int64
  init(bytes: Int64) {
    self.bytes = bytes
    Pretended.add(bytes)
  }
  deinit { Pretended.add(-bytes) }
}

@Suite(.serialized) struct PressureTests {
  private func host() throws -> LuaHost {
    let module = Module("lab", "Blocks.") {
      Function.scope()
      Class(Block.self, "Pretended memory.") {
        Constructor("Makes a block.", Argument("megabytes", "its size", in: .positive)) { (megabytes: Int) in
          Block(bytes: Int64(megabytes) << 20)
        }
      }
    }
    Pretended.peak.store(0, ordering: .relaxed)
    let host = try LuaHost(modules: [module])
    host.setNativeBytes { Pretended.live.load(ordering: .relaxed) }
    return host
  }

  @Test func nativeBytesDriveTheCollector() throws {
    let host = try host()
    try host.execute(
      code: """
        local lab = require "lab"
        local heap = {} for i = 1, 30000 do heap[i] = { i } end
        for i = 1, 200 do for j = 1, 25 do local t = lab.Block(4) end end
        """)
    #expect(Pretended.peak.load(ordering: .relaxed) <= 200 << 20)
    #expect(host.collections > 50)
    host.close()
    #expect(Pretended.live.load(ordering: .relaxed) == 0)
  }

  @Test func longLivedBlocksDoNotMakeItRunAllTheTime() throws {
    let host = try host()
    try host.execute(code: "local lab = require 'lab' kept = {} for i = 1, 500 do kept[i] = lab.Block(4) end")
    #expect(host.collections < 60)
    host.close()
  }

  @Test func scopesNeedNoCollections() throws {
    let host = try host()
    try host.execute(
      code:
        "local lab = require 'lab' for i = 1, 500 do lab.scope(function() for j = 1, 10 do lab.Block(4) end end) end")
    #expect(host.collections == 0)
    #expect(Pretended.peak.load(ordering: .relaxed) <= 40 << 20)
    host.close()
  }
}
