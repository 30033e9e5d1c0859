-- expect: exit=1 err~overflow
local lab = require 'lab' local function f() return lab.scope(f) end f()
