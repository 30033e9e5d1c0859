-- expect: exit=0 out~3.0
local lab = require "lab"
local co = coroutine.wrap(function() coroutine.yield() return lab.twice(function(x) return x + 1 end, 1) end)
co() print(co())
