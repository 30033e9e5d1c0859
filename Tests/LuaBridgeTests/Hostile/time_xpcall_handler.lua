-- expect: exit=124 err~time limit of
local function forever() while true do end end
xpcall(function() error "x" end, forever)
while true do xpcall(forever, forever) end
