import Glibc
import Kernels

extension SafeTensors {
  /// Reads a file. Types the engine does not have become the next wider one (F16 and BF16 f32, I32 i64, …).
  ///
  /// Nothing in the file is trusted: every claim of its header is checked before memory is asked for.
  /// - Throws: a sentence with the path and what is wrong.
  public static func read(_ path: String) throws -> (tensors: [String: Tensor], metadata: [String: String]) {
    do {
      let file = try InputFile(path)
      let length = try file.bytes(8, at: 0).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
      guard length <= largestHeader else {
        throw TensorError("its header claims \(length) bytes, at most \(largestHeader)")
      }
      guard Int(length) <= file.byteCount - 8 else {
        throw TensorError("its header claims \(length) bytes, \(file.byteCount - 8) follow")
      }
      let start = 8 + Int(length)
      let (entries, metadata) = try file.bytes(Int(length), at: 8).withUnsafeBytes {
        try parse(header: $0, dataByteCount: file.byteCount - start)
      }
      var tensors: [String: Tensor] = [:]
      for entry in entries { tensors[entry.name] = try tensor(entry, in: file, dataStart: start) }
      return (tensors, metadata)
    } catch let error as TensorError {
      throw TensorError("cannot read \"\(path)\": \(error.description)")
    } catch let error as KernelError {
      throw TensorError("cannot read \"\(path)\": \(error.description)")
    }
  }

  private static func tensor(_ entry: Entry, in file: borrowing InputFile, dataStart: Int) throws -> Tensor {
    let type = entry.type.elementType
    let result = try Buffer(type, Shape(entry.shape))
    let bytes = dataStart + entry.bytes.lowerBound
    if FileType(type) == entry.type {
      let target = UnsafeMutableRawBufferPointer(start: result.pointer, count: entry.bytes.count)
      try withExtendedLifetime(result.storage) {
        try file.read(into: target, at: bytes)
        // A byte that is neither 0 nor 1 is true as well.
        if type == .bool { for index in target.indices where target[index] != 0 { target[index] = 1 } }
      }
    } else {
      let content = try file.bytes(entry.bytes.count, at: bytes)
      try content.withUnsafeBytes { try widen($0, entry, into: result) }
    }
    return Tensor(buffer: result)
  }

  /// Converts elements of a type the engine does not have.
  private static func widen(_ bytes: UnsafeRawBufferPointer, _ entry: Entry, into buffer: Buffer) throws {
    func fill<Source: BitwiseCopyable, Target>(_: Source.Type, _ convert: (Source) throws -> Target) rethrows {
      try withExtendedLifetime(buffer.storage) {
        let target = buffer.pointer.assumingMemoryBound(to: Target.self)
        for index in 0..<buffer.elementCount {
          let offset = index * MemoryLayout<Source>.size
          target[index] = try convert(bytes.loadUnaligned(fromByteOffset: offset, as: Source.self))
        }
      }
    }
    switch entry.type {
    case .int32: fill(Int32.self) { Int($0) }
    case .uint32: fill(UInt32.self) { Int($0) }
    case .int16: fill(Int16.self) { Int($0) }
    case .uint16: fill(UInt16.self) { Int($0) }
    case .int8: fill(Int8.self) { Int($0) }
    case .uint64:
      try fill(UInt64.self) { value in
        guard let whole = Int(exactly: value) else {
          throw TensorError("tensor \"\(entry.name)\" holds \(value), which does not fit i64")
        }
        return whole
      }
    case .bfloat16: fill(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float16: fill(UInt16.self) { Float(half: $0) }
    case .float64, .float32, .int64, .uint8, .bool:
      preconditionFailure("SafeTensors: \(entry.type.rawValue) needs no widening")
    }
  }
}

extension Float {
  /// The value of an IEEE 754 binary16 number.
  init(half bits: UInt16) {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1f), fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: self = sign * fraction * Float(sign: .plus, exponent: -24, significand: 1)
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default: self = sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

/// A regular file open for reading, closed with the value.
private struct InputFile: ~Copyable {
  private let descriptor: Int32
  let byteCount: Int

  init(_ path: String) throws {
    guard !path.utf8.contains(0) else { throw TensorError("not the name of a file") }
    // Without waiting: a pipe would block for ever.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw TensorError(SystemCalls.lastError) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw TensorError("not a regular file")
    }
    (descriptor, byteCount) = (opened, Int(status.st_size))
  }

  deinit { close(descriptor) }

  func bytes(_ count: Int, at position: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      let whole = UnsafeMutableBufferPointer(rebasing: target[..<count])
      try read(into: UnsafeMutableRawBufferPointer(whole), at: position)
      initialized = count
    }
  }

  func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws {
    var done = 0
    while done < target.count {
      let count = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(position + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw TensorError(SystemCalls.lastError) }
      guard count > 0 else {
        throw TensorError("it ends after \(position + done) bytes, expected \(position + target.count) or more")
      }
      done += count
    }
  }
}
