-- A loop that makes 100 MB of temporaries in each of 200 iterations and never calls collectgarbage().
local contrast = require "contrast"

local x = contrast.rand { 1024, 1024 }                    -- 4 MB
local start = contrast.clock()
for _ = 1, 200 do
  local y = x
  for _ = 1, 25 do y = y * 1.0001 end                     -- 25 × 4 MB
end
local memory = contrast.memory()
print(string.format("20 GB of temporaries: peak %.0f MB of tensors, %.0f MB resident, %.2f s",
  memory.peak / 2 ^ 20, memory.peak_resident / 2 ^ 20, contrast.clock() - start))
