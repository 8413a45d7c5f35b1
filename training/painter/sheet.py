"""Sample sheets of a family of looks.

    python sheet.py models/looks.safetensors docs/painter/looks.jpg              # the map: looks by moods
    python sheet.py models/looks.safetensors OUT/ink.jpg --look ink              # one look: moods by latents

The map has a row for each look, and three latents for each of four moods: calm and unpleasant, calm and pleasant,
excited and unpleasant, excited and pleasant. The sheet of one look has sixteen moods (rows: four valences by four
arousals, from calm to excited, and in each four from unpleasant to pleasant) by eight latents.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F

from data import grid
from export import load_family, load_generator
from network import Z_DIM

STEPS = (-0.9, -0.3, 0.3, 0.9)
MOODS = [(valence, arousal) for arousal in STEPS for valence in STEPS]
SEEDS = 8
CORNERS = [(valence, arousal) for arousal in (-0.7, 0.7) for valence in (-0.7, 0.7)]
EACH = 3  # latents a mood on the map
SMALL = 160  # side of a picture there


def of_look(model, look, psi):
    """Pictures of one look or blend, moods by latents."""
    z = torch.randn(SEEDS, Z_DIM, generator=torch.Generator().manual_seed(3))
    generator = load_generator(model, look)
    rows = [generator(z, torch.tensor([mood]).expand(SEEDS, 2), torch.full((SEEDS,), psi)) for mood in MOODS]
    return grid(torch.cat(rows), SEEDS)


def of_all(model, psi):
    """The map of the family."""
    random = torch.Generator().manual_seed(3)
    rows = []
    for look in load_family(model)[1]:
        z = torch.randn(EACH * len(CORNERS), Z_DIM, generator=random)
        moods = torch.tensor(CORNERS).repeat_interleave(EACH, 0)
        pictures = load_generator(model, look)(z, moods, torch.full((len(z),), psi))
        rows.append(F.interpolate(pictures, size=(SMALL, SMALL), mode="bilinear", antialias=True))
    return grid(torch.cat(rows), EACH * len(CORNERS))


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("sheet")
    parser.add_argument("--look", help="one look of a family, or a blend as ink+flames")
    parser.add_argument("--psi", type=float, default=0.8)
    args = parser.parse_args()
    alone = args.look or not load_family(args.model)[1]
    sheet = of_look(args.model, args.look, args.psi) if alone else of_all(args.model, args.psi)
    Path(args.sheet).parent.mkdir(parents=True, exist_ok=True)
    sheet.save(args.sheet, optimize=True, quality=88)


if __name__ == "__main__":
    main()
