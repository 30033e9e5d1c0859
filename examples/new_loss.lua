-- A loss that no library has, from formula to a running epoch.
--
-- InfoNCE compares a positive pair with the *sum* over the other images, so its value and its best temperature move with
-- the batch size. Here the pair is compared with their *mean*, and only losing to it costs:
--
--   L = mean over i of softplus( log( mean over j≠i of exp(s_ij / τ) ) − s_ii / τ ),   s = cosine similarity
--
-- At chance it is log 2 = 0.693 for every batch size.
local contrast = require "contrast"
local nn, optim, ssl, data, augment = contrast.nn, contrast.optim, contrast.ssl, contrast.data, contrast.augment

local function crowd_margin(first, second, temperature)
  local similarity = first:normalize():matmul(second:normalize():t()) / temperature
  local n, own     = #similarity, contrast.eye(#similarity)
  local positives  = (similarity * own):sum(2)
  local crowd      = (similarity - own * 1e9):logsumexp(2) - math.log(n - 1)
  return (crowd - positives):softplus():mean()
end

local options = contrast.options {
  data   = { "shapes", "data set: shapes, cifar10:FOLDER or folder:FOLDER" },
  epochs = { 1,        "passes over the images" },
  batch  = { 128,      "images per step" },
}
local train = data.open(options.data, { split = "train" })
local view  = augment.simclr(train.size, { strength = 0.5 })
local batches = data.loader(train, { batch = options.batch, views = { view, view } })

local encoder   = nn.resnet18 { stem = "small", width = 16 }
local network   = nn.Sequential { encoder, ssl.projector { encoder.output_size, encoder.output_size, 64, style = "simclr" } }
local optimizer = optim.SGD({ network }, { momentum = 0.9, weight_decay = 5e-4 })

local run = contrast.run("crowd-margin", { network = network, optimizer = optimizer })
for batch in run:over(batches, options.epochs) do
  local loss = crowd_margin(network(batch[1]), network(batch[2]), 0.2)
  loss:backward()
  optimizer:step(0.06)
  run:log { loss = loss }
end
print(ssl.knn(encoder, train, data.open(options.data, { split = "test" })))
