local contrast = require "contrast"

local function random(...) return contrast.randn({ ... }, { dtype = "f64" }) end

describe("gradients", function()
  it("flow through a loss written in Lua", function()
    assert.gradient(function(a, b)
      local s = a:normalize():matmul(b:normalize():t()) / 0.2
      local own = contrast.eye(3, { dtype = "f64" })
      return ((s - own * 1e9):logsumexp(2) - (s * own):sum(2)):softplus():mean()
    end, random(3, 4), random(3, 4))
  end)

  it("flow through indexing, joining and choosing", function()
    assert.gradient(function(a, b)
      local joined = contrast.cat({ a, b * 2 }, { dim = 2 })
      return (joined[{ { 1, 2 }, { 2, 4 } }] ^ 2):sum() + contrast.where(a:gt(0), a, b * a):sum()
    end, random(2, 3), random(2, 3))
  end)

  it("are collected, and forgotten when the step is done", function()
    local x = contrast.tensor({ 1, 2, 3 }):requires_grad_()
    x:square():sum():backward()
    assert.tensor({ 2, 4, 6 }, x.grad)
    x:square():sum():backward()
    assert.tensor({ 4, 8, 12 }, x.grad)
    x.grad = nil
    assert.equal(nil, x.grad)
  end)

  it("do not pass detach and no_grad", function()
    local x = contrast.tensor({ 1, 2 }):requires_grad_()
    assert.equal(false, x:detach().requires_grad)
    assert.equal(false, contrast.no_grad(function() return x * 2 end).requires_grad)
    assert.equal(true, (x * 2).requires_grad)
  end)

  it("refuse a tensor that has changed since", function()
    local x = contrast.ones({ 2 }):requires_grad_()
    local y = x * 2
    local loss = (y * y):sum()
    contrast.no_grad(function() y:add_(1) end)
    local ok, problem = pcall(loss.backward, loss)
    assert.equal(false, ok)
    assert(tostring(problem):find("changed"), problem)
  end)

  it("survive a very long chain", function()
    local x = contrast.ones({ 1 }):requires_grad_()
    local y = x
    for _ = 1, 200000 do y = y + 1 end
    y:backward()
    assert.equal(1, x.grad:item())
  end)
end)
