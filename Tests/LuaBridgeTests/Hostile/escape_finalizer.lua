-- expect: exit=1 err~finalizers (__gc) are not allowed in the sandbox
setmetatable({}, { __gc = function() while true do end end })
