-- expect: exit=0 out~done
assert(not pcall(string.format, "%" .. ("9"):rep(200) .. "d", 1)) assert(not pcall(string.format, "%q", {}))
assert(not pcall(string.rep, "x", -1 >> 1)) pcall(string.pack, "!17i16", 1) pcall(("x"):rep(100).gsub, "x", "(", "")
print "done"
