-- expect: exit=1 err~undefined variable 'io'
io.write 'x'
