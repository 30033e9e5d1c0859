import Foundation
import Testing

@testable import Images

/// Whatever a file holds, decoding ends with an image or a sentence that names the file.
struct HostileFileTests {
  private func decoding(_ bytes: [UInt8]) -> String? { sentence { _ = try Image(decoding: bytes, name: "x") } }

  @Test func noImageAtAll() {
    #expect(decoding([]) == "x: the file is empty")
    #expect(decoding(Array("hello, world".utf8)) == "x: neither a JPEG nor a PNG image")
    #expect(decoding([0xFF, 0xD8, 0xFF]) == "x: not a readable JPEG image (no picture in it)")
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(decoding(signature)?.hasPrefix("x: not a readable PNG image") == true)
    #expect(
      sentence { _ = try Image(contentsOf: "/no/such/file.jpg") }
        == "/no/such/file.jpg: cannot be opened (No such file or directory)")
    #expect(sentence { _ = try Image(contentsOf: "/tmp") } == "/tmp: not a regular file")
  }

  @Test func cutShort() throws {
    let jpeg = try JPEG.encode(noise(width: 60, height: 50), quality: 90)
    let png = try PNG.encode(noise(width: 60, height: 50))
    #expect(
      decoding(Array(jpeg.prefix(jpeg.count / 2)))
        == "x: the JPEG image is cut short or damaged (Premature end of JPEG file)")
    #expect(decoding(Array(png.prefix(png.count / 2)))?.hasPrefix("x: the PNG image is cut short or damaged (") == true)
    for length in stride(from: 3, to: jpeg.count - 2, by: 7) {
      #expect(decoding(Array(jpeg.prefix(length))) != nil, "\(length) of \(jpeg.count) bytes")
    }
    for length in stride(from: 8, to: png.count - 16, by: 7) {
      #expect(decoding(Array(png.prefix(length))) != nil, "\(length) of \(png.count) bytes")
    }
  }

  @Test func oddButCompleteFilesAreRead() throws {
    let jpeg = try JPEG.encode(gradient(width: 20, height: 20), quality: 90)
    let odd = jpeg.dropLast(2) + [0x12, 0x34, 0x56, 0xFF, 0xD9]
    #expect(try Image(decoding: Array(odd), name: "x") == Image(decoding: jpeg, name: "x"))
  }

  @Test func hugeSizesInTheHeader() throws {
    var png = try PNG.encode(noise(width: 4, height: 4))
    png.replaceSubrange(16..<24, with: [0, 0, 0xF0, 0, 0, 0, 0xF0, 0])
    let sum = crc(png[12..<29])
    png.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
    #expect(
      decoding(png) == "x: the header states 61440 × 61440 pixels, more than the 100000000 that are read")
    var jpeg = try JPEG.encode(noise(width: 8, height: 8), quality: 90)
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(
      decoding(jpeg) == "x: the header states 65500 × 65500 pixels, more than the 100000000 that are read")
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0, 0, 0, 8])
    #expect(decoding(jpeg)?.hasPrefix("x: ") == true)
  }

  @Test func flippedBytesNeverCrash() throws {
    var draws = Draws(seed: 1, stream: 0, sample: 0, purpose: 0)
    for bytes in [
      try JPEG.encode(noise(width: 24, height: 24), quality: 80), try PNG.encode(gradient(width: 24, height: 24)),
    ] {
      for _ in 0..<2000 {
        var damaged = bytes
        for _ in 0..<(1 + draws.integer(below: 4)) {
          damaged[draws.integer(below: damaged.count)] = UInt8(draws.integer(below: 256))
        }
        if let sentence = decoding(damaged) { #expect(sentence.hasPrefix("x: ")) }
      }
    }
  }

  @Test func picturesSurviveTheirFiles() throws {
    let folder = try FixtureFolder()
    let image = noise(width: 13, height: 29)
    try image.write(to: folder.path + "/a.png")
    #expect(try Image(contentsOf: folder.path + "/a.png") == image)
    let smooth = gradient(width: 40, height: 30)
    try smooth.write(to: folder.path + "/a.jpg")
    let back = try Image(contentsOf: folder.path + "/a.jpg")
    #expect(zip(back.bytes, smooth.bytes).allSatisfy { abs(Int($0) - Int($1)) < 12 })
    // The first bytes decide, not the name.
    try folder.write(try PNG.encode(image), to: "b.jpg")
    #expect(try Image(contentsOf: folder.path + "/b.jpg") == image)
    #expect(
      sentence { try image.write(to: "/no/such/a.png") }
        == "/no/such/a.png: cannot be written (No such file or directory)")
  }

  /// The checksum of a PNG chunk.
  private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}
