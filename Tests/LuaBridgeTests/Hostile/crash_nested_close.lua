-- expect: exit=0 out~done
-- Lua 5.4.4 overflows the C stack here.
local function nest()
  local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() nest() end }) coroutine.yield() end)
  coroutine.resume(co)
  return coroutine.close(co)
end
pcall(nest)
print "done"
