-- expect: exit=1 err~attempt to load a binary chunk
local parts = { "\27Lu", "a\x54" }
assert(load(function() return table.remove(parts, 1) end, "x", "b t"))
