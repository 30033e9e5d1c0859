-- expect: exit=1 err~too many|overflow|limit
assert(load('local x = ' .. ('x + '):rep(300000) .. ('('):rep(300) .. '1'))
