-- expect: exit=1 err~not enough memory
local lab = require "lab"
local t = {}
while true do t[#t + 1] = lab.Vector { 1 } end
