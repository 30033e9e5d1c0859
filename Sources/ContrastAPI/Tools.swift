import Kernels
import LuaBridge
import Tensors

/// Seeds, threads, time, memory and files.
@ModuleBuilder func toolFunctions(_ session: Session) -> [ModuleMember] {
  Function("seed", "Starts all random numbers anew.", Argument("seed", "any integer")) { (seed: Int) in
    session.seed(UInt64(bitPattern: Int64(seed)))
  }
  Function(
    "threads", "How many processor threads compute; with a number, sets it.",
    Argument("count", "how many", default: nil), returns: "the number now"
  ) {
    (count: Int?) in
    if let count {
      guard (1...1024).contains(count) else { throw LuaError("threads: 1 to 1024 expected, got \(count)") }
      ThreadTeam.setCount(count)
    }
    return ThreadTeam.count
  }
  Function("clock", "Seconds from some fixed moment on, for measuring.", returns: "the seconds") {
    MonotonicClock.seconds
  }
  Function(
    "memory", "Bytes in use: `live` and `peak` of tensors, `peak_resident` of the whole process.",
    returns: "the bytes by name"
  ) {
    () -> [String: Int] in
    [
      "live": StoragePool.liveByteCount, "peak": StoragePool.peakByteCount,
      "peak_resident": MonotonicClock.peakResidentBytes,
    ]
  }
  Function(
    "save", "Writes tensors by name as a safetensors file, which PyTorch reads too.", Argument("path", "the file"),
    Argument("tensors", "tensors by name")
  ) {
    (path: String, tensors: [String: Tensor]) in
    try LuaHost.current?.permit(path)
    try SafeTensors.write(tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, metadata: [:], to: path)
  }
  Function("load", "Reads a safetensors file.", Argument("path", "the file"), returns: "tensors by name") {
    (path: String) -> [String: Tensor] in
    try LuaHost.current?.permit(path)
    return try SafeTensors.read(path).tensors
  }
}
