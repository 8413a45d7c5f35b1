"""Sample sheet of a look: moods (rows) by eight latents (columns), each picture at its full size.

    python sheet.py models/NAME.safetensors docs/painter/NAME.jpg

Sixteen moods, four valences by four arousals: from calm (the first four rows) to excited, and in
each four from unpleasant to pleasant.
"""

import argparse
from pathlib import Path

import torch

from data import grid
from export import load_generator
from network import Z_DIM

STEPS = (-0.9, -0.3, 0.3, 0.9)
MOODS = [(valence, arousal) for arousal in STEPS for valence in STEPS]
SEEDS = 8


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--look", help="which look of a family, or a blend as ink+flames")
    parser.add_argument("sheet")
    parser.add_argument("--psi", type=float, default=0.8)
    args = parser.parse_args()
    z = torch.randn(SEEDS, Z_DIM, generator=torch.Generator().manual_seed(3))
    generator = load_generator(args.model, args.look)
    rows = [
        generator(z, torch.tensor([mood]).expand(SEEDS, 2), torch.full((SEEDS,), args.psi)) for mood in MOODS
    ]
    Path(args.sheet).parent.mkdir(parents=True, exist_ok=True)
    grid(torch.cat(rows), SEEDS).save(args.sheet, optimize=True, quality=88)


if __name__ == "__main__":
    main()
