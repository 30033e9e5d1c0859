-- expect: exit=0 out~done
local lab = require "lab"
local v = lab.Vector { 1, 2, 3 }
v:map(function(x) v:close() collectgarbage() return x end)
assert(not pcall(v.size, v))
print "done"
