-- expect: exit=1 err~(error object is a nil value)
error(nil)
