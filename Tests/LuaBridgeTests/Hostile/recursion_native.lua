-- expect: exit=1 err~overflow
local lab = require "lab"
local function f(x) return lab.twice(f, x) end
f(1)
