local contrast = require "contrast"
local nn, optim = contrast.nn, contrast.optim

describe("layers", function()
  before_each(function() contrast.seed(1) end)

  it("are functions with named parameters", function()
    local network = nn.Sequential { nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2, { bias = false }) }
    assert.same({ 5, 2 }, network(contrast.randn { 5, 4 }).shape)
    local names = {}
    for i, parameter in ipairs(network:parameters()) do names[i] = parameter.name end
    assert.same({ "0.weight", "0.bias", "2.weight" }, names)
    assert.equal(4 * 8 + 8 + 16, network.parameter_count)
    assert.equal(3, #network)
  end)

  it("copy without sharing", function()
    local layer = nn.Linear(3, 3)
    local copy = layer:clone()
    contrast.no_grad(function() layer:parameters()[1].tensor:fill_(0) end)
    assert(copy:parameters()[1].tensor:abs():sum():item() > 0)
  end)

  it("load state dictionaries, all or nothing", function()
    local a, b = nn.Linear(3, 2), nn.Linear(3, 2)
    b:load_state_dict(a:state_dict())
    local x = contrast.randn { 4, 3 }
    assert.same(a(x):tolist(), b(x):tolist())
    local ok = pcall(b.load_state_dict, b, { weight = contrast.zeros { 2, 3 } })
    assert.equal(false, ok)
    assert.same(a(x):tolist(), b(x):tolist())
  end)

  it("make a ResNet of any width", function()
    local network = nn.resnet18 { stem = "small", width = 4 }
    assert.equal(32, network.output_size)
    assert.same({ 2, 32 }, network(contrast.rand { 2, 3, 16, 16 }).shape)
    assert.equal("conv1.weight", network:parameters()[1].name)
  end)

  it("hold their parameters, statistics and layers by name", function()
    local network = nn.resnet18 { stem = "small", width = 4 }
    assert.same({ 4, 3, 3, 3 }, network.conv1.weight.shape)
    assert.same({ 8 }, network.layer2[1].bn1.running_mean.shape)
    local linear = nn.Linear(2, 3)
    linear(contrast.ones { 1, 2 }):sum():backward()
    assert.tensor({ { 1, 1 }, { 1, 1 }, { 1, 1 } }, linear.weight.grad)
    assert.fails_with("Layer has no member 'wieght'; did you mean 'weight'?", function() return linear.wieght end)
    assert.fails_with("'weight' of Layer cannot be assigned", function() linear.weight = contrast.ones { 3, 2 } end)
  end)

  it("can be written in Lua", function()
    local layer = nn.custom {
      parameters = { scale = contrast.full({ 1 }, 3) },
      forward = function(self, x) return x * self.scale end,
    }
    assert.tensor({ 3, 6 }, layer(contrast.tensor { 1, 2 }))
    local network = nn.Sequential { layer }
    assert.equal("0.scale", network:parameters()[1].name)
    assert.tensor({ 3, 6 }, network:clone()(contrast.tensor { 1, 2 }))
    assert.tensor({ 3 }, network[1].scale)
  end)

  it("written in Lua are themselves in their forward function", function()
    local seen
    local layer = nn.custom {
      children = { inner = nn.Linear(2, 2) },
      forward = function(self, x)
        seen = self.training
        return self.inner(x)
      end,
    }
    layer:eval()(contrast.ones { 1, 2 })
    assert.equal(false, seen)
    assert.fails_with("custom: 'train' is what every layer has; choose another name", function()
      nn.custom { forward = function(_, x) return x end, parameters = { train = contrast.ones { 1 } } }
    end)
  end)
end)

describe("optimizers", function()
  it("fit a line", function()
    for _, make in ipairs {
      function(layers) return optim.SGD(layers, { momentum = 0.9 }), 0.05 end,
      function(layers) return optim.AdamW(layers, { weight_decay = 0 }), 0.1 end,
    } do
      contrast.seed(3)
      local layer = nn.Linear(2, 1)
      local optimizer, rate = make { layer }
      local x = contrast.randn { 64, 2 }
      local y = x:matmul(contrast.tensor { { 2 }, { -3 } }) + 0.5
      local loss
      for _ = 1, 200 do
        loss = (layer(x) - y):square():mean()
        loss:backward()
        optimizer:step(rate)
      end
      assert.near(0, loss:item(), 1e-3)
      assert.equal(200, optimizer.steps)
    end
  end)

  it("follow a cosine after a warm-up", function()
    local rate = optim.cosine { base = 1, steps = 110, warmup = 10 }
    assert.near(0.1, rate(1))
    assert.near(1, rate(10))
    assert.near(0.5, rate(60), 0.02)
    assert.near(0, rate(110), 1e-3)
    assert.equal(0, rate(111))
  end)
end)

describe("wrong networks", function()
  it("say what does not fit", function()
    assert.fails_with("linear: input [4, 7] has 7 features, the layer expects 8", function()
      return nn.Linear(8, 2)(contrast.zeros { 4, 7 })
    end)
    assert.fails_with([[unknown option 'widht' to 'resnet18'; did you mean 'width'? (it takes stem, width, classes, channels, zero_init_residual)]], function()
      return nn.resnet18 { widht = 3 }
    end)
  end)
end)
