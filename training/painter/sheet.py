"""Sample sheet of a shipped look: four moods (rows) by eight latents (columns).

    python sheet.py models/NAME.safetensors docs/painter/NAME.png
"""

import argparse
from pathlib import Path

import torch

from data import grid
from export import load_generator
from network import Z_DIM

MOODS = ((0.8, 0.8), (0.8, -0.8), (-0.8, 0.8), (-0.8, -0.8))  # valence, arousal, top to bottom


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("sheet")
    parser.add_argument("--psi", type=float, default=0.8)
    args = parser.parse_args()
    z = torch.randn(8, Z_DIM, generator=torch.Generator().manual_seed(3)).repeat(4, 1)
    mood = torch.tensor(MOODS).repeat_interleave(8, 0)
    pictures = load_generator(args.model)(z, mood, torch.full((32,), args.psi))
    Path(args.sheet).parent.mkdir(parents=True, exist_ok=True)
    grid(pictures, 8).save(args.sheet, optimize=True)


if __name__ == "__main__":
    main()
