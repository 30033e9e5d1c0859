-- expect: exit=124 err~time limit of 0.5 s exceeded
while true do end
