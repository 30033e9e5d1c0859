import Kernels
import TestSupport
import Tensors
import Testing

@Suite struct PrintingTests {
  @Test func scalarsStandOnOneLine() throws {
    #expect(try Tensor(scalar: 0.5).description == "0.5000 [Tensor f32]")
    #expect(try Tensor(scalar: 3, type: .int64).description == "3 [Tensor i64]")
    #expect(try Tensor([Int.max], [1]).description == " 9223372036854775807\n[Tensor 1 i64]")
  }

  @Test func matricesAreAligned() throws {
    #expect(
      try Tensor([1, -2.5, 10, 4, 5, 600], [2, 3]).description == """
           1.0000  -2.5000  10.0000
           4.0000   5.0000 600.0000
        [Tensor 2×3 f32]
        """)
    #expect(try Tensor([1, 0], [2], type: .bool).description == "  true false\n[Tensor 2 bool]")
    #expect(try Tensor([7, -12], [2, 1]).description == "   7\n -12\n[Tensor 2×1 i64]")
  }

  @Test func slicesHaveTitles() throws {
    #expect(
      try Tensor(Array(1...8), [2, 2, 2]).description == """
        (1,.,.) =
         1 2
         3 4

        (2,.,.) =
         5 6
         7 8
        [Tensor 2×2×2 i64]
        """)
  }

  @Test func specialValuesAndExponents() throws {
    let special: [Double] = [.nan, .infinity, -.infinity, 1]
    #expect(try Tensor(special, [4]).description == "    nan    inf   -inf 1.0000\n[Tensor 4 f32]")
    #expect(try Tensor([1e-7, 2e-5], [2]).description == " 1.0000e-07 2.0000e-05\n[Tensor 2 f32]")
    #expect(try Tensor.zeros([0, 3]).description == "[Tensor 0×3 f32]")
  }

  @Test func viewsPrintWhatTheyShow() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6], [2, 3])
    #expect(try x.transposed().selected(0, 1).description == " 2 5\n[Tensor 2 i64]")
  }

  @Test func largeTensorsAreBounded() throws {
    let large = try Tensor.arange(to: 1_000_000).reshaped([1000, 1000])
    let lines = large.description.split(separator: "\n")
    #expect(lines.count == 8)
    #expect(lines[0].contains("2.0000") && lines[0].contains("…") && lines[0].contains("999.0000"))
    #expect(lines[3] == " …")
    #expect(lines[7] == "[Tensor 1000×1000 f32]")
    let deep = try Tensor.zeros([10, 10, 10, 10, 10, 10]).description
    #expect(deep.count < 400_000)
    let wide = try Tensor.ones([1000]).description
    #expect(wide.split(separator: "\n").allSatisfy { $0.count <= 110 })
  }
}
