-- What a call from Lua costs: a + b on 8 elements, in nanoseconds, without and with the tape.
local contrast = require "contrast"

local function nanoseconds(count, body)
  local best = math.huge
  for _ = 1, 15 do
    local start = contrast.clock()
    body(count)
    best = math.min(best, (contrast.clock() - start) / count * 1e9)
  end
  return best
end

local a, b = contrast.rand { 8 }, contrast.rand { 8 }
local function add(count) for _ = 1, count do local _ = a + b end end
print(string.format("a + b, 8 elements, no gradient:   %6.0f ns", nanoseconds(20000, add)))
a:requires_grad_()
print(string.format("a + b, 8 elements, with gradient: %6.0f ns", nanoseconds(20000, add)))
print(string.format("a:dim():                          %6.0f ns",
  nanoseconds(20000, function(count) for _ = 1, count do local _ = a:dim() end end)))
