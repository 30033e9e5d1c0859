-- expect: exit=0 out~done
-- An iterator used again after "pattern too complex" writes out of bounds in Lua up to 5.4.8.
local iterator = string.gmatch(("a"):rep(300000), ("a?"):rep(300) .. ".-b")
for i = 1, 5 do pcall(iterator) end
print "done"
