-- expect: exit=124 err~did not stop after its time limit
-- Inside one C call no hook runs: the grace period ends the process.
print(("a"):rep(40):find(("a?"):rep(40) .. ("a"):rep(40) .. "b"))
