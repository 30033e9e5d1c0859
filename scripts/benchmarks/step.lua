-- One SimCLR training step: ResNet-18 (small stem), 128 views of 32×32, float32. The same work as step.py.
local contrast = require "contrast"
local nn, optim, ssl = contrast.nn, contrast.optim, contrast.ssl

local options = contrast.options {
  views = { 128, "views per step (two of each image)" },
  width = { 64,  "channels of the encoder's first stage" },
  steps = { 10,  "measured steps" },
}
local encoder   = nn.resnet18 { stem = "small", width = options.width }
local network   = nn.Sequential { encoder, ssl.projector { encoder.output_size, encoder.output_size, 128, style = "simclr" } }
local optimizer = optim.LARS({ network }, { momentum = 0.9, weight_decay = 1e-4 })
local views     = contrast.rand { options.views, 3, 32, 32 }

local times, loss = {}, nil
for step = 1, options.steps + 3 do
  local start = contrast.clock()
  local first, second = network(views):chunk(2)
  loss = ssl.nt_xent(first, second, { temperature = 0.5 })
  loss:backward()
  optimizer:step(0.1)
  if step > 3 then times[#times + 1] = 1000 * (contrast.clock() - start) end
end
table.sort(times)
print(string.format("contrast-lua: best %.0f ms, median %.0f ms, peak %.0f MB, loss %.4f",
  times[1], times[(#times + 1) // 2], contrast.memory().peak_resident / 2 ^ 20, loss:item()))
