-- An augmentation recipe of one's own, and a picture of what it makes: one image a row, eight views beside it.
local contrast = require "contrast"
local data, augment = contrast.data, contrast.augment

local options = contrast.options {
  data    = { "shapes",    "data set: shapes, cifar10:FOLDER or folder:FOLDER" },
  picture = { "views.png", "where the picture goes" },
}
local images = data.open(options.data, { split = "train" })

local recipe = augment.recipe {
  augment.random_resized_crop(images.size, { scale = { 0.3, 1 } }),
  augment.horizontal_flip(),
  augment.color_jitter { brightness = 0.3, contrast = 0.3, saturation = 0.3, hue = 0.05, probability = 0.9 },
  augment.grayscale { probability = 0.1 },
  augment.solarize { threshold = 0.5, probability = 0.1 },
}
augment.sheet(images, recipe, options.picture, { rows = 12, views = 8 })
print("wrote " .. options.picture)
