-- expect: exit=0 out~250000
local lab = require "lab"
local t = {} for i = 1, 250000 do t[i] = "x" end
print(#lab.join("", table.unpack(t)))
assert(not pcall(lab.fail, table.unpack(t)))
assert(not pcall(table.unpack, {}, 1, 1e8))
