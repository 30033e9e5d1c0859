-- expect: exit=124 err~time limit of
local lab = require 'lab' pcall(lab.spin, 1 << 60) while true do end
