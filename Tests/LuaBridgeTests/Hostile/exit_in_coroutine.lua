-- expect: exit=9
coroutine.wrap(function() pcall(function() os.exit(9) end) error 'not reached' end)() print 'not reached'
