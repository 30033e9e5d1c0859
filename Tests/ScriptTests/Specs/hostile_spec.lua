-- What a careless or hostile script may try: a sentence, never the end of the process.
local contrast = require "contrast"
local nn, data, augment = contrast.nn, contrast.data, contrast.augment

describe("hostile calls", function()
  it("cannot give a tensor a gradient that does not fit", function()
    local x = contrast.ones({ 1000 }):requires_grad_()
    assert.fails_with("grad: a f32 tensor of shape [1000] for a tensor that requires a gradient expected, got f32 [1]",
      function() x.grad = contrast.ones { 1 } end)
    assert.equal(false, (pcall(function() x.grad = contrast.ones({ 1000 }, { dtype = "f64" }) end)))
    x.grad = contrast.no_grad(function() return x * 1 end)
    x:sum():backward()
    assert.equal(1, x[1]:item())
    assert.equal(2, x.grad[1]:item())
  end)

  it("cannot nest without end", function()
    local t = {}
    t[1] = t
    assert.equal(false, (pcall(contrast.tensor, t)))
    local ok, problem = pcall(function()
      local layer = nn.ReLU()
      for _ = 1, 60000 do layer = nn.custom { forward = function(_, x) return x end, children = { a = layer } } end
    end)
    assert.equal(false, ok)
    assert(problem:find("nested"), problem)
    ok = pcall(function()
      local layer = nn.ReLU()
      for _ = 1, 40 do layer = nn.custom { forward = function(_, x) return x end, children = { a = layer, b = layer } } end
    end)
    assert.equal(false, ok)
  end)

  it("cannot overflow counts", function()
    assert.same({ 1 }, (contrast.zeros({ 2 }):chunk(math.maxinteger)).shape)
    local images = data.open("shapes:40", { split = "train" })
    local loader = data.loader(images, { batch = math.maxinteger, views = { augment.evaluation(32) }, drop_last = false })
    assert.equal(1, #loader)
    local x = contrast.full({ 1 }, 2 ^ 62, { dtype = "i64" })
    assert.same({ math.maxinteger }, (x + (x - 1)):tolist())
    assert.equal(false, (pcall(contrast.randint, 2 ^ 53 | 0, 2 ^ 53 | 0, { 1 })))
    assert.equal(false, (pcall(contrast.zeros, { 1 << 31, 1 << 20 })))
  end)
end)

describe("evaluation", function()
  it("puts every layer's own mode back", function()
    local network = nn.Sequential { nn.Flatten(), nn.Linear(3072, 4), nn.BatchNorm1d(4) }
    network[3]:eval()
    contrast.ssl.features(network, data.open("shapes:40", { split = "train" }))
    assert.equal(false, network[3].training)
    assert.equal(true, network.training)
  end)
end)

describe("split batch normalisation", function()
  it("normalises each part by its own statistics", function()
    local norm = nn.BatchNorm1d(1, { weight = false, bias = false }):split_batch_norm(2)
    local y = norm(contrast.tensor { { 1 }, { 3 }, { 100 }, { 300 } })
    assert.tensor({ { -1 }, { 1 }, { -1 }, { 1 } }, y, 1e-3)
    assert.near(0.1 * (2 + 200) / 2, norm:state_dict().running_mean[1]:item(), 1e-4)
    assert.fails_with("batch_norm: a batch of 3 cannot be cut into 2 equal parts", function() norm(contrast.zeros { 3, 1 }) end)
  end)

  it("comes back in order from a shuffled momentum encoder", function()
    contrast.seed(1)
    local encoder = contrast.ssl.MomentumEncoder(nn.Linear(2, 2))
    local x = contrast.randn { 16, 2 }
    assert.same(encoder(x):tolist(), encoder:shuffled(x):tolist(), 1e-6)
  end)
end)
