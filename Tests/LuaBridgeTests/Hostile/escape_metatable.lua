-- expect: exit=0 out~false	false
local v = require "lab".Vector { 1 }
print(getmetatable(v), (pcall(setmetatable, v, {})))
assert(not pcall(rawset, v, "x", 1)) assert(not pcall(function() v.__gc = 1 end))
