"""Writes self_supervision.safetensors: losses, gradients and readings of Tests/SelfSupervisionTests, by PyTorch.

Run with a Python that has torch and safetensors: python generate_self_supervision.py
"""

import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(0)
tensors = {}


def draw(name, *shape):
    """A leaf in double, stored under its name."""
    value = torch.randn(*shape, dtype=torch.float64)
    tensors[name] = value.clone()
    return value.requires_grad_()


def keep(name, loss, **leaves):
    """The loss and its gradients: NAME, NAME.grad.LEAF."""
    tensors[name] = loss.detach().clone()
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    for leaf, gradient in zip(leaves, gradients):
        tensors[f"{name}.grad.{leaf}"] = gradient.clone()


def unit(x):
    return F.normalize(x, dim=1)


first, second, negatives = draw("first", 6, 8), draw("second", 6, 8), draw("negatives", 10, 8)

# MoCo: logits [q·k⁺ | q·negatives] / τ, label 0.
logits = torch.cat([(unit(first) * unit(second)).sum(1, keepdim=True), unit(first) @ unit(negatives).T], 1) / 0.07
keep("info_nce.queue", F.cross_entropy(logits, torch.zeros(6, dtype=torch.long)), first=first, second=second,
     negatives=negatives)

# In-batch: the diagonal is right.
logits = unit(first) @ unit(second).T / 0.2
keep("info_nce.batch", F.cross_entropy(logits, torch.arange(6)), first=first, second=second)

# SimCLR's code, divided by 2: mean over N of either half, added.
a, b, mask = unit(first), unit(second), torch.eye(6, dtype=torch.float64) * 1e9
aa, bb, ab, ba = a @ a.T / 0.5 - mask, b @ b.T / 0.5 - mask, a @ b.T / 0.5, b @ a.T / 0.5
labels = torch.arange(6)
simclr = F.cross_entropy(torch.cat([ab, aa], 1), labels) + F.cross_entropy(torch.cat([ba, bb], 1), labels)
keep("nt_xent", simclr / 2, first=first, second=second)

keep("byol", (unit(first) - unit(second).detach()).square().sum(1).mean(), first=first)
keep("simsiam", -F.cosine_similarity(first, second.detach()).mean(), first=first)

# Weighted kNN as InstDisc's test.py: votes exp(s / σ) of the k nearest, for several k.
train, test = torch.randn(60, 4, dtype=torch.float64), torch.randn(25, 4, dtype=torch.float64)
train_labels, test_labels = torch.randint(0, 5, (60,)), torch.randint(0, 5, (25,))
tensors |= {"knn.train": train, "knn.test": test, "knn.train_labels": train_labels, "knn.test_labels": test_labels}
for k in (1, 7, 60):
    similarity, index = (unit(test) @ unit(train).T).topk(k)
    votes = torch.zeros(25, 5, dtype=torch.float64).scatter_add(1, train_labels[index], (similarity / 0.1).exp())
    tensors[f"knn.accuracy.{k}"] = (votes.argmax(1) == test_labels).double().mean()

# Spread and effective rank of outputs that fill few directions, for more rows than features and fewer.
for name, rows, columns in (("tall", 40, 12), ("wide", 9, 30)):
    outputs = torch.randn(rows, 4, dtype=torch.float64) @ torch.randn(4, columns, dtype=torch.float64)
    outputs = outputs + 0.1 * torch.randn(rows, columns, dtype=torch.float64) + 0.5
    values = torch.linalg.svdvals(unit(outputs))
    share = values / values.sum()
    tensors |= {
        f"collapse.{name}": outputs,
        f"collapse.{name}.spread": unit(outputs).std(0).mean() * math.sqrt(columns),
        f"collapse.{name}.rank": torch.exp(-(share * share.log()).sum()),
    }

matrix = torch.randn(17, 17, dtype=torch.float64)
tensors["eigen.matrix"] = matrix + matrix.T
tensors["eigen.values"] = torch.linalg.eigvalsh(matrix + matrix.T)

path = pathlib.Path(__file__).with_name("self_supervision.safetensors")
save_file({name: value.contiguous() for name, value in tensors.items()}, path,
          metadata={"generator": "generate_self_supervision.py", "torch": torch.__version__})
