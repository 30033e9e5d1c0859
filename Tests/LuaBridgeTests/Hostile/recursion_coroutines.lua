-- expect: exit=1 err~C stack overflow
local function f() return coroutine.wrap(f)() end f()
