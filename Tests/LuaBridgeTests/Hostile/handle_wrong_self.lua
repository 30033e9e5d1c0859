-- expect: exit=0 out~done
local lab = require "lab"
local v = lab.Vector { 1 }
for _, bad in ipairs { 1, "x", true, {}, print, coroutine.create(print), lab.shapes.Square() } do
  assert(not pcall(v.dot, bad, v)) assert(not pcall(v.dot, v, bad)) assert(not pcall(v.size, bad)) pcall(v.close, bad)
  pcall(function() return bad + v end) pcall(function() return v[bad] end) pcall(function() v[bad] = 1 end)
end
assert(not pcall(v.dot)) assert(not pcall(v.size)) assert(pcall(v.close))
print "done"
