-- expect: exit=0 out~false
local function f() local ok, e = pcall(f) if not ok then error(e, 0) end return 1 end
print((pcall(function() assert(false, f()) end)))
