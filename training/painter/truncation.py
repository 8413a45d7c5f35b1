"""What truncation does to a look's pictures, in moods near the middle and in strong ones.

    python truncation.py ../../models/looks.safetensors --look ink --pictures PICTURES --out OUT

Precision and diversity against pictures of the look, on EfficientNet-Lite0's features, and how far into its
corner of the moods the regression of mood.py sees a picture. The same latents and moods at every psi.
"""

import argparse
from pathlib import Path

import torch

from data import files_of
from export import load_generator
from features import POOLED, Lite0
from measure import BATCH, covered, percentile_in, spread
from mood import cached, describe, load_regressor
from network import Z_DIM

STRENGTHS = (0.7, 0.85, 1.0, 1.15)
CORNERS = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--look", help="which look of a family")
    parser.add_argument("--pictures", required=True, help="folder of pictures of the look")
    parser.add_argument("--out", default="out", help="where features are kept")
    parser.add_argument("--mood-model", default="../../models/mood.safetensors")
    parser.add_argument("--samples", type=int, default=96, help="for each mood and psi, a multiple of four")
    args = parser.parse_args()
    generator, net, ridge = load_generator(args.model, args.look), Lite0(), load_regressor(args.mood_model)
    real = cached(Path(args.out) / f"features_{args.look}.pt", net, files_of(args.pictures))
    known, real = ridge(real), real[:, :POOLED]
    random = torch.Generator().manual_seed(5)
    z = torch.randn(args.samples, Z_DIM, generator=random)
    corner = CORNERS.repeat(args.samples // 4, 1)
    middle = (torch.rand(args.samples, 2, generator=random) * 2 - 1) * 0.3
    strong = corner * (0.7 + 0.3 * torch.rand(args.samples, 2, generator=random))
    print("| moods | psi | precision | diversity | into the corner |\n|---|---|---|---|---|")
    for name, mood in (("middle", middle), ("strong", strong)):
        for psi in STRENGTHS:
            parts = zip(z.split(BATCH), mood.split(BATCH), torch.full((args.samples,), psi).split(BATCH))
            image = torch.cat([((generator(*part) + 1) * 127.5).round().clamp(0, 255).byte() for part in parts])
            described = describe(net, image)
            fake, seen = described[:, :POOLED], ridge(described)
            groups = [fake] if name == "middle" else [fake[k::4] for k in range(4)]  # a corner each
            diversity = sum(map(spread, groups)) / len(groups) / spread(real)
            place = torch.stack([percentile_in(seen[:, axis], known[:, axis]) for axis in (0, 1)], 1)
            inside = f"{(place * corner).mean().item():.2f}" if name == "strong" else ""
            print(f"| {name} | {psi} | {covered(fake, real):.2f} | {diversity:.2f} | {inside} |", flush=True)


if __name__ == "__main__":
    main()
