-- expect: exit=5
do local x <close> = setmetatable({}, { __close = function() os.exit(5) end }) end error 'not reached'
