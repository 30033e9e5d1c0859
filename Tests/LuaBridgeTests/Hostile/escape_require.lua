-- expect: exit=1 err~is not a module name
require '../ValueTests'
