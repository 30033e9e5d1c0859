import Glibc
import Kernels
import TestSupport
@testable import Tensors
import Testing

@Suite struct SafeTensorsTests {
  /// A file with any header text and data.
  private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8) + data
  }

  private func refusal(_ bytes: [UInt8]) throws -> String {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      try write(bytes, to: path)
      let error = #expect(throws: TensorError.self) { try SafeTensors.read(path) }
      return error?.description.replacing("cannot read \"\(path)\": ", with: "") ?? "no error"
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      let values: [(name: String, tensor: Tensor)] = [
        ("weight", try fixedNumbers([2, 3], type: .float32)), ("double", try fixedNumbers([4])),
        ("labels \"é\" \u{1}\\", try Tensor([Int.min, 0, Int.max], [3])), ("none", try Tensor.zeros([0, 3])),
        ("scalar", try Tensor(scalar: .nan)), ("mask", try Tensor([1, 0, 1], [3], type: .bool)),
        ("pixels", try Tensor([0, 255], [2, 1], type: .uint8)),
        ("turned", try fixedNumbers([3, 2], type: .float32).transposed()),
      ]
      try SafeTensors.write(values, metadata: ["epoch": "3", "note": "a\n\"b\" 😀"], to: path)
      let (read, metadata) = try SafeTensors.read(path)
      #expect(metadata == ["epoch": "3", "note": "a\n\"b\" 😀"])
      #expect(Set(read.keys) == Set(values.map(\.name)))
      for (name, tensor) in values {
        #expect(read[name]?.type == tensor.type && read[name]?.shape == tensor.shape)
        try requireClose(read[name]!, tensor, relative: 0, absolute: 0, name)
      }
      #expect(try read["labels \"é\" \u{1}\\"]!.integers() == [Int.min, 0, Int.max])
      #expect(fileNames(in: folder) == ["a.safetensors"])
    }
  }

  @Test func theSameContentGivesTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let values = try (0..<20).map { (name: "t\($0)", tensor: try fixedNumbers([3], seed: UInt64($0))) }
      let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("k\($0)", "v") })
      try SafeTensors.write(values, metadata: metadata, to: "\(folder)/a")
      try SafeTensors.write(values.reversed(), metadata: metadata, to: "\(folder)/b")
      #expect(try contents(of: "\(folder)/a") == contents(of: "\(folder)/b"))
      #expect(try contents(of: "\(folder)/a")[0] % 8 == 0)
    }
  }

  /// Written by the Python package: Tests/Golden/generate_safetensors.py, which also checks that the package reads
  /// this writer's bytes, kept as written-by-swift.safetensors.
  @Test func filesOfThePythonPackageAreRead() throws {
    let golden = try Golden("written-by-python")
    #expect(golden.metadata == ["format": "pt", "note": "naïve 😀"])
    let ramp = [-2, -1, 0, 1, 2, 3].map(Double.init)
    for name in ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8"] {
      try requireClose(golden.tensor(name), ramp, relative: 0, absolute: 0, name)
      #expect(try golden.tensor(name).shape == [2, 3])
    }
    #expect(
      try golden.tensor("half values").floats().map(\.bitPattern)
        == [0x3380_0000, 0x387f_c000, 0x477f_e000, 0x7f80_0000, 0xff80_0000, 0x8000_0000])
    #expect(try golden.tensor("U8").type == .uint8)
    #expect(try golden.tensor("BOOL").type == .bool)
    #expect(try golden.tensor("F16").type == .float32)
    #expect(try golden.tensor("I32").type == .int64)
    #expect(try golden.tensor("scalar").shape == [])
    #expect(try golden.tensor("empty").shape == [0, 4])
  }

  @Test func thePythonPackageHasReadThisWritersBytes() throws {
    try withTemporaryFolder { folder in
      try SafeTensors.write(Self.sample(), metadata: ["format": "pt", "epoch": "3"], to: "\(folder)/a")
      let path = Golden.path("written-by-swift.safetensors")
      if access(path, F_OK) != 0 { try write(contents(of: "\(folder)/a"), to: path) }
      #expect(try contents(of: "\(folder)/a") == contents(of: path))
    }
  }

  static func sample() throws -> [(name: String, tensor: Tensor)] {
    let ramp = [-2.0, -1, 0, 1, 2, 3]
    return [
      ("layer.weight", try Tensor(ramp, [2, 3])), ("layer.turned", try Tensor(ramp, [2, 3]).transposed()),
      ("F64", try Tensor(ramp, [2, 3], type: .float64)), ("I64", try Tensor(ramp, [6], type: .int64)),
      ("U8", try Tensor([0, 128, 255], [3], type: .uint8)), ("BOOL", try Tensor([1, 0, 1], [3], type: .bool)),
      ("scalar", try Tensor(scalar: 0.5)), ("empty", try Tensor.zeros([0, 4])),
      ("name \"ü\" \\ 😀\n", try Tensor(scalar: 1)),
    ]
  }

  // MARK: Reading what is wrong

  @Test func brokenHeadersAreRefused() throws {
    #expect(try refusal([1, 2, 3]) == "it ends after 3 bytes, expected 8 or more")
    #expect(try refusal(file("", length: 100_000_001)) == "its header claims 100000001 bytes, at most 100000000")
    #expect(try refusal(file("", length: .max)) == "its header claims 18446744073709551615 bytes, at most 100000000")
    #expect(try refusal(file("{}", length: 60)) == "its header claims 60 bytes, 2 follow")
    #expect(try refusal(file("", length: 0)) == "the header does not start with \"{\"")
    #expect(try refusal(file(" {}")) == "the header does not start with \"{\"")
    #expect(try refusal(file("[]")) == "the header does not start with \"{\"")
    #expect(try refusal(file("{")) == "expected a string at byte 2")
    #expect(try refusal(file("{}x")) == "unexpected text after the end at byte 3")
    let deep = file("{\"a\":" + String(repeating: "[", count: 100_000))
    #expect(try refusal(deep).hasPrefix("nesting deeper than 64 at byte "))
    #expect(try refusal(file("{\"__metadata__\":{\"a\":1}}")) == "__metadata__ \"a\" is not a string")
    #expect(try refusal(file("{\"__metadata__\":[]}")) == "__metadata__ is not an object")
    let invalid = file("{\"a").dropLast() + [0xff, 0x22, 0x3a, 0x31, 0x7d]
    #expect(try refusal([7] + invalid.dropFirst()).hasPrefix("invalid UTF-8"))
  }

  private func entry(_ name: String = "a", type: String = "F32", shape: String = "[2]", _ offsets: String = "[0,8]")
    -> String
  {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test func wrongClaimsAreRefused() throws {
    let eight = [UInt8](repeating: 0, count: 8)
    func refused(_ entries: String..., data: [UInt8]? = nil) throws -> String {
      try refusal(file("{\(entries.joined(separator: ","))}", data: data ?? eight))
    }
    #expect(try refused(entry(), entry()).hasPrefix("the key \"a\" is repeated at byte "))
    #expect(try refused(entry(type: "F8")) == "tensor \"a\" has no type that can be read, but \"F8\"")
    #expect(try refused("\"a\":{}") == "tensor \"a\" has no type that can be read, but none")
    #expect(try refused("\"a\":3") == "the entry of tensor \"a\" is not an object")
    #expect(try refused(entry(shape: "[-2]")) == "the shape of tensor \"a\" is no list of up to 6 sizes")
    #expect(try refused(entry(shape: "[2.0]")) == "the shape of tensor \"a\" is no list of up to 6 sizes")
    #expect(try refused(entry(shape: "[1,1,1,1,1,1,2]")) == "the shape of tensor \"a\" is no list of up to 6 sizes")
    #expect(
      try refused(entry(shape: "[4611686018427387904,4611686018427387904]"))
        == "tensor \"a\" of shape [4611686018427387904, 4611686018427387904] is too large")
    #expect(try refused(entry(shape: "[0,4611686018427387904,8]")).hasPrefix("tensor \"a\""))
    #expect(
      try refused(entry(shape: "[3]"))
        == "tensor \"a\" of shape [3] and type F32 takes 12 bytes, its data_offsets give it 8")
    #expect(try refused(entry("a", "[8,0]")) == "the data_offsets of tensor \"a\" are not two positions in order")
    #expect(try refused(entry("a", "[0]")) == "the data_offsets of tensor \"a\" are not two positions in order")
    #expect(try refused(entry("a", "[4,12]")) == "tensor \"a\" starts at byte 4, expected 0")
    #expect(try refused(entry("a"), entry("b")) == "tensor \"b\" starts at byte 0, expected 8")
    #expect(try refused(entry("a"), entry("b", "[4,12]")) == "tensor \"b\" starts at byte 4, expected 8")
    #expect(try refused(entry(), data: Array(eight.dropLast())) == "the tensors take 8 bytes, the file has 7 for them")
    #expect(try refused(entry(), data: eight + [0]) == "the tensors take 8 bytes, the file has 9 for them")
    #expect(
      try refused(entry(type: "U64", shape: "[1]"), data: [UInt8](repeating: 255, count: 8))
        == "tensor \"a\" holds 18446744073709551615, which does not fit i64")
    #expect(
      try refused(entry(shape: "[4611686018427387903]", "[0,9223372036854775807]")).hasPrefix("tensor \"a\""))
  }

  @Test func harmlessOdditiesAreRead() throws {
    try withTemporaryFolder { folder in
      let text = "{ \"a\" : {\"shape\":[ ],\"dtype\":\"F32\", \"data_offsets\":[0,4],\"more\":[1e3,null,true]} }   \n"
      try write(file(text, data: [0, 0, 0x80, 0x3f]), to: "\(folder)/a")
      #expect(try SafeTensors.read("\(folder)/a").tensors["a"]?.item() == 1)
      try write(file("{}"), to: "\(folder)/b")
      #expect(try SafeTensors.read("\(folder)/b").tensors.isEmpty)
      try write(file("{\(entry(type: "BOOL", "[0,2]"))}", data: [7, 0]), to: "\(folder)/c")
      #expect(try SafeTensors.read("\(folder)/c").tensors["a"]?.doubles() == [1, 0])
    }
  }

  @Test func damageIsNeverFatal() throws {
    try withTemporaryFolder { folder in
      try SafeTensors.write(Self.sample(), to: "\(folder)/whole")
      let whole = try contents(of: "\(folder)/whole")
      var generator = Philox(key: RandomKey(seed: 3, stream: 0))
      for _ in 0..<3000 {
        var bytes = whole
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator)))
        case 1:
          let position = Int.random(in: 0..<600, using: &generator)
          bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        default:
          for _ in 0..<Int.random(in: 1..<4, using: &generator) {
            bytes[Int.random(in: 0..<600, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
          }
        }
        try write(bytes, to: "\(folder)/damaged")
        do { _ = try SafeTensors.read("\(folder)/damaged") } catch is TensorError {}
      }
    }
  }

  @Test func whatIsNoFileIsRefused() throws {
    let missing = #expect(throws: TensorError.self) { try SafeTensors.read("/no/such/file") }
    #expect(missing?.description == "cannot read \"/no/such/file\": No such file or directory")
    let folder = #expect(throws: TensorError.self) { try SafeTensors.read("/tmp") }
    #expect(folder?.description == "cannot read \"/tmp\": not a regular file")
    #expect(throws: TensorError.self) { try SafeTensors.read("/dev/zero") }
    #expect(throws: TensorError.self) { try SafeTensors.read("a\0b") }
  }

  // MARK: Writing where it fails

  @Test func namesAreChecked() throws {
    let x = try Tensor.ones([1])
    let twice = #expect(throws: TensorError.self) { try SafeTensors.write([("a", x), ("a", x)], to: "/tmp/never") }
    #expect(twice?.description == "safetensors: two tensors are named \"a\"")
    #expect(throws: TensorError.self) { try SafeTensors.write([("__metadata__", x)], to: "/tmp/never") }
    let nowhere = #expect(throws: TensorError.self) { try SafeTensors.write([("a", x)], to: "/no/such/folder/a") }
    #expect(nowhere?.description == "cannot write \"/no/such/folder/a\": open failed: No such file or directory")
    #expect(throws: TensorError.self) { try SafeTensors.write([("a", x)], to: "") }
    #expect(throws: TensorError.self) { try SafeTensors.write([("a", x)], to: "/tmp/") }
  }

  /// The message of a write to `path` over `system`, after which the old file and nothing else must be there.
  private func failure(_ system: SystemCalls, _ path: String) throws -> String? {
    let old = try contents(of: path)
    let error = #expect(throws: TensorError.self) {
      try SafeTensors.write([("new", Tensor.ones([3]))], metadata: [:], to: path, system: system)
    }
    #expect(try contents(of: path) == old)
    #expect(fileNames(in: String(path.dropLast(2))) == ["a"])
    return error?.description.replacing("cannot write \"\(path)\": ", with: "")
  }

  /// Fails as a full disk does.
  private static func full() -> Int32 {
    errno = ENOSPC
    return -1
  }

  /// A disk that takes `whole` writes, half of the next, and then no more.
  private func filling(after whole: Int) -> SystemCalls {
    final class Counter { var calls = 0 }
    let counter = Counter()
    var system = SystemCalls()
    system.write = { file, bytes, count in
      counter.calls += 1
      if counter.calls <= whole { return Glibc.write(file, bytes, count) }
      return counter.calls == whole + 1 ? Glibc.write(file, bytes, count / 2) : Int(Self.full())
    }
    return system
  }

  /// Each call of a write fails in turn: the old file stays as it was, and nothing else is left behind.
  @Test func everyFailureLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      try SafeTensors.write([("old", Tensor.ones([3]))], to: path)
      for whole in 0...2 {
        #expect(try failure(filling(after: whole), path) == "write failed: No space left on device")
      }
      var system = SystemCalls()
      system.open = { _, _ in Self.full() }
      #expect(try failure(system, path) == "open failed: No space left on device")
      system = SystemCalls()
      system.synchronize = { _ in Self.full() }
      #expect(try failure(system, path) == "fsync failed: No space left on device")
      system = SystemCalls()
      system.close = { file in
        Glibc.close(file)
        return Self.full()
      }
      #expect(try failure(system, path) == "close failed: No space left on device")
      system = SystemCalls()
      system.rename = { _, _ in Self.full() }
      #expect(try failure(system, path) == "rename failed: No space left on device")
    }
  }

  /// The real thing, in a process of its own: a limit on the size of files stops the write half way.
  @Test func aFullDiskIsReported() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      try withTemporaryFolder { folder in
        try SafeTensors.write([("old", Tensor.ones([3]))], to: "\(folder)/a")
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var message = ""
        do {
          try SafeTensors.write([("new", Tensor.ones([100_000]))], to: "\(folder)/a")
        } catch {
          message = "\(error)"
        }
        guard message == "cannot write \"\(folder)/a\": write failed: File too large",
          fileNames(in: folder) == ["a"], try SafeTensors.read("\(folder)/a").tensors.keys.contains("old")
        else { throw TestFailure("message: \(message), files: \(fileNames(in: folder))") }
      }
    }
  }
}
