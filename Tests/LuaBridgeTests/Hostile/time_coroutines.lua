-- expect: exit=124 err~time limit of
local function nest(n) return coroutine.wrap(function() if n == 0 then while true do end end nest(n - 1)() end) end
while true do pcall(nest(50)) end
