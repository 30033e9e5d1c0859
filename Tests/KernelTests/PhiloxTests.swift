import Testing

import Kernels

@Suite struct PhiloxTests {
  // Random123's kat_vectors, "philox4x32 10": counter, key, result.
  @Test(arguments: [
    (
      SIMD4<UInt32>(0, 0, 0, 0), (UInt32(0), UInt32(0)),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), (UInt32.max, UInt32.max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), (UInt32(0xa409_3822), UInt32(0x299f_31d0)),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func blocksAreThePublishedOnes(counter: SIMD4<UInt32>, key: (UInt32, UInt32), expected: SIMD4<UInt32>) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }

  @Test func keysNumberTheirStreams() {
    let stream = RandomStream(seed: 7)
    #expect(stream.nextKey() == RandomKey(seed: 7, stream: 0))
    #expect(stream.nextKey() == RandomKey(seed: 7, stream: 1))
    let position = stream.position
    let next = stream.nextKey()
    stream.position = position
    #expect(stream.nextKey() == next)
  }

  @Test func drawsDependOnTheKeyAlone() {
    var (first, same, other) = (
      Philox(key: RandomKey(seed: 1, stream: 2)), Philox(key: RandomKey(seed: 1, stream: 2)),
      Philox(key: RandomKey(seed: 1, stream: 3))
    )
    let draws = (0..<5).map { _ in first.next() }
    #expect(draws == (0..<5).map { _ in same.next() })
    #expect(Set(draws + (0..<5).map { _ in other.next() }).count == 10)
    #expect((0..<1000).allSatisfy { _ in (0..<1).contains(first.nextUniform()) })
  }
}
