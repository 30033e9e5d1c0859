-- expect: exit=0 out~done
local lab = require "lab"
local it = lab.Vector({ 1, 2 }):each()
it() it() assert(it() == nil and it() == nil)
it:close() assert(not pcall(it))
for i in lab.Vector({ 1, 2 }):each() do break end
print "done"
