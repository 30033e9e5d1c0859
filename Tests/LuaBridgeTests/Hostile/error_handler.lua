-- expect: exit=0 out~false
print(xpcall(error, function() error 'in the handler' end))
