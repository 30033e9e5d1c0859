"""Expected values for Tests/NetworkTests, from PyTorch and torchvision, computed in float64 and stored as float32.

Run: python Tests/Golden/generate_networks.py   (needs torch, torchvision, safetensors, numpy)

Inputs, parameters and gradients that both sides need are not stored but made by the same integer hash on both sides
(`hashed` here and in Tests/NetworkTests/Hashed.swift). The loss of a layer is sum(output * hashed(output's size)).
"""
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

try:  # A torchvision built for another torch lacks its compiled operators; its models do without them.
    import torchvision
except RuntimeError:
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
from torchvision.models import resnet as tv

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
nn = torch.nn


def hashed(shape, salt, low=-1.0, high=1.0):
    """Numbers in [low, high) that depend on position and salt only: the splitmix64 finaliser."""
    count = int(np.prod(shape)) if len(shape) else 1
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt) * np.uint64(0xD1342543DE82EF95)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(40)).astype(np.float64) / 2.0**24
    values = (low + (high - low) * unit).astype(np.float32).astype(np.float64)
    return torch.from_numpy(values.reshape(shape))


def fill(module):
    """Gives every tensor of the state dictionary hashed values; the salt is its position."""
    for salt, (name, tensor) in enumerate(module.state_dict().items()):
        shape, last = tuple(tensor.shape), name.rsplit(".", 1)[-1]
        with torch.no_grad():
            if last == "num_batches_tracked":
                tensor.zero_()
            elif last == "running_var":
                tensor.copy_(hashed(shape, salt, 0.5, 1.5))
            elif last == "weight" and len(shape) > 1:
                bound = (3.0 / np.prod(shape[1:])) ** 0.5
                tensor.copy_(hashed(shape, salt) * float(np.float32(bound)))
                tensor.copy_(tensor.float().double())
            elif last == "weight":
                tensor.copy_(hashed(shape, salt, 0.75, 1.25))
            else:
                tensor.copy_(hashed(shape, salt, -0.25, 0.25))
    return module


def record(out, case, module, shape, gradients=True, salt=1000):
    """One forward and backward pass: output, input gradient, and every parameter's gradient."""
    module.zero_grad()
    x = hashed(shape, salt).requires_grad_(True)
    y = module(x)
    (y * hashed(tuple(y.shape), salt + 1)).sum().backward()
    out[f"{case}/output"] = y.detach()
    out[f"{case}/input_gradient"] = x.grad
    if gradients:
        for name, parameter in module.named_parameters():
            out[f"{case}/gradient/{name}"] = parameter.grad.clone()


def save(name, tensors):
    arrays = {key: np.array(value.detach().numpy(), dtype=np.float32, order="C") for key, value in tensors.items()}
    save_file(arrays, HERE / name)
    print(name, (HERE / name).stat().st_size, "bytes,", len(arrays), "tensors")


