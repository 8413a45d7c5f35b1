"""Paint places of every look, and note what image networks see there.

    python see.py ../../models/looks.safetensors PLACES --count 320

writes `PLACES/LOOK.npz`, for `count` places: `z` [N, 128] and `mood` [N, 2], drawn at random; `first` and `second` [N, 1000], the logits of
EfficientNet-Lite0 and -Lite2 for ImageNet's classes; `feature` and `other` [N, 1280], what these are made of; `colours` [N, 8, 3],
the mean colours (0 to 1) of a grid of 4 x 2 fields; `small` [N, 64, 64, 3], the picture in bytes. Lite0 describes places,
Lite2 judges the choice (`measure.py`). Looks that are written already are left alone.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[1] / "painter"))
from export import load_family, load_generator  # noqa: E402
from features import Lite0, Lite2  # noqa: E402
from network import Z_DIM  # noqa: E402

BATCH = 16


def looked_at(net, pictures):
    """What a network is told of pictures: its pooled features, and the logits of its classes."""
    small = F.interpolate(pictures, size=(net.SIDE,) * 2, mode="bilinear", antialias=True, align_corners=False)
    feature = net.pooled(small)
    return feature, net.net._fc(feature)


@torch.no_grad()
def see(paint, count, random, nets):
    seen = {}
    for begin in range(0, count, BATCH):
        n = min(BATCH, count - begin)
        z = torch.randn(n, Z_DIM, generator=random)
        mood = torch.rand(n, 2, generator=random) * 2 - 1
        pictures = paint(z, mood, torch.ones(n)).clamp(-1, 1)
        light = (pictures + 1) / 2
        (feature, first), (other, second) = (looked_at(net, pictures) for net in nets)
        small = F.interpolate(light, size=(64, 64), mode="area").mul(255).round().byte().permute(0, 2, 3, 1)
        colours = F.adaptive_avg_pool2d(light, (2, 4)).flatten(2).transpose(1, 2)
        told = dict(
            z=z, mood=mood, feature=feature, first=first, other=other, second=second, colours=colours, small=small
        )
        for name, value in told.items():
            seen.setdefault(name, []).append(value.half() if value.is_floating_point() else value)
        print(f"\r{begin + n}/{count}", end="", flush=True)
    print()
    return {name: torch.cat(parts).numpy() for name, parts in seen.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="a family of looks")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=320, help="places a look")
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    nets = Lite0(), Lite2()
    nets[0].SIDE = 224
    for number, look in enumerate(load_family(args.model)[1]):
        path = args.out / f"{look}.npz"
        if path.exists():
            continue
        print(look)
        random = torch.Generator().manual_seed(args.seed + number)
        seen = see(load_generator(args.model, look), args.count, random, nets)
        with open(path.with_suffix(".part"), "wb") as file:
            np.savez_compressed(file, **seen)
        path.with_suffix(".part").rename(path)


if __name__ == "__main__":
    main()
