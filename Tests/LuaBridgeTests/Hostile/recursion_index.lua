-- expect: exit=1 err~'__index' chain too long
local t = {}
for i = 1, 3000 do t = setmetatable({}, { __index = t }) end
print(t.x)
