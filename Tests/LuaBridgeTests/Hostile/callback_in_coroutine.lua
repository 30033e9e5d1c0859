-- expect: exit=0 out~done
local lab = require "lab"
for i = 1, 500 do
  local co = coroutine.wrap(function(f) for j = 1, 3 do coroutine.yield(lab.twice(f, j)) end end)
  assert(co(function(x) return coroutine.wrap(function() return x + 1 end)() end) == 3.0)
end
print "done"
