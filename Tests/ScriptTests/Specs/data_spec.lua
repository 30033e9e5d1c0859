local contrast = require "contrast"
local data, augment = contrast.data, contrast.augment

-- A folder that goes when the spec is done with it.
local function with_folder(body)
  local folder = os.tmpname()
  os.remove(folder)
  assert(os.execute("mkdir -p '" .. folder .. "'"))
  local ok, problem = pcall(body, folder)
  os.execute("rm -rf '" .. folder .. "'")
  if not ok then error(problem, 0) end
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

describe("data sets", function()
  it("know their size, classes and labels", function()
    local images = data.open("shapes:80", { split = "train" })
    assert.equal(80, #images)
    assert.equal(32, images.size)
    assert.equal(8, #images.classes)
    assert(images:label(1) >= 1 and images:label(80) <= 8)
  end)

  it("refuse what is not there", function()
    assert.fails_with([[data set "shapse" is unknown; did you mean shapes? There are shapes, cifar10:FOLDER, folder:FOLDER]],
      function() data.open("shapse") end)
    assert.fails_with("folder: /nowhere/at/all is not a folder", function() data.open("folder:/nowhere/at/all") end)
    assert.fails_with("cifar10: /nowhere/data_batch_1.bin does not exist; the folder must hold the files of the binary version",
      function() data.open("cifar10:/nowhere") end)
  end)

  it("refuse folders without classes", function()
    with_folder(function(folder)
      assert.fails_with("folder: " .. folder .. " holds no folders; expected one folder of images per class",
        function() data.open("folder:" .. folder) end)
    end)
  end)

  it("name the image that cannot be decoded", function()
    with_folder(function(folder)
      os.execute("mkdir -p '" .. folder .. "/cats'")
      local path = folder .. "/cats/1.jpg"
      for i = 2, 11 do write(folder .. "/cats/" .. i .. ".jpg", "also not an image") end
      write(path, "not an image")
      local images = data.open("folder:" .. folder, { split = "train" })
      local loader = data.loader(images, { batch = 1, views = { augment.evaluation(8) }, shuffle = false })
      local ok, problem = pcall(function() for _ in loader:epoch(1) do end end)
      assert.equal(false, ok)
      assert(problem:find("neither a JPEG nor a PNG image", 1, true), problem)
      assert(problem:find(folder, 1, true), problem)
    end)
  end)
end)

describe("loaders", function()
  before_each(function() contrast.seed(4) end)

  it("give every image once per epoch, in an order of its own", function()
    local images = data.open("shapes:40", { split = "train" })
    local loader = data.loader(images, { batch = 7, views = { augment.evaluation(32) }, drop_last = false })
    local orders = {}
    for epoch = 1, 2 do
      local seen, order = {}, {}
      for batch in loader:epoch(epoch) do
        for _, index in ipairs(batch.indices:tolist()) do
          seen[index], order[#order + 1] = true, index
        end
        assert.same({ batch.indices.shape[1], 3, 32, 32 }, batch[1].shape)
      end
      for i = 1, 40 do assert.equal(true, seen[i]) end
      assert.equal(40, #order)
      orders[epoch] = table.concat(order, " ")
    end
    assert(orders[1] ~= orders[2])
  end)

  it("give the same views for the same seed", function()
    local images = data.open("shapes:40", { split = "train" })
    local function first()
      contrast.seed(9)
      local view = augment.simclr(32)
      for batch in data.loader(images, { batch = 4, views = { view, view } }):epoch(3) do return batch end
    end
    local a, b = first(), first()
    assert.same(a[2]:tolist(), b[2]:tolist())
    assert(tostring(a[1]) ~= tostring(a[2]))
    assert.same(a.labels:tolist(), b.labels:tolist())
  end)

  it("refuse a batch that is larger than the data set", function()
    local images = data.open("shapes:40", { split = "train" })
    assert.fails_with("loader: a batch of 41 images is more than the 40 of shapes:40, and drop_last leaves out what does not fill a batch",
      function() data.loader(images, { batch = 41, views = { augment.evaluation(32) } }) end)
  end)
end)

describe("recipes", function()
  it("print their steps and refuse nonsense", function()
    assert(tostring(augment.byol(32, 2)):find("solarize"), tostring(augment.byol(32, 2)))
    assert.fails_with("byol: view 3, expected 1 or 2", function() augment.byol(32, 3) end)
    assert.fails_with("gaussian_blur: kernel 4, expected an odd number from 1 to 1023", function() augment.gaussian_blur { kernel = 4 } end)
  end)
end)

describe("files of tensors", function()
  it("come back as they were", function()
    with_folder(function(folder)
      local path = folder .. "/x.safetensors"
      local x = contrast.randn { 3, 4 }
      contrast.save(path, { x = x, n = contrast.tensor({ 1, 2 }, { dtype = "i64" }) })
      local back = contrast.load(path)
      assert.same(x:tolist(), back.x:tolist())
      assert.equal("i64", back.n.dtype)
      write(path, "garbage")
      assert.equal(false, (pcall(contrast.load, path)))
    end)
  end)
end)
