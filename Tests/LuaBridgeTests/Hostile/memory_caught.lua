-- expect: exit=0 out~still here
for i = 1, 5 do assert(not pcall(string.rep, "x", 1 << 40)) end
local ok = pcall(function() local t = {} for i = 1, math.huge do t[i] = ("x"):rep(1000) .. i end end)
assert(not ok)
print "still here"
