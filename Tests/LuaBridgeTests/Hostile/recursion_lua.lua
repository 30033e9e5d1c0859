-- expect: exit=1 err~not enough memory|stack overflow
local function f() return 1 + f() end f()
