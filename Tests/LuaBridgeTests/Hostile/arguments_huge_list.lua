-- expect: exit=0 out~done
local lab = require "lab"
local t = {} for i = 0, 62 do t[1 << i] = 1 end
assert(not pcall(lab.projector, t))
print "done"
