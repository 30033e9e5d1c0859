-- expect: exit=124 err~time limit of
local lab = require "lab"
while true do lab.quietly(function() lab.twice(function(x) while true do end end, 1) end) end
