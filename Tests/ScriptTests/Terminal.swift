import Foundation
import XCTest

/// A pseudo-terminal, for what the program shows to people.
final class Terminal {
  /// Where the program writes.
  let device: FileHandle
  private let controller: Int32

  init(columns: UInt16) throws {
    // What openpty does on Linux; Glibc's module has neither it nor the names of these two requests.
    let (unlock, askNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    var (isLocked, number): (CInt, CUnsignedInt) = (0, 0)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try XCTSkipIf(
      controller < 0 || ioctl(controller, unlock, &isLocked) != 0 || ioctl(controller, askNumber, &number) != 0
        || ioctl(controller, UInt(TIOCSWINSZ), &size) != 0, "there are no pseudo-terminals here")
    let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try XCTSkipIf(descriptor < 0, "there are no pseudo-terminals here")
    device = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  deinit { close(controller) }

  /// What was written, once nobody writes any more. Closes the device.
  func text() throws -> String {
    try device.close()
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while case let count = read(controller, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
