"""Makes tensors.safetensors: inputs, outputs and gradients of tensor operations as PyTorch computes them, in float64.

Run:  python generate_tensors.py        (needs torch and safetensors)
Each case NAME has NAME/input1, NAME/input2, …, NAME/output, NAME/weights (what flows into backward) and NAME/gradient1, ….
Inputs are multiples of 1/256, so float32 holds them exactly and one file serves both types.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(0)
tensors = {}


def numbers(*shape, scale=1.0, offset=0.0):
    values = torch.randn(shape, dtype=torch.float64) * scale + offset
    return (values * 256).round() / 256


def case(name, function, *inputs):
    inputs = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
    output = function(*inputs)
    for number, x in enumerate(inputs, 1):
        tensors[f"{name}/input{number}"] = x.detach().contiguous().clone()
    tensors[f"{name}/output"] = output.detach().contiguous().clone()
    if output.requires_grad:
        weights = numbers(*output.shape)
        output.backward(weights)
        tensors[f"{name}/weights"] = weights
        for number, x in enumerate(inputs, 1):
            if x.grad is not None:
                tensors[f"{name}/gradient{number}"] = x.grad.contiguous().clone()


positive = dict(scale=0.25, offset=2.0)

# Arithmetic with broadcasting.
case("add", lambda a, b: a + b, numbers(2, 1, 3), numbers(4, 1))
case("sub", lambda a, b: a - b, numbers(3, 4), numbers(4))
case("mul", lambda a, b: a * b, numbers(3, 4), numbers(3, 1))
case("div", lambda a, b: a / b, numbers(3, 4), numbers(4, **positive))
case("mod", lambda a, b: a % b, numbers(3, 4, scale=4), numbers(4, **positive))
case("mod negative", lambda a, b: a % b, numbers(3, 4, scale=4), -numbers(4, **positive))
case("pow", lambda a, b: a**b, numbers(3, 4, **positive), numbers(4))
case("pow of zero", lambda a, b: a**b, torch.tensor([0.0, 0.0, 2.0]).double(), torch.tensor([0.0, 2.0, 0.0]).double())
case("minimum", torch.minimum, torch.tensor([1.0, 2.0, 3.0]).double(), torch.tensor([1.0, 3.0, 2.0]).double())
case("maximum", torch.maximum, torch.tensor([1.0, 2.0, 3.0]).double(), torch.tensor([1.0, 3.0, 2.0]).double())

# Functions of each element, at ordinary values and at the edges.
wide = torch.cat([numbers(12, scale=3), torch.tensor([0.0, -0.0, 20.0, -20.0, 80.0, -80.0]).double()])
for name in ["exp", "tanh", "sigmoid", "sin", "cos", "erf", "relu", "square", "abs", "sign", "floor", "ceil", "round"]:
    case(name, getattr(torch, name), wide)
case("softplus", lambda x: F.softplus(x, threshold=1e9), wide.clamp(-40, 40))
case("clamp", lambda x: x.clamp(-1, 2), wide)
case("exp gone over", torch.exp, torch.tensor([800.0, -800.0, float("inf"), float("-inf"), float("nan")]).double())
for name in ["log", "sqrt", "rsqrt", "reciprocal", "log1p"]:
    case(name, getattr(torch, name), numbers(3, 4, **positive))
case("log at the edges", torch.log, torch.tensor([0.0, -1.0, float("inf")]).double())
case("pow number", lambda x: x**2.5, numbers(3, 4, **positive))

# Reductions.
for name in ["sum", "mean", "var", "std", "amax", "amin", "logsumexp"]:
    function = getattr(torch, name)
    case(f"{name} over the first", lambda x: function(x, 0), numbers(4, 3, 5))
    case(f"{name} over the middle, kept", lambda x: function(x, 1, keepdim=True), numbers(4, 3, 5))
    case(f"{name} over the last", lambda x: function(x, 2), numbers(4, 3, 5))
for name in ["sum", "mean", "var", "std", "amax"]:
    function = getattr(torch, name)
    case(f"{name} over two", lambda x: function(x, (0, 2)), numbers(4, 3, 5))
case("amax with equals", lambda x: torch.amax(x, 1), torch.tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]).double())
case("var biased", lambda x: x.var(1, unbiased=False), numbers(4, 3, 5))
case("norm", lambda x: x.norm(dim=1), numbers(4, 3))
case("norm of zero", lambda x: x.norm(dim=1), torch.tensor([[0.0, 0.0], [3.0, 4.0]]).double())
case("normalize", lambda x: F.normalize(x, dim=1), numbers(4, 3))
case("normalize zero", lambda x: F.normalize(x, dim=1), torch.tensor([[0.0, 0.0], [3.0, 4.0]]).double())
case("softmax", lambda x: x.softmax(-1), numbers(4, 7, scale=5))
case("softmax over the first", lambda x: x.softmax(0), numbers(4, 7, 2, scale=5))
case("log_softmax", lambda x: x.log_softmax(-1), numbers(4, 7, scale=50))
case("cosine_similarity", lambda a, b: F.cosine_similarity(a, b, dim=1), numbers(4, 3), numbers(4, 3))
case("cdist", torch.cdist, numbers(3, 4), numbers(5, 4))
same = numbers(3, 4)
case("cdist of the same", torch.cdist, same, same)
case("cdist of many", torch.cdist, numbers(30, 4), numbers(3, 4))
case("cumsum", lambda x: x.cumsum(1), numbers(2, 5, 2))
case("argmax", lambda x: x.argmax(1), numbers(4, 7))
case("argmin", lambda x: x.argmin(0), numbers(4, 7))
case("topk", lambda x: x.topk(3, dim=-1)[0], numbers(4, 7))
case("topk positions", lambda x: x.topk(3, dim=-1)[1], numbers(4, 7))

# Shapes and indices.
case("reshape of permuted", lambda x: x.permute(2, 0, 1).reshape(4, 6), numbers(2, 3, 4))
case("expand", lambda x: x.expand(4, 2, 5, 3), numbers(2, 1, 3))
case("slice with steps", lambda x: x[1:5:2, :, -3:-1], numbers(6, 2, 4))
case("cat", lambda a, b: torch.cat([a, b], 1), numbers(2, 3), numbers(2, 1))
case("stack", lambda a, b: torch.stack([a, b], -1), numbers(2, 3), numbers(2, 3))
case("flip", lambda x: x.flip(1), numbers(2, 3))
case("tril", lambda x: x.tril(-1), numbers(3, 4))
case("triu", lambda x: x.triu(1), numbers(2, 3, 4))
case("index_select", lambda x, i: x.index_select(0, i), numbers(4, 3), torch.tensor([3, 0, 0, 2, 3]))
case("gather", lambda x, i: x.gather(1, i), numbers(2, 3), torch.tensor([[2, 0, 0, 1], [1, 1, 1, 1]]))
case("where", lambda c, a, b: torch.where(c, a, b), torch.tensor([[True], [False]]), numbers(2, 3), numbers(3))
case("masked_select", lambda x, m: x[m], numbers(2, 3), torch.tensor([[True, False, True], [False, True, False]]))

# Products.
case("matmul", torch.matmul, numbers(4, 5), numbers(5, 3))
case("matmul of vectors", torch.matmul, numbers(5), numbers(5))
case("matmul broadcast", torch.matmul, numbers(2, 1, 4, 5), numbers(3, 5, 3))
case("matmul by a vector", torch.matmul, numbers(2, 4, 5), numbers(5))
case("linear", F.linear, numbers(4, 5), numbers(3, 5), numbers(3))
case("linear in batches", F.linear, numbers(2, 4, 5), numbers(3, 5), numbers(3))

# Images.
case("conv2d 3x3", lambda x, w, b: F.conv2d(x, w, b, padding=1), numbers(2, 3, 6, 5), numbers(4, 3, 3, 3), numbers(4))
case("conv2d 3x3 strided", lambda x, w: F.conv2d(x, w, stride=2, padding=1), numbers(2, 3, 7, 8), numbers(4, 3, 3, 3))
case("conv2d 1x1", F.conv2d, numbers(2, 3, 4, 4), numbers(5, 3, 1, 1))
case("conv2d 1x1 strided", lambda x, w: F.conv2d(x, w, stride=2), numbers(2, 3, 5, 4), numbers(5, 3, 1, 1))
case("conv2d 7x7", lambda x, w: F.conv2d(x, w, stride=2, padding=3), numbers(1, 3, 9, 9), numbers(2, 3, 7, 7))
case("conv2d dilated", lambda x, w: F.conv2d(x, w, dilation=2, padding=(2, 1)), numbers(1, 2, 7, 6), numbers(3, 2, 3, 2))
case("conv2d in groups", lambda x, w, b: F.conv2d(x, w, b, groups=2), numbers(2, 4, 4, 4), numbers(6, 2, 3, 3), numbers(6))
case("conv2d depthwise", lambda x, w: F.conv2d(x, w, groups=4, padding=1), numbers(2, 4, 4, 5), numbers(4, 1, 3, 3))
case("max_pool2d", lambda x: F.max_pool2d(x, 3, 2, 1), numbers(2, 3, 7, 6))
case("max_pool2d 2x2", lambda x: F.max_pool2d(x, 2), numbers(2, 3, 6, 6))
case("avg_pool2d", lambda x: F.avg_pool2d(x, 3, 2, 1), numbers(2, 3, 7, 6))
case("global_avg_pool", lambda x: F.adaptive_avg_pool2d(x, 1), numbers(2, 3, 4, 5))


def batch_norm(x, w, b):
    return F.batch_norm(x, None, None, w, b, training=True)


def batch_norm_fixed(x, w, b):
    mean, variance = torch.tensor([0.5, -0.25, 0.0]).double(), torch.tensor([0.5, 1.0, 4.0]).double()
    return F.batch_norm(x, mean, variance, w, b)


case("batch_norm", batch_norm, numbers(4, 3, 3, 2), numbers(3), numbers(3))
case("batch_norm of rows", batch_norm, numbers(6, 3), numbers(3), numbers(3))
case("batch_norm far from 0", batch_norm, numbers(4, 3, 3, 2, offset=100), numbers(3), numbers(3))
case("batch_norm fixed", batch_norm_fixed, numbers(4, 3, 3, 2), numbers(3), numbers(3))
case("batch_norm, residual, relu", lambda x, w, b, r: F.relu(batch_norm(x, w, b) + r),
     numbers(4, 3, 3, 2), numbers(3), numbers(3), numbers(4, 3, 3, 2))

# Losses.
labels = torch.tensor([2, 0, 6, 1])
case("cross_entropy", F.cross_entropy, numbers(4, 7, scale=4), labels)
case("cross_entropy smoothed", lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1), numbers(4, 7, scale=4), labels)
case("cross_entropy far", F.cross_entropy, numbers(4, 7, scale=400), labels)
case("nll_loss", F.nll_loss, numbers(4, 7), labels)

path = pathlib.Path(__file__).with_name("tensors.safetensors")
save_file(tensors, path, metadata={"made by": path.with_name("generate_tensors.py").name, "torch": torch.__version__})
print(len(tensors), "tensors,", path.stat().st_size, "bytes")
