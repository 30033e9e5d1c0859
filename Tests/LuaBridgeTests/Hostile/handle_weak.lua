-- expect: exit=0 out~done
local lab = require "lab"
local weak = setmetatable({}, { __mode = "kv" })
for i = 1, 1000 do weak[lab.Vector { i }] = lab.Vector { i } weak[i] = lab.Vector { i } end
collectgarbage() collectgarbage()
assert(next(weak) == nil)
print "done"
