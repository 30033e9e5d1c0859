-- describe, it, pending, before_each and assertions for the specs, in the manner of busted.
-- Loading a spec only collects its cases; `run_case(i)` runs one of them.
local cases, path, setups = {}, {}, {}

function describe(name, body)
  path[#path + 1], setups[#setups + 1] = name, false
  body()
  path[#path], setups[#setups] = nil, nil
end

function before_each(body) setups[#setups] = body end

local function add(name, body)
  local before = {}
  for _, setup in ipairs(setups) do if setup then before[#before + 1] = setup end end
  local words = table.move(path, 1, #path, 1, {})
  words[#words + 1] = name
  cases[#cases + 1] = { name = table.concat(words, " "), before = before, body = body }
end

function it(name, body) add(name, body) end
function pending(name) add(name, nil) end

function case_names()
  local names = {}
  for i, case in ipairs(cases) do names[i] = (case.body and "" or "pending: ") .. case.name end
  return names
end

function run_case(i)
  for _, setup in ipairs(cases[i].before) do setup() end
  cases[i].body()
end

-- Assertions. Each fails at the line of the spec that called it.
local function fail(message) error(message, 3) end
local function show(value)
  return type(value) == "string" and string.format("%q", value) or tostring(value)
end

assert = setmetatable({}, { __call = function(_, value, message)
  if not value then error(message or "assertion failed", 2) end
  return value
end })

function assert.equal(expected, actual)
  if expected ~= actual then fail("expected " .. show(expected) .. ", got " .. show(actual)) end
end

function assert.near(expected, actual, tolerance)
  if not (math.abs(expected - actual) <= (tolerance or 1e-5)) then
    fail(string.format("expected %.9g within %g, got %.9g", expected, tolerance or 1e-5, actual))
  end
end

local function same(expected, actual, tolerance, where)
  if type(expected) ~= "table" then
    local close = type(expected) == "number" and type(actual) == "number"
      and (math.abs(expected - actual) <= tolerance or expected == actual or (expected ~= expected and actual ~= actual))
    if not close and expected ~= actual then return string.format("%s: expected %s, got %s", where, show(expected), show(actual)) end
    return nil
  end
  if type(actual) ~= "table" then return where .. ": expected a list, got " .. show(actual) end
  if #expected ~= #actual then return string.format("%s: expected %d elements, got %d", where, #expected, #actual) end
  for i = 1, #expected do
    local difference = same(expected[i], actual[i], tolerance, where .. "[" .. i .. "]")
    if difference then return difference end
  end
end

-- Nested lists, number by number.
function assert.same(expected, actual, tolerance)
  local difference = same(expected, actual, tolerance or 0, "value")
  if difference then fail(difference) end
end

-- A tensor against nested lists.
function assert.tensor(expected, actual, tolerance)
  local difference = same(expected, actual:tolist(), tolerance or 1e-5, "tensor")
  if difference then fail(difference) end
end

-- The whole sentence of an error, without the place that Lua puts before it.
function assert.fails_with(sentence, body)
  local ok, problem = pcall(body)
  if ok then fail("no error; expected: " .. sentence) end
  local text = tostring(problem):gsub("^[^\n]-:%d+: ", "", 1)
  if text ~= sentence then fail("expected the error: " .. sentence .. "\n     but it was: " .. text) end
end

-- The gradient of a scalar function of f64 tensors, against central differences.
function assert.gradient(body, ...)
  local contrast = require "contrast"
  local inputs = { ... }
  for _, x in ipairs(inputs) do x:requires_grad_() end
  body(table.unpack(inputs)):backward()
  for k, x in ipairs(inputs) do
    local flat, gradient = x:detach():reshape(-1), x.grad:reshape(-1)
    for i = 1, x:numel() do
      local kept, h = flat[i]:item(), 1e-6
      local function at(value)
        local copy = flat:clone()
        copy[i] = value
        local arguments = table.move(inputs, 1, #inputs, 1, {})
        arguments[k] = copy:reshape(x.shape)
        return contrast.no_grad(function() return body(table.unpack(arguments)):item() end)
      end
      local slope = (at(kept + h) - at(kept - h)) / (2 * h)
      if math.abs(slope - gradient[i]:item()) > 1e-5 * math.max(1, math.abs(slope)) then
        fail(string.format("gradient of input %d, element %d: %.9g, central difference %.9g", k, i, gradient[i]:item(), slope))
      end
    end
  end
end
