import LuaBridge
import Testing

@Suite struct ClassTests {
  @Test func operators() throws {
    let code = """
      local a, b = lab.Vector { 1, 2 }, lab.Vector { 10, 20 }
      print(a + b, a + 1, 1 + a)
      print(b - a, b - 1, 1 - b)
      print(-a, #a, a(3))
      print(a[1], a[-1]) a[2] = 7 print(a[2])
      print(a .. "!", "!" .. a, a .. b)
      print(a == a, a == lab.echo(a), a ~= b, a == lab.Vector { 1, 7 })
      """
    #expect(
      try output(of: code) == """
        Vector {11.0, 22.0}\tVector {2.0, 3.0}\tVector {2.0, 3.0}
        Vector {9.0, 18.0}\tVector {9.0, 19.0}\tVector {-9.0, -19.0}
        Vector {-1.0, -2.0}\t2\tVector {3.0, 6.0}
        1.0\t2.0
        7.0
        Vector {1.0, 7.0}!\t!Vector {1.0, 7.0}\tVector {1.0, 7.0}Vector {10.0, 20.0}
        true\ttrue\ttrue\tfalse

        """)
  }

  @Test func propertiesAndMethods() throws {
    let code = """
      local v = lab.Vector { 1, 2, 3 }
      print(v.count, v:size(), v.label)
      v.label = "name" print(v.label) v.label = nil print(v.label)
      v:fill_(2) print(v, v:dot(v), v:reduce(), v:map(function(x) return x * x end))
      for i, x in v:each() do io.write("") print(i, x) end
      """
    #expect(
      try output(of: code) == """
        3\t3\tnil
        name
        nil
        Vector {2.0, 2.0, 2.0}\t12.0\t6.0\tVector {4.0, 4.0, 4.0}
        1\t2.0
        2\t2.0
        3\t2.0

        """)
  }

  @Test func membersThatTheObjectKnows() throws {
    let code = """
      local v = lab.Vector { 1, 2 }
      print(v.x, v.y, v.count)
      print(pcall(function() return v.z end))
      print(pcall(function() return lab.Vector({ 1, 2, 3 }).xx end))
      print(pcall(function() v.x = 3 end))
      v:close()
      print(pcall(function() return v.x end))
      print(pcall(function() v.x = 3 end))
      print(v)
      """
    #expect(
      try output(of: code) == """
        1.0\t2.0\t2
        false\ttest.lua:3: Vector has no member 'z'; did you mean 'x'?
        false\ttest.lua:4: Vector has no member 'xx'; did you mean 'x'?
        false\ttest.lua:5: 'x' of Vector cannot be assigned
        false\ttest.lua:7: cannot read 'x' of a closed Vector
        false\ttest.lua:8: cannot assign 'x' of a closed Vector
        a closed Vector

        """)
  }

  @Test func families() throws {
    let code = """
      local shapes = lab.shapes
      local square, circle, cube = shapes.Square { size = 3 }, shapes.Circle(2), shapes.cube()
      print(square:area(), circle:area(), cube:area(), square:diagonal() > 4.2, cube:diagonal() > 2.8)
      print(square, circle, cube)
      square.size = 1
      print(shapes.total { square, circle, cube }, shapes.is_cube(cube))
      print(pcall(function() return circle.diagonal end))
      """
    let text = try output(of: code)
    #expect(
      text == """
        9.0\t12.0\t24.0\ttrue\ttrue
        Square\tCircle\tSquare
        37.0\ttrue
        false\ttest.lua:7: Circle has no member 'diagonal'

        """)
  }

  @Test func closing() throws {
    let code = """
      local v = lab.Vector { 1 }
      v:close() v:close() print(tostring(v), v == v)
      do local w <close> = lab.Vector { 1 } end
      local ok, message = pcall(function() local w <close> = lab.Vector { 1 } error("x", 0) end)
      print(ok, message)
      local alive = lab.Vector { 1 }
      alive:map(function(x) alive:close() return x end)
      print(pcall(alive.map, alive, print))
      print(getmetatable(alive), pcall(setmetatable, alive, {}))
      """
    let text = try output(of: code)
    #expect(text.hasPrefix("a closed Vector\ttrue\nfalse\tx\nfalse\t"))
    #expect(text.contains("calling 'Vector:map' on a closed Vector"))
  }

  @Test func scopes() throws {
    let code = """
      local outer, kept
      local a, t = lab.scope(function(x)
        outer = lab.Vector { x }
        kept = lab.keep(lab.Vector { 2 })
        return lab.Vector { 3 }, { inner = { lab.Vector { 4 } } }
      end, 1)
      print(pcall(tostring, outer))
      print(kept, a, t.inner[1])
      local ok, e = pcall(lab.scope, function() outer = lab.Vector { 5 } error({ 1 }) end)
      print(ok, e[1], tostring(outer))
      lab.scope(function()
        local inner = lab.scope(function() return lab.Vector { 6 } end)
        print(inner) outer = inner
      end)
      print(tostring(outer))
      local gone
      local co = coroutine.wrap(function() lab.scope(function() gone = lab.Vector { 7 } coroutine.yield() end) end)
      print(pcall(co)) print(tostring(gone))
      """
    #expect(
      try output(of: code) == """
        true\ta Vector that was released at the end of its scope
        Vector {2.0}\tVector {3.0}\tVector {4.0}
        false\t1\ta Vector that was released at the end of its scope
        Vector {6.0}
        a Vector that was released at the end of its scope
        false\tattempt to yield across a C-call boundary
        a Vector that was released at the end of its scope

        """)
    // What an inner scope returns without having made it stays where it was.
    let returned = """
      local kept, outer = lab.Vector { 1 }, nil
      lab.scope(function()
        outer = lab.Vector { 2 }
        lab.scope(function() lab.scope(function() return kept, outer end) return kept, outer end)
        print(kept, outer)
      end)
      print(kept, tostring(outer))
      """
    #expect(
      try output(of: returned) == """
        Vector {1.0}\tVector {2.0}
        Vector {1.0}\ta Vector that was released at the end of its scope

        """)
    #expect(
      try failure(of: "lab.scope(1)") == "test.lua:1: bad argument 'body' to 'scope' (function expected, got number)")
  }
}
