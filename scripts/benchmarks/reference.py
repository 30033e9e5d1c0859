"""The PyTorch side of the benchmarks: networks, losses and optimizer with the settings of scripts/simclr.lua.

Needs torch and torchvision (any recent CPU build); imported by step.py and simclr_cifar10.py.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut, as torchvision's."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + shortcut)


class ResNet18(nn.Module):
    """ResNet-18 with the small-image stem (3x3, stride 1, no max-pool) and a width."""

    def __init__(self, width=64):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        blocks, inputs = [], width
        for stage in range(4):
            outputs = width * 2 ** stage
            blocks += [BasicBlock(inputs, outputs, 1 if stage == 0 else 2), BasicBlock(outputs, outputs, 1)]
            inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.output_size = inputs
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.blocks(self.relu(self.bn1(self.conv1(x)))).mean((2, 3))


def projector(size, outputs=128):
    """SimCLR's two-layer head: no biases, a batch norm without beta at the end."""
    last = nn.BatchNorm1d(outputs)
    last.bias.requires_grad = False
    return nn.Sequential(
        nn.Linear(size, size, bias=False), nn.BatchNorm1d(size), nn.ReLU(inplace=True),
        nn.Linear(size, outputs, bias=False), last)


def nt_xent(first, second, temperature):
    z = F.normalize(torch.cat([first, second]), dim=1)
    n = first.shape[0]
    logits = z @ z.T / temperature
    logits.fill_diagonal_(float("-inf"))
    labels = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(logits, labels)


class LARS(torch.optim.Optimizer):
    """Variant of BYOL and Barlow Twins: trust-scaled gradients, then heavy-ball momentum, lr outside the buffer."""

    def __init__(self, parameters, lr=0.0, momentum=0.9, weight_decay=0.0, trust=0.001):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay, trust=trust))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = p.grad
                if p.ndim > 1:
                    g = g + group["weight_decay"] * p
                    weight_norm, gradient_norm = p.norm(), g.norm()
                    if weight_norm > 0 and gradient_norm > 0:
                        g = g * (group["trust"] * weight_norm / gradient_norm)
                velocity = self.state[p].setdefault("velocity", torch.zeros_like(p))
                velocity.mul_(group["momentum"]).add_(g)
                p.add_(velocity, alpha=-group["lr"])


def cosine(step, base, steps, warmup):
    """Linear warm-up, then cosine to zero; step counts from 1."""
    if step <= warmup:
        return base * step / max(warmup, 1)
    return base * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(steps - warmup, 1)))


@torch.no_grad()
def weighted_knn(train_features, train_labels, test_features, test_labels, k=200, temperature=0.1):
    train_features, test_features = F.normalize(train_features), F.normalize(test_features)
    classes = int(train_labels.max()) + 1
    correct = 0
    for start in range(0, len(test_features), 500):
        similarity = test_features[start:start + 500] @ train_features.T
        value, index = similarity.topk(k)
        votes = torch.zeros(len(value), classes).scatter_add_(1, train_labels[index], (value / temperature).exp())
        correct += int((votes.argmax(1) == test_labels[start:start + 500]).sum())
    return correct / len(test_features)
