-- expect: exit=124 err~time limit of
while true do pcall(function() while true do end end) end
