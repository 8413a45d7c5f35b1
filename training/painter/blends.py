"""Measure what lies between the looks of a family.

    python blends.py ../../models/looks.safetensors --log logs/blends.json

For each pair of looks, and the pictures halfway between them: their diversity (mean distance of the pooled features of
two pictures) as a share of the mean of both looks'; the path length of a walk between latents there, as a multiple of the
mean of both looks'; and the way from one look to the other in even steps: its longest step over its mean one (1: even).
"""

import argparse
import json
from itertools import combinations
from pathlib import Path

import torch

from export import load_family
from features import POOLED, Lite0
from measure import paint_at_random, path_length, spread
from mood import describe
from network import Z_DIM

STEPS = 16  # of the way between two looks


def alone(generator, shares):
    """The generator of a blend, by shares [looks]."""
    one = generator.one(shares @ generator.look)
    one.w_mean.copy_(torch.einsum("l,l...->...", shares, generator.w_mean)[None])
    return one


@torch.no_grad()
def place(generator, shares, net, samples):
    """Diversity and path length of a blend."""
    paint = alone(generator, shares)
    _, pictures = paint_at_random(paint, Z_DIM, samples, 1.0, torch.Generator().manual_seed(7))
    length, _ = path_length(paint, net, Z_DIM, torch.Generator().manual_seed(8))
    return spread(describe(net, pictures)[:, :POOLED]), length


@torch.no_grad()
def way(generator, a, b, net):
    """Longest step over the mean step from look `a` to look `b` (rows of shares), over 16 latents."""
    random = torch.Generator().manual_seed(9)
    z, mood = torch.randn(16, Z_DIM, generator=random), torch.rand(16, 2, generator=random) * 2 - 1
    seen = []
    for t in torch.linspace(0, 1, STEPS + 1):
        vector = ((1 - t) * a + t * b) @ generator.look
        picture = torch.tanh(generator.before_tanh(z, mood, vector.expand(len(z), -1)))
        seen.append(net.describe(picture)[:, :POOLED])
    steps = (torch.stack(seen[1:]) - torch.stack(seen[:-1])).norm(dim=2).mean(1)
    return (steps.max() / steps.mean()).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--log", help="json file for the figures")
    args = parser.parse_args()
    generator, looks = load_family(args.model)
    net, shares = Lite0(), torch.eye(len(looks))
    ends = [place(generator, row, net, args.samples) for row in shares]
    result = {}
    print("| blend | diversity | path length | longest step |\n|---|---|---|---|")
    for i, j in combinations(range(len(looks)), 2):
        diversity, length = place(generator, (shares[i] + shares[j]) / 2, net, args.samples)
        of_ends = [(ends[i][k] + ends[j][k]) / 2 for k in (0, 1)]
        figures = diversity / of_ends[0], length / of_ends[1], way(generator, shares[i], shares[j], net)
        result[f"{looks[i]}+{looks[j]}"] = [round(figure, 3) for figure in figures]
        print(f"| {looks[i]}+{looks[j]} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |", flush=True)
    if args.log:
        Path(args.log).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
