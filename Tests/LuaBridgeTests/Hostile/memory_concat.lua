-- expect: exit=1 err~not enough memory
local t = {} for i = 1, 200 do t[i] = ('x'):rep(1 << 18) end print(#table.concat(t))
