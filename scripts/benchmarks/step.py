"""One SimCLR training step in PyTorch: ResNet-18 (small stem), 128 views of 32x32, float32.

python step.py [eager|compile] [--views 128] [--width 64] [--steps 10]
Prints the best and the median milliseconds per step and the process's peak memory.
"""
import argparse
import resource
import statistics
import time

import torch

from reference import LARS, ResNet18, nt_xent, projector


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", nargs="?", default="eager", choices=["eager", "compile"])
    parser.add_argument("--views", type=int, default=128)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)

    network = ResNet18(options.width)
    network = torch.nn.Sequential(network, projector(network.output_size)).to(memory_format=torch.channels_last)
    optimizer = LARS([p for p in network.parameters() if p.requires_grad], lr=0.1, weight_decay=1e-4)
    views = torch.rand(options.views, 3, 32, 32).contiguous(memory_format=torch.channels_last)

    def forward(x):
        first, second = network(x).chunk(2)
        return nt_xent(first, second, 0.5)

    if options.mode == "compile":
        forward = torch.compile(forward)
    times = []
    for step in range(options.steps + 3):
        start = time.perf_counter()
        loss = forward(views)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        times.append(time.perf_counter() - start)
    times = times[3:]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"PyTorch {torch.__version__} {options.mode}: best {1000 * min(times):.0f} ms, "
          f"median {1000 * statistics.median(times):.0f} ms, peak {peak:.0f} MB, loss {loss.item():.4f}")


if __name__ == "__main__":
    main()
