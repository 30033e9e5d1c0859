-- expect: exit=1 err~from close
local x <close> = setmetatable({}, { __close = function() error 'from close' end }) error 'first'
