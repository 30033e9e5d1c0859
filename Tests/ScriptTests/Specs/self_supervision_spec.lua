local contrast = require "contrast"
local nn, optim, ssl = contrast.nn, contrast.optim, contrast.ssl

describe("losses", function()
  before_each(function() contrast.seed(5) end)

  it("are at chance where nothing is known", function()
    local same = contrast.ones { 8, 4 }
    assert.near(math.log(15), ssl.nt_xent(same, same):item(), 1e-4)
    assert.near(math.log(17), ssl.info_nce(same, same, { negatives = contrast.ones { 16, 4 } }):item(), 1e-4)
    assert.near(0, ssl.byol(same, same):item(), 1e-5)
    assert.near(4, ssl.byol(same, -same):item(), 1e-5)
  end)

  it("agree with the formula written out", function()
    local a, b = contrast.randn { 6, 5 }, contrast.randn { 6, 5 }
    local z = contrast.cat { a, b }:normalize()
    local s = z:matmul(z:t()) / 0.5 - contrast.eye(12) * 1e9
    local total = 0
    for i = 1, 12 do
      local partner = i <= 6 and i + 6 or i - 6
      total = total + s[i]:logsumexp():item() - s[{ i, partner }]:item()
    end
    assert.near(total / 12, ssl.nt_xent(a, b, { temperature = 0.5 }):item(), 1e-4)
  end)

  it("send no gradient to BYOL's targets", function()
    local p, z = contrast.randn({ 4, 3 }):requires_grad_(), contrast.randn({ 4, 3 }):requires_grad_()
    ssl.byol(p, z):backward()
    assert(p.grad:abs():sum():item() > 0)
    assert.equal(nil, z.grad)
  end)
end)

describe("momentum encoders", function()
  it("copy, follow, and carry no gradient", function()
    local online = nn.Linear(3, 2)
    local target = ssl.MomentumEncoder(online)
    local before = online:parameters()[1].tensor:clone():detach()
    contrast.no_grad(function() online:parameters()[1].tensor:add_(1) end)
    target:update(0.75)
    local difference = (target:parameters()[1].tensor - before):detach()
    assert.tensor({ { 0.25, 0.25, 0.25 }, { 0.25, 0.25, 0.25 } }, difference, 1e-6)
    assert.equal(false, target(contrast.ones { 1, 3 }).requires_grad)
  end)

  it("follow a schedule to 1", function()
    local decay = ssl.cosine_decay { base = 0.9, steps = 100 }
    assert.near(0.9, decay(1), 1e-9)
    assert.near(0.95, decay(51), 1e-6)
    assert.near(1, decay(101), 1e-9)
  end)
end)

describe("queues", function()
  it("wrap at any batch size without losing rows", function()
    local queue = ssl.FeatureQueue(5, 2)
    local function rows(first, last)
      local list = {}
      for i = first, last do list[#list + 1] = { math.cos(i / 10), math.sin(i / 10) } end
      return contrast.tensor(list)
    end
    queue:enqueue(rows(1, 3))
    queue:enqueue(rows(4, 7))
    local seen = {}
    for _, row in ipairs(queue:negatives():tolist()) do
      seen[#seen + 1] = math.floor(math.atan(row[2], row[1]) * 10 + 0.5)      -- the row's number is its angle
    end
    table.sort(seen)
    assert.same({ 3, 4, 5, 6, 7 }, seen)
  end)
end)

describe("measures", function()
  it("read collapse", function()
    contrast.seed(2)
    local healthy, collapsed = ssl.collapse(contrast.randn { 256, 32 }), ssl.collapse(contrast.ones { 256, 32 })
    assert.near(1, healthy.spread, 0.05)
    assert.near(0, collapsed.spread, 1e-3)
    assert(healthy.rank > 25, healthy.rank)
    assert(collapsed.rank < 1.5, collapsed.rank)
  end)

  it("say which protocol the kNN is", function()
    local test = contrast.data.open("shapes:400", { split = "test" })
    local train = contrast.data.open("shapes:400", { split = "train" })
    local result = ssl.knn("pixels", train, test)
    assert(result.accuracy >= 0 and result.accuracy <= 1)
    assert(tostring(result):find("k = 200"), tostring(result))
  end)
end)
