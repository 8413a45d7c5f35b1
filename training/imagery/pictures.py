"""Do pictures find places that look like them? `python pictures.py PLACES ../../models/imagery.safetensors PICTURES...`.

Fifty pictures of each folder, drawn at random, choose a place of each look by what EfficientNet-Lite0 sees and by their colours. EfficientNet-Lite2,
which had no say, judges: a place's rank is the share of its look's places that are less like the picture; 0.5 is chance.
Colours: the distance of a picture's eight fields to the place's, in steps of CIELAB, beside that of any place.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from safetensors.numpy import load_file

from bank import LOOKS, Bank
from spaces import lab, unit

sys.path.append(str(Path(__file__).parents[1] / "painter"))
from features import Lite0, Lite2  # noqa: E402

COUNT = 50


@torch.no_grad()
def looked_at(files, nets):
    features, others, colours = [], [], []
    for path in files:
        picture = ImageOps.fit(Image.open(path).convert("RGB"), (256, 256))
        light = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
        for net, to in zip(nets, (features, others)):
            small = F.interpolate(light * 2 - 1, size=(net.SIDE,) * 2, mode="bilinear", antialias=True, align_corners=False)
            to.append(net.pooled(small)[0].numpy())
        colours.append(F.adaptive_avg_pool2d(light, (2, 4))[0].flatten(1).T.numpy())
    return np.stack(features), np.stack(others), np.stack(colours)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("places", type=Path)
    parser.add_argument("bank", type=Path)
    parser.add_argument("pictures", type=Path, nargs="+")
    args = parser.parse_args()
    torch.set_num_threads(1)
    nets = Lite0(), Lite2()
    nets[0].SIDE = 224
    bank = Bank(load_file(args.bank))
    print("| pictures | look | rank | nearer than a random place | colours, beside any place's |\n|---|---|---|---|---|")
    for folder in args.pictures:
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".png", ".webp"))
        begun = time.time()
        features, others, colours = looked_at(random.Random(3).sample(files, COUNT), nets)
        each = (time.time() - begun) / COUNT
        for look in LOOKS:
            seen = np.load(args.places / f"{look}.npz")
            at = bank.alike(features, colours, look).argmax(1)
            of_look = seen["other"].astype(np.float32)
            near = unit(others - of_look.mean(0)) @ unit(of_look - of_look.mean(0)).T
            rank = (near < near[np.arange(COUNT), at][:, None]).mean(1)
            far = np.linalg.norm(lab(colours)[:, None] - lab(seen["colours"].astype(np.float32))[None], axis=-1).mean(-1)
            own = far[np.arange(COUNT), at].mean()
            print(f"| {folder.name} | {look} | {rank.mean():.3f} | {100 * (rank > 0.5).mean():.0f} % | {own:.0f}, {far.mean():.0f} |")
        print(f"{folder.name}: {1000 * each:.0f} ms a picture for both eyes", file=sys.stderr)


if __name__ == "__main__":
    main()
