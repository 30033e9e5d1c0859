-- expect: exit=1 err~xxxx
error(('x'):rep(1 << 20))
