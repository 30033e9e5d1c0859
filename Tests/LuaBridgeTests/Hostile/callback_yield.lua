-- expect: exit=0 out~false	attempt to yield across a C-call boundary
local lab = require "lab"
print(coroutine.wrap(function() return pcall(lab.twice, coroutine.yield, 1) end)())
