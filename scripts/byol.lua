-- Bootstrap Your Own Latent: a network learns to predict what a slowly moving copy of itself makes of another view.
-- Grill et al., 2020, arXiv:2006.07733, algorithm 1.
local contrast = require "contrast"
local nn, optim, ssl, data, augment = contrast.nn, contrast.optim, contrast.ssl, contrast.data, contrast.augment

local options = contrast.options {
  data   = { "shapes", "data set: shapes, cifar10:FOLDER or folder:FOLDER" },
  epochs = { 10,       "passes over the images" },
  batch  = { 128,      "images per step" },
  width  = { 16,       "channels of the encoder's first stage (ResNet-18 has 64)" },
  lr     = { 2.0,      "learning rate per 256 images" },
  tau    = { 0.99,     "decay of the target network at the start" },
}
local train = data.open(options.data, { split = "train" })
local test  = data.open(options.data, { split = "test" })
local batches = data.loader(train, {
  batch = options.batch,
  views = { augment.byol(train.size, 1), augment.byol(train.size, 2) },
})

local encoder   = nn.resnet18 { stem = "small", width = options.width }
local untrained = encoder:clone()
local online    = nn.Sequential { encoder, ssl.projector { encoder.output_size, 512, 128, style = "byol" } }
local predictor = ssl.projector { 128, 512, 128, style = "byol" }
local target    = ssl.MomentumEncoder(online)
local optimizer = optim.LARS({ online, predictor }, { momentum = 0.9, weight_decay = 1e-6 })

local steps = options.epochs * #batches
local rate  = optim.cosine { base = options.lr * options.batch / 256, steps = steps, warmup = steps // 10 }
local decay = ssl.cosine_decay { base = options.tau, steps = steps }

local run = contrast.run("byol", {
  encoder = online, predictor = predictor, target = target, optimizer = optimizer,
})
for batch in run:over(batches, options.epochs) do
  local a, b = batch[1], batch[2]
  local za, zb = target(a), target(b)                       -- no gradient: the stop-gradient is structural
  local loss = ssl.byol(predictor(online(a)), zb) + ssl.byol(predictor(online(b)), za)
  loss:backward()
  optimizer:step(rate(run.step))
  target:update(decay(run.step))                            -- after the step, with the new weights
  run:log { loss = loss, lr = rate(run.step), output = za }
end

print("raw pixels            ", ssl.knn("pixels", train, test))
print("random initialisation ", ssl.knn(untrained, train, test))
print("trained with BYOL     ", ssl.knn(encoder, train, test))
