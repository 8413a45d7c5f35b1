"""Whether the latents of a look paint different pictures, in every mood.

    python columns.py ../../models/looks.safetensors PICTURES --log logs/columns.json

A look's sheet has sixteen moods (rows) by sixteen latents (columns). Of each look, as shares of how far two of its
pictures (PICTURES/LOOK) are from each other, by the pooled features of EfficientNet-Lite0: how far two columns are, mean
over their rows, on average and the two that are nearest to each other.
"""

import argparse
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import torch

from data import files_of
from export import load_family, load_generator
from features import POOLED, Lite0
from measure import spread
from mood import cached, describe
from network import Z_DIM
from sheet import MOODS

COLUMNS, PSI = 16, 0.8
PICTURES = 400


@torch.no_grad()
def columns(model, look, net):
    """Features of a sheet: [moods, columns, POOLED]."""
    paint = load_generator(model, look)
    z = torch.randn(COLUMNS, Z_DIM, generator=torch.Generator().manual_seed(3))
    psi = torch.full((COLUMNS,), PSI)
    rows = [paint(z, torch.tensor([mood]).expand(COLUMNS, 2), psi) for mood in MOODS]
    rows = [((row + 1) * 127.5).round().clamp(0, 255).byte() for row in rows]
    return torch.stack([describe(net, row)[:, :POOLED] for row in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--log", help="json file for the figures")
    args = parser.parse_args()
    _, looks = load_family(args.model)
    net, result = Lite0(), {}
    print("| look | two columns | the nearest two |\n|---|---|---|")
    for look in looks:
        seen = columns(args.model, look, net)
        apart = [(seen[:, a] - seen[:, b]).norm(dim=1).mean().item() for a, b in combinations(range(COLUMNS), 2)]
        files = files_of(args.pictures / look)[:PICTURES]
        between = spread(cached(args.pictures / f"{look}.columns.pt", net, files)[:, :POOLED])
        result[look] = [round(float(figure) / between, 3) for figure in (np.mean(apart), np.min(apart))]
        print(f"| {look} | {result[look][0]:.2f} | {result[look][1]:.2f} |", flush=True)
    if args.log:
        Path(args.log).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