def layers():
    out = {}
    record(out, "linear", fill(nn.Linear(5, 3)), (4, 5))
    record(out, "linear_plain", fill(nn.Linear(5, 3, bias=False)), (4, 5))
    record(out, "linear_3d", fill(nn.Linear(5, 3)), (2, 3, 5))
    record(out, "conv_same", fill(nn.Conv2d(3, 4, 3, padding=1)), (2, 3, 7, 6))
    record(out, "conv_stride", fill(nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)), (2, 3, 7, 8))
    record(out, "conv_dilated", fill(nn.Conv2d(2, 3, 3, padding=2, dilation=2)), (2, 2, 7, 7))
    record(out, "conv_groups", fill(nn.Conv2d(4, 6, 3, padding=1, groups=2)), (2, 4, 5, 5))
    record(out, "conv_depthwise", fill(nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False)), (2, 4, 5, 5))
    record(out, "conv_1x1_stride", fill(nn.Conv2d(3, 5, 1, stride=2, bias=False)), (2, 3, 7, 7))
    record(out, "conv_7x7", fill(nn.Conv2d(3, 4, 7, stride=2, padding=3, bias=False)), (2, 3, 14, 14))
    record(out, "relu", nn.ReLU(), (3, 5))
    record(out, "tanh", nn.Tanh(), (3, 5))
    record(out, "sigmoid", nn.Sigmoid(), (3, 5))
    record(out, "max_pool", nn.MaxPool2d(3, stride=2, padding=1), (2, 3, 7, 8))
    record(out, "max_pool_2", nn.MaxPool2d(2), (2, 3, 7, 8))
    record(out, "avg_pool", nn.AvgPool2d(3, stride=2, padding=1), (2, 3, 7, 8))
    record(out, "avg_pool_2", nn.AvgPool2d(2), (2, 3, 7, 8))
    record(out, "global_pool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), (2, 3, 4, 5))
    record(out, "flatten", nn.Flatten(), (2, 3, 2, 2))
    record(out, "projector", fill(nn.Sequential(
        nn.Linear(5, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))), (6, 5))

    # Batch normalisation: three training steps with running statistics after each, then evaluation.
    for case, norm, shape in [
        ("norm_1d", fill(nn.BatchNorm1d(4)), (5, 4)),
        ("norm_2d", fill(nn.BatchNorm2d(3, momentum=0.3, eps=1e-3)), (2, 3, 4, 5)),
        ("norm_plain", fill(nn.BatchNorm1d(4, affine=False)), (5, 4)),
    ]:
        for step in range(3):
            record(out, f"{case}/{step}", norm, shape, salt=1000 + 10 * step)
            for name, tensor in norm.named_buffers():
                out[f"{case}/{step}/{name}"] = tensor.clone()
        record(out, f"{case}/eval", norm.eval(), shape)

    # With gamma and no beta: PyTorch has no such layer, so beta is a buffer of zeros here.
    norm = fill(nn.BatchNorm1d(4))
    with torch.no_grad():
        norm.bias.zero_()
    norm.bias.requires_grad_(False)
    module = nn.Module()
    x = hashed((5, 4), 1000).requires_grad_(True)
    y = norm(x)
    (y * hashed((5, 4), 1001)).sum().backward()
    out["norm_gamma/output"], out["norm_gamma/input_gradient"] = y, x.grad
    out["norm_gamma/gradient/weight"] = norm.weight.grad

    def shortcut(inputs, outputs, stride):
        return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    for case, block, shape in [
        ("basic", tv.BasicBlock(4, 4), (3, 4, 5, 5)),
        ("basic_down", tv.BasicBlock(4, 6, 2, shortcut(4, 6, 2)), (3, 4, 6, 6)),
        ("bottleneck", tv.Bottleneck(8, 2), (3, 8, 5, 5)),
        ("bottleneck_down", tv.Bottleneck(4, 2, 2, shortcut(4, 8, 2)), (3, 4, 6, 6)),
    ]:
        record(out, f"{case}/train", fill(block).train(), shape)
        record(out, f"{case}/eval", fill(block).eval(), shape)
    save("networks_layers.safetensors", out)


SHAPES = {"weight": (4, 3), "bias": (4,), "kernel": (2, 3, 2, 2)}
RATES = [0.1, 0.2, 0.05, 0.3, 0.1]


def trajectory(out, case, make):
    """Five steps with changing rates; the bias has no gradient in the third."""
    parameters = {name: nn.Parameter(hashed(shape, salt)) for salt, (name, shape) in enumerate(SHAPES.items())}
    optimizer = make(parameters)
    for step, rate in enumerate(RATES):
        for salt, (name, parameter) in enumerate(parameters.items()):
            missing = step == 2 and name == "bias"
            parameter.grad = None if missing else hashed(tuple(parameter.shape), 100 * (step + 1) + salt)
        if callable(optimizer):
            optimizer(rate)
        else:
            for group in optimizer.param_groups:
                group["lr"] = rate * group.get("scale", 1.0)
            optimizer.step()
        for name, parameter in parameters.items():
            out[f"{case}/{step}/{name}"] = parameter.detach().clone()


def lars(parameters, momentum, decay, trust_coefficient, classic, adapts_vectors=False):
    velocities = {}

    @torch.no_grad()
    def step(rate):
        for name, w in parameters.items():
            if w.grad is None:
                continue
            g, trust = w.grad, 1.0
            if w.ndim > 1 or adapts_vectors:
                g = g + decay * w
                if w.norm() > 0 and g.norm() > 0:
                    trust = trust_coefficient * w.norm() / g.norm()
            scale = trust * rate if classic else trust
            velocities[name] = momentum * velocities.get(name, 0) + scale * g
            w -= velocities[name] if classic else rate * velocities[name]

    return step


def optimizers():
    out, every = {}, lambda p: list(p.values())
    sgd, adamw = torch.optim.SGD, torch.optim.AdamW
    trajectory(out, "sgd", lambda p: sgd(every(p), lr=1))
    trajectory(out, "sgd_decay", lambda p: sgd(every(p), lr=1, weight_decay=0.05))
    trajectory(out, "sgd_momentum", lambda p: sgd(every(p), lr=1, momentum=0.9))
    trajectory(out, "sgd_dampening", lambda p: sgd(every(p), lr=1, momentum=0.9, dampening=0.3, weight_decay=0.05))
    trajectory(out, "sgd_nesterov", lambda p: sgd(every(p), lr=1, momentum=0.9, nesterov=True, weight_decay=0.05))
    trajectory(out, "sgd_groups", lambda p: sgd([
        {"params": [p["weight"], p["kernel"]], "weight_decay": 0.05},
        {"params": [p["bias"]], "weight_decay": 0, "scale": 0.5}], lr=1, momentum=0.9))
    trajectory(out, "adamw", lambda p: adamw(every(p), lr=1))
    trajectory(out, "adamw_other", lambda p: adamw(every(p), lr=1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2))
    trajectory(out, "lars", lambda p: lars(p, 0.9, 0.05, 0.02, classic=False))
    trajectory(out, "lars_classic", lambda p: lars(p, 0.9, 0.05, 0.02, classic=True))
    trajectory(out, "lars_vectors", lambda p: lars(p, 0.9, 0.05, 0.02, classic=False, adapts_vectors=True))
    save("networks_optimizers.safetensors", out)


class NarrowResNet(tv.ResNet):
    """torchvision's network with `width` channels in the first stage and, where small, the CIFAR stem."""

    def __init__(self, block, counts, width, small, classes=None):
        nn.Module.__init__(self)
        self._norm_layer, self.groups, self.base_width, self.dilation = nn.BatchNorm2d, 1, 64, 1
        self.inplanes = width
        self.conv1 = (nn.Conv2d(3, width, 3, padding=1, bias=False) if small
                      else nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False))
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.maxpool = nn.Identity() if small else nn.MaxPool2d(3, stride=2, padding=1)
        for stage, count in enumerate(counts):
            layer = self._make_layer(block, width << stage, count, stride=1 if stage == 0 else 2)
            setattr(self, f"layer{stage + 1}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(self.inplanes, classes) if classes else nn.Identity()


def resnets():
    for case, small, shape in [("small", True, (4, 3, 16, 16)), ("imagenet", False, (4, 3, 32, 32))]:
        out = {}
        model = fill(NarrowResNet(tv.BasicBlock, [2, 2, 2, 2], 4, small, classes=None if small else 5))
        record(out, "eval", model.eval(), shape, gradients=False)
        record(out, "train", model.train(), shape)
        for name, tensor in model.named_buffers():
            if name in ("bn1.running_mean", "bn1.running_var", "layer4.1.bn2.running_mean", "layer4.1.bn2.running_var"):
                out[f"train/{name}"] = tensor.clone()
        save(f"networks_resnet18_{case}.safetensors", out)
    out = {}
    model = fill(NarrowResNet(tv.Bottleneck, [3, 4, 6, 3], 4, True))
    record(out, "eval", model.eval(), (4, 3, 16, 16), gradients=False)
    record(out, "train", model.train(), (4, 3, 16, 16), gradients=False)
    save("networks_resnet50.safetensors", out)


def state_names():
    lines = []
    for name in ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]:
        with torch.device("meta"):
            model = getattr(tv, name)()
        for key, tensor in model.state_dict().items():
            lines.append(f"{name} {key} {','.join(map(str, tensor.shape))}".rstrip())
    (HERE / "networks_state.txt").write_text("\n".join(lines) + "\n")
    print("networks_state.txt", len(lines), "lines")


if __name__ == "__main__":
    layers()
    optimizers()
    resnets()
    state_names()
