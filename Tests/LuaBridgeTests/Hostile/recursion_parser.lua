-- expect: exit=1 err~overflow|too many|limit
assert(load('return ' .. ('('):rep(100000) .. '1'))
