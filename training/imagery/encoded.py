"""Do pictures find places that look like them in their own moods? `python encoded.py PROGRAM PLACES BANK MOODS.csv PICTURES...`.

PROGRAM is `examples/places`, MOODS.csv what `synopsia mood -o` wrote of the same pictures, of which fifty of each folder count, as in
`pictures.py`. Each is painted in its own mood at the nearest known place, where the encoder leads, half way between both, and at the
best of these and seven more known places by what EfficientNet-Lite0 sees; EfficientNet-Lite2 judges. Colours in steps of CIELAB.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file

from bank import LOOKS, Bank
from encoder import Encoder
from pictures import COUNT, looked_at
from samples import Eye, Painter
from spaces import lab, unit
from features import Lite0, Lite2

TRIED = 8
COLOUR = 0.8  # as in the program
WAYS = "nearest", "encoder", "between", "best of ten"


class Studio:
    """Paints places in a picture's mood and says how each way does."""

    def __init__(self, program, bank):
        self.painter, self.eye, self.judge = Painter(program), Eye(), Lite2()
        self.bank, self.encoder = Bank(bank), Encoder(bank)

    @torch.no_grad()
    def ways(self, look, feature, colours, mood):
        """What the judge sees of each way [4, 1280], and how far its colours are [4]."""
        bank = self.bank.tensors
        known = unit(bank[f"z.{look}"].astype(np.float32))[np.argsort(-self.bank.alike(feature[None], colours[None], look)[0])[:TRIED]]
        own = lab(colours) / 100
        encoded = self.encoder.directions(look, feature[None], own.reshape(1, -1), mood[None])[0]
        places = np.concatenate([known[:1], [encoded, unit(encoded + known[0])], known[1:]])
        painted = list(self.painter.paint(look, places, np.repeat(mood[None], len(places), 0)))
        features, fields = map(np.stack, zip(*map(self.eye.look, painted)))
        far = ((lab(fields) / 100 - own) ** 2).sum(-1)
        beside = self.encoder.beside(look, feature[None])[0]
        best = (unit(self.encoder.beside(look, features)) @ unit(beside) - COLOUR * far.mean(-1)).argmax()
        order = [0, 1, 2, best]
        seen = {k: self.judge.describe(painted[k])[0].numpy() for k in set(order)}
        return np.stack([seen[k] for k in order]), 100 * np.sqrt(far).mean(-1)[order]


def ranks(painted, pictures, known):
    """The share of known places that are less like each picture, and of other pictures that are less like what was painted for it."""
    middle = known.mean(0)
    painted, pictures, known = (unit(x - middle) for x in (painted, pictures, known))
    own = (painted * pictures).sum(1)
    return (pictures @ known.T < own[:, None]).mean(1), (pictures @ painted.T < own).sum(0) / (len(own) - 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("places", type=Path)
    parser.add_argument("bank", type=Path)
    parser.add_argument("moods", type=Path)
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=COUNT, help="of each folder")
    args = parser.parse_args()
    torch.set_num_threads(1)
    with open(args.moods, newline="") as file:
        moods = {row["picture"]: (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(file)}
    studio = Studio(args.program, load_file(args.bank))
    nets = Lite0(), Lite2()
    nets[0].SIDE = 224
    known = {look: np.load(args.places / f"{look}.npz")["other"].astype(np.float32) for look in LOOKS}
    print("| pictures | way | rank | told apart | colours | " + " | ".join(LOOKS) + " |\n" + "|---" * (5 + len(LOOKS)) + "|")
    for folder in args.pictures:
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".png", ".webp"))
        files = random.Random(3).sample(files, COUNT)[: args.count]
        features, others, colours = looked_at(files, nets)
        mood = np.array([moods[str(path)] for path in files])
        told = {}
        for look in LOOKS:
            seen = [studio.ways(look, *of) for of in zip(features, colours, mood)]
            for way, name in enumerate(WAYS):
                rank, apart = ranks(np.stack([x[0][way] for x in seen]), others, known[look])
                told.setdefault(name, []).append((rank.mean(), apart.mean(), np.mean([x[1][way] for x in seen])))
        for name, of in told.items():
            rank, apart, far = np.mean(of, 0)
            each = " | ".join(f"{x[0]:.2f}" for x in of)
            print(f"| {folder.name} | {name} | {rank:.3f} | {apart:.3f} | {far:.0f} | {each} |", flush=True)


if __name__ == "__main__":
    main()
