-- expect: exit=0 out~done
assert(not pcall(collectgarbage, "stop")) assert(not pcall(collectgarbage, "setpause", 1000000))
for i = 1, 20 do collectgarbage() collectgarbage "step" collectgarbage("generational") end
print "done"
