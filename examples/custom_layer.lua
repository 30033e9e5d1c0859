-- A layer written in Lua, with a parameter of its own, inside a network like any other.
local contrast = require "contrast"
local nn, optim = contrast.nn, contrast.optim

-- Multiplies the input by a learned temperature, kept positive by the exponential.
local function Temperature(initial)
  return nn.custom {
    parameters = { logarithm = contrast.full({ 1 }, math.log(initial)) },
    forward = function(self, x) return x * self.logarithm:exp() end,
  }
end

local network   = nn.Sequential { nn.Linear(4, 3), Temperature(5) }
local optimizer = optim.SGD({ network }, { momentum = 0.9 })
local x, labels = contrast.randn { 32, 4 }, contrast.randint(1, 3, { 32 })

for step = 1, 20 do
  local loss = network(x):cross_entropy(labels)
  loss:backward()
  optimizer:step(0.1)
  if step % 5 == 0 then print(string.format("step %2d  loss %.4f", step, loss:item())) end
end
print(network)
for _, parameter in ipairs(network:parameters()) do print(parameter.name, parameter.tensor.shape[1]) end
