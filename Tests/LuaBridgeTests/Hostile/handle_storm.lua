-- expect: exit=0 out~done
local lab = require "lab"
local t = {}
for i = 1, 20000 do
  local v = lab.Vector { i }
  if i % 3 == 0 then v:close() v:close() elseif i % 3 == 1 then t[i % 100] = v end
  lab.scope(function() t[i % 50] = lab.Vector { i } t[i % 70] = lab.keep(lab.Vector { i }) end)
end
collectgarbage()
print "done"
