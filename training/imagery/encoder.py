"""Learn where a picture lies in the latent spaces: `python encoder.py SAMPLES ../../models/imagery.safetensors --reference ../../tests/reference/encoder.safetensors`.

SAMPLES is what `samples.py` wrote (more than one folder may be named, also what `see.py` wrote). The encoder is linear: a direction of the latent space of
each look from what EfficientNet-Lite0 sees (roots of its features, beside the look's mean, in the directions in which painted places
differ most), from the colours of eight fields, and from the mood in which it is to be painted. What it learns is added to the bank.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from bank import LOOKS, quantised
from spaces import lab, unit

DIRECTIONS = 24  # of what the eye sees; with few thousand samples more of them are worse
RIDGE = 30
LIGHT = 0.2  # added to deviations, so that what hardly ever changes does not count much


def roots(features):
    """Features are counts of what is there, most of it seldom: their roots are nearer to even."""
    return np.sqrt(np.maximum(features.astype(np.float32), 0))


def samples(folders, look):
    parts = [np.load(folder / f"{look}.npz") for folder in folders]
    z, mood, feature, colours = (np.concatenate([part[name] for part in parts]).astype(np.float32) for name in ("z", "mood", "feature", "colours"))
    return unit(z), mood, roots(feature), lab(colours).reshape(len(z), -1) / 100


class Encoder:
    """As the program reads it."""

    def __init__(self, tensors):
        self.tensors = tensors
        self.eye = self.rows("eye")

    def rows(self, name):
        return self.tensors[f"encoder.{name}"].astype(np.float32) * self.tensors[f"encoder.{name}.steps"].astype(np.float32)[:, None]

    def beside(self, look, features):
        """Roots of features [N, 1280] beside the look's."""
        return roots(features) - self.tensors[f"encoder.{look}.mean"].astype(np.float32)

    def directions(self, look, features, colours, mood):
        """Of length 1 [N, 128]: features [N, 1280], CIELAB of fields over 100 [N, 24], moods [N, 2]."""
        seen = unit(self.beside(look, features) @ self.eye.T)
        colours = colours - self.tensors[f"encoder.{look}.colours"].astype(np.float32)
        return unit(np.concatenate([seen, colours, mood], 1) @ self.rows(look).T)


def learned(known):
    """Tensors of an encoder of what `samples` gave of each look."""
    tensors = {}
    spread = np.concatenate([x[2] - x[2].mean(0) for x in known.values()])
    scale = spread.std(0) + LIGHT
    _, axes = np.linalg.eigh((spread / scale).T @ (spread / scale))
    tensors["encoder.eye"], tensors["encoder.eye.steps"] = quantised(axes[:, ::-1][:, :DIRECTIONS].T / scale)
    eye = Encoder(tensors).eye
    for look, (z, mood, feature, colours) in known.items():
        mean, middle = (x.mean(0).astype(np.float16) for x in (feature, colours))
        seen = unit((feature - mean) @ eye.T)
        x = np.concatenate([seen * DIRECTIONS**0.5, 4 * (colours - middle), mood], 1)
        weight = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ z).T
        weight[:, :DIRECTIONS] *= DIRECTIONS**0.5
        weight[:, DIRECTIONS:-2] *= 4
        tensors[f"encoder.{look}"], tensors[f"encoder.{look}.steps"] = quantised(weight)
        tensors[f"encoder.{look}.mean"], tensors[f"encoder.{look}.colours"] = mean, middle
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("samples", type=Path, nargs="+")
    parser.add_argument("bank", type=Path)
    parser.add_argument("--reference", type=Path)
    args = parser.parse_args()
    known = {look: samples(args.samples, look) for look in LOOKS}
    for look, of_look in known.items():  # told by samples that were not learned from
        kept = np.arange(len(of_look[0])) % 6 > 0
        encoder = Encoder(learned({look: [x[kept] for x in of_look]}))
        z, mood, feature, colours = (x[~kept] for x in of_look)
        found = encoder.directions(look, feature**2, colours, mood)
        near = found @ of_look[0].T
        own = (found * z).sum(1)
        print(f"{look}: {len(kept)} samples, cosine {own.mean():.3f}, nearer than {100 * (near < own[:, None]).mean():.0f} % of all")
    tensors = {name: value for name, value in load_file(args.bank).items() if not name.startswith("encoder.")} | learned(known)
    with safe_open(args.bank, "np") as file:
        about = file.metadata() | {"directions": str(DIRECTIONS)}
    save_file(tensors, args.bank, about)
    if args.reference:
        encoder = Encoder(tensors)
        picks = {name: np.stack([known[look][k][0] for look in LOOKS[::3]]) for k, name in ((1, "mood"), (2, "roots"), (3, "colours"))}
        features = (picks.pop("roots") ** 2).astype(np.float32)
        z = np.stack([encoder.directions(look, features, picks["colours"], picks["mood"]) for look in LOOKS], 1)
        picks = {name: np.ascontiguousarray(x, np.float32) for name, x in (picks | dict(features=features, z=z)).items()}
        save_file(picks, args.reference)
    print(f"{args.bank.stat().st_size} bytes")


if __name__ == "__main__":
    main()
