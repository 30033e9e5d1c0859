"""SimCLR on CIFAR-10 in PyTorch with the settings of scripts/simclr.lua, for comparison.

python simclr_cifar10.py FOLDER [--epochs 5] [--width 16] [--batch 256] [--limit-steps N] [--seed 1]
FOLDER holds train/CLASS/*.jpg and test/CLASS/*.jpg.
"""
import argparse
import glob
import os
import time

import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

try:
    import torchvision
except RuntimeError:  # a torchvision wheel built for another torch lacks its operators; only transforms are needed
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
from torchvision.transforms import v2

from reference import LARS, ResNet18, cosine, nt_xent, projector, weighted_knn


def read_folder(folder):
    classes = sorted(os.listdir(folder))
    images, labels = [], []
    for label, name in enumerate(classes):
        for path in sorted(glob.glob(os.path.join(folder, name, "*.jpg"))):
            images.append(numpy.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1))
            labels.append(label)
    return torch.from_numpy(numpy.stack(images)), torch.tensor(labels)


class TwoViews(Dataset):
    def __init__(self, images):
        self.images = images
        self.view = v2.Compose([
            v2.RandomResizedCrop(32, scale=(0.08, 1), interpolation=v2.InterpolationMode.BICUBIC, antialias=True),
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
            v2.RandomGrayscale(0.2),
            v2.ToDtype(torch.float32, scale=True),
        ])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index]
        return self.view(image), self.view(image)


def limit_threads(_):
    torch.set_num_threads(1)


@torch.no_grad()
def features(encoder, images):
    encoder.eval()
    rows = [encoder(images[i:i + 500].float().div_(255).to(memory_format=torch.channels_last))
            for i in range(0, len(images), 500)]
    encoder.train()
    return torch.cat(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--lr", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit-steps", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)

    train_images, train_labels = read_folder(os.path.join(options.folder, "train"))
    test_images, test_labels = read_folder(os.path.join(options.folder, "test"))
    loader = DataLoader(TwoViews(train_images), options.batch, shuffle=True, drop_last=True,
                        num_workers=options.workers, worker_init_fn=limit_threads, persistent_workers=True)
    encoder = ResNet18(options.width).to(memory_format=torch.channels_last)
    head = projector(encoder.output_size)
    parameters = [p for p in [*encoder.parameters(), *head.parameters()] if p.requires_grad]
    optimizer = LARS(parameters, momentum=0.9, weight_decay=1e-4)
    steps = options.epochs * len(loader)
    step = 0
    for epoch in range(1, options.epochs + 1):
        start, total = time.time(), 0.0
        for first, second in loader:
            step += 1
            views = torch.cat([first, second]).contiguous(memory_format=torch.channels_last)
            z = head(encoder(views))
            loss = nt_xent(z[:len(first)], z[len(first):], 0.5)
            optimizer.zero_grad()
            loss.backward()
            optimizer.param_groups[0]["lr"] = cosine(step, options.lr * options.batch / 256, steps, steps // 10)
            optimizer.step()
            total += float(loss.detach())
            if options.limit_steps and step == 3:
                start = time.time()  # the first steps warm up
            if options.limit_steps and step == options.limit_steps + 3:
                seconds = (time.time() - start) / options.limit_steps
                print(f"{1000 * seconds:.1f} ms per step, {seconds * len(loader) / 60:.2f} minutes per epoch", flush=True)
                return
        minutes = (time.time() - start) / 60
        accuracy = weighted_knn(features(encoder, train_images), train_labels, features(encoder, test_images), test_labels)
        print(f"epoch {epoch}: loss {total / len(loader):.4f}, kNN {100 * accuracy:.2f} %, {minutes:.2f} minutes", flush=True)


if __name__ == "__main__":
    main()
