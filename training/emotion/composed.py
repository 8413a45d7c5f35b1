"""Composes pieces (../music) and what the distilled network hears in them, for the free judge.

    python composed.py --count 800 --seed 1 --out composed.npz

Each seed gives two pieces: one as it comes, and the same with one factor changed (`CHANGES`, by turns), so that
what a factor does can be heard apart from all else. Writes `x` float32 [pieces, FEATURES] (means over windows),
`labels` (JSON of each piece's factors), `pair` [pieces] (the seed), `changed` (name of the factor, or empty).
Nothing is kept of the sound.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import torch
from scipy.signal import resample_poly

from hear import HOP, distilled
from model import WINDOW
from music.__main__ import make
from music.chance import between, pick, stream
from music.compose import KINDS, Recipe, changed, compose
from music.theory import is_major

SECONDS = 12.0
SOLO = ("piano", "pop piano", "piano", "pop piano", "guitar", "quartet", "chorale", "harpsichord")
SOLO_EVERY = 3     # every third piece is a solo, as so much music is
CHANGES = ("mode", "tempo", "register", "articulation", "density", "dissonance", "dynamics", "brightness", "mode",
           "level", "tempo")
SAVE_EVERY = 50


def recipe_of(seed: int) -> Recipe:
    kind = SOLO[seed // SOLO_EVERY % len(SOLO)] if seed % SOLO_EVERY == 0 else KINDS[seed % len(KINDS)]
    return Recipe(seed, kind, SECONDS)


def other(recipe: Recipe, factor: str) -> Recipe:
    """The recipe with one factor moved far from where it is."""
    was = compose(recipe).factors
    rng = stream(recipe.seed, "other", factor)
    up = rng.random() < 0.5
    value = {
        "mode": lambda: pick(rng, ("minor", "minor", "harmonic", "phrygian")) if is_major(was.mode) else "major",
        "tempo": lambda: was.tempo * (between(rng, (1.3, 1.8)) if was.tempo < 110 else between(rng, (0.5, 0.75))),
        "register": lambda: was.register + (9 if was.register < 0 else -9),
        "articulation": lambda: 0.35 if was.articulation > 0.7 else 1.05,
        "density": lambda: 1.0 if was.density < 0.5 else 0.0,
        "dissonance": lambda: 0.9 if was.dissonance < 0.4 else 0.0,
        "dynamics": lambda: 1.0 if was.dynamics < 0.5 else 0.0,
        "brightness": lambda: was.brightness + (2.5 if was.brightness < 0 else -2.5),
        "level": lambda: was.level + (8 if up and was.level < -16 else -8),
    }[factor]()
    return changed(recipe, **{factor: value})


@torch.no_grad()
def heard(net, recipe: Recipe) -> tuple[np.ndarray, dict]:
    """What the network hears in a piece [FEATURES], and its labels without the curves."""
    sound, label, _ = make(recipe)
    wave = resample_poly(sound.mean(1), 160, 441).astype(np.float32)
    windows = net.windows(torch.from_numpy(np.pad(wave, (0, max(0, WINDOW - len(wave))))), HOP)
    return windows.mean(0).numpy(), {k: label[k] for k in ("factors", "measured", "major", "metres", "voices")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=800, help="seeds, two pieces each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net, rows, labels, pair, what, began = distilled(), [], [], [], [], time.time()
    for done, seed in enumerate(range(options.seed, options.seed + options.count), 1):
        recipe, factor = recipe_of(seed), CHANGES[seed % len(CHANGES)]
        for piece, name in ((recipe, ""), (other(recipe, factor), factor)):
            x, label = heard(net, piece)
            rows.append(x)
            labels.append(json.dumps(label))
            pair.append(seed)
            what.append(name)
        if done % SAVE_EVERY == 0 or done == options.count:
            np.savez(options.out, x=np.array(rows), labels=labels, pair=pair, changed=what)
            print(f"{done} of {options.count} pairs, {(time.time() - began) / done:.1f} s each", flush=True)


if __name__ == "__main__":
    main()
