-- expect: exit=1 err~not enough memory
require 'lab'.vectors(1000000)
