-- expect: exit=1 err~(error object is a table value)
error({})
