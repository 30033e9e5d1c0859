-- expect: exit=0 out~2	false
package.searchers[#package.searchers + 1] = function() return function() return "mine" end end
print(#package.searchers - 1, (pcall(function() return package.searchers[4]() end)))
