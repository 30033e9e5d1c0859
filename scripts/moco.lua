-- Momentum Contrast, version 2: a queue of keys from a slowly moving encoder supplies the negatives.
-- He, Fan, Wu, Xie, Girshick, 2019, arXiv:1911.05722, algorithm 1; Chen, Fan, Girshick, He, 2020, arXiv:2003.04297.
-- The numbers are those of the authors' demonstration on CIFAR-10.
local contrast = require "contrast"
local nn, optim, ssl, data, augment = contrast.nn, contrast.optim, contrast.ssl, contrast.data, contrast.augment

local options = contrast.options {
  data        = { "shapes", "data set: shapes, cifar10:FOLDER or folder:FOLDER" },
  epochs      = { 10,       "passes over the images" },
  batch       = { 128,      "images per step" },
  width       = { 16,       "channels of the encoder's first stage (ResNet-18 has 64)" },
  lr          = { 0.06,     "learning rate per 512 images" },
  temperature = { 0.1,      "divides the similarities" },
  momentum    = { 0.99,     "share of the old weights that the key encoder keeps" },
  queue       = { 4096,     "keys kept as negatives" },
}
assert(options.batch % 8 == 0, "--batch must be a multiple of 8: normalisation sees it in 8 parts")
local train = data.open(options.data, { split = "train" })
local test  = data.open(options.data, { split = "test" })
local view  = augment.mocov2(train.size)
local batches = data.loader(train, { batch = options.batch, views = { view, view } })

local encoder   = nn.resnet18 { stem = "small", width = options.width }
local query     = nn.Sequential { encoder, ssl.projector { encoder.output_size, encoder.output_size, 128, style = "mocov2" } }
query:split_batch_norm(8)                                           -- as eight processors would
local key       = ssl.MomentumEncoder(query)
local queue     = ssl.FeatureQueue(options.queue, 128)
local optimizer = optim.SGD({ query }, { momentum = 0.9, weight_decay = 5e-4 })

local steps = options.epochs * #batches
local rate  = optim.cosine { base = options.lr * options.batch / 512, steps = steps }

local run = contrast.run("moco", { query = query, key = key, queue = queue, optimizer = optimizer })
for batch in run:over(batches, options.epochs) do
  key:update(options.momentum)                                     -- before the keys are made
  local q = query(batch[1])
  local k = key:shuffled(batch[2])                                 -- no statistics shared between the views
  local loss = ssl.info_nce(q, k, { negatives = queue:negatives(), temperature = options.temperature })
  loss:backward()
  optimizer:step(rate(run.step))
  queue:enqueue(k)
  run:log { loss = loss, lr = rate(run.step), output = q }
end
print("trained with MoCo     ", ssl.knn(encoder, train, test))
