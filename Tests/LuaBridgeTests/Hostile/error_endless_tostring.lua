-- expect: exit=124 err~stopped while an error was described
error(setmetatable({}, { __tostring = function() while true do end end }))
