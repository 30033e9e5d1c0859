-- expect: exit=4
require 'lab'.quietly(function() os.exit(4) end) error 'not reached'
