-- expect: exit=1 err~syntax.lua:2: unexpected symbol near '<\1>'|unexpected symbol

