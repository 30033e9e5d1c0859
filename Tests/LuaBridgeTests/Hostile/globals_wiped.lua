-- expect: exit=0 out~done
local print, pairs, lab, pcall, _G = print, pairs, require "lab", pcall, _G
for k in pairs(_G) do _G[k] = nil end
assert = nil
lab.Vector({ 1 }):map(function(x) return x end)
pcall(lab.fail, "x") lab.scope(function() end)
print "done"
