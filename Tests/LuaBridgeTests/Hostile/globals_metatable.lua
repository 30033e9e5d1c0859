-- expect: exit=0 out~done
local lab = require "lab"
setmetatable(_G, { __index = function() error "index" end, __newindex = function() error "newindex" end })
pcall(lab.describe, {}) pcall(function() return x end) pcall(function() y = 1 end)
print "done"
