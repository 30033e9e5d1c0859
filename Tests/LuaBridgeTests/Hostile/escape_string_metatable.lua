-- expect: exit=0 out~false	false
print(getmetatable(''), (pcall(setmetatable, '', {})))
