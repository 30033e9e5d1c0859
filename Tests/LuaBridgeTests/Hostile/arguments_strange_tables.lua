-- expect: exit=0 out~done
local lab = require "lab"
local t = setmetatable({}, { __index = error, __len = error, __pairs = error, __eq = error, __call = error })
pcall(lab.describe, t) pcall(lab.projector, t) pcall(lab.configure, t) pcall(lab.linear, t) pcall(lab.echo_options, t)
pcall(lab.describe, { [t] = t }) pcall(lab.describe, { [0 / 1] = 1, [1.5] = 2, [true] = 3 })
pcall(lab.configure, { [1] = 2 }) pcall(lab.configure, { x = {} })
local cyclic = {} cyclic.x = cyclic cyclic[1] = cyclic
pcall(lab.stack, cyclic) pcall(lab.describe, cyclic) lab.keep(cyclic)
lab.scope(function() return cyclic end)
print "done"
