-- SimCLR: two views of an image attract, all other images of the batch repel.
-- Chen, Kornblith, Norouzi, Hinton, 2020, arXiv:2002.05709, algorithm 1.
local contrast = require "contrast"
local nn, optim, ssl, data, augment = contrast.nn, contrast.optim, contrast.ssl, contrast.data, contrast.augment

local options = contrast.options {
  data        = { "shapes", "data set: shapes, cifar10:FOLDER or folder:FOLDER" },
  epochs      = { 10,       "passes over the images" },
  batch       = { 256,      "images per step" },
  width       = { 16,       "channels of the encoder's first stage (ResNet-18 has 64)" },
  lr          = { 1.0,      "learning rate per 256 images" },
  temperature = { 0.5,      "divides the similarities" },
  knn         = { 0,        "evaluate after every so many epochs; 0: only at the end" },
}
local train = data.open(options.data, { split = "train" })
local test  = data.open(options.data, { split = "test" })
local view  = augment.simclr(train.size, { strength = 0.5 })
local batches = data.loader(train, { batch = options.batch, views = { view, view } })

local encoder   = nn.resnet18 { stem = "small", width = options.width }
local projector = ssl.projector { encoder.output_size, encoder.output_size, 128, style = "simclr" }
local network   = nn.Sequential { encoder, projector }
local optimizer = optim.LARS({ network }, { momentum = 0.9, weight_decay = 1e-4 })   -- SimCLR's code: variant = "classic"

local steps = options.epochs * #batches
local rate  = optim.cosine { base = options.lr * options.batch / 256, steps = steps, warmup = steps // 10 }

local run = contrast.run("simclr", { network = network, optimizer = optimizer })
if options.knn > 0 then
  run:after_epochs(options.knn, function() return { knn = ssl.knn(encoder, train, test).accuracy } end)
end
for batch in run:over(batches, options.epochs) do
  local views = network(contrast.cat { batch[1], batch[2] })       -- one pass: batch norm sees both views
  local first, second = views:chunk(2)
  local loss = ssl.nt_xent(first, second, { temperature = options.temperature })
  loss:backward()
  optimizer:step(rate(run.step))
  run:log { loss = loss, lr = rate(run.step), output = first }
end
print("trained with SimCLR   ", ssl.knn(encoder, train, test))
