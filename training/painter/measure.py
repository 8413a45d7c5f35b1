"""Measure a shipped look against its training pictures.

    python measure.py models/NAME.safetensors --data DIR --out DIR --log logs/NAME.json

All distances are between pooled EfficientNet-Lite0 features (1280) of 128 x 128 pictures.
`--out` is where mood.py left mood.pt and moods_LOOK.csv.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors import safe_open

from data import files_of, saturation, squares
from export import load_generator
from features import POOLED, Lite0
from mood import cached, correlation, describe, load_regressor
from network import Z_DIM


def spread(features):
    """Mean distance between two different rows of [N, D]."""
    return torch.pdist(features).mean().item()


def nearest(a, b, same=False):
    """Mean distance from each row of a to its nearest row of b (not itself, if the same)."""
    distance = torch.cdist(a, b)
    if same:
        distance.fill_diagonal_(float("inf"))
    return distance.min(1).values.mean().item()


def frechet(a, b):
    """Fréchet distance of two feature sets as Gaussians (Heusel et al. 2017, arXiv:1706.08500)."""
    a, b = a.double(), b.double()
    ca, cb = torch.cov(a.T), torch.cov(b.T)
    # trace of (ca cb)^(1/2) from the singular values of the factors
    root = torch.linalg.svdvals((a - a.mean(0)) @ (b - b.mean(0)).T).sum() / ((len(a) - 1) * (len(b) - 1)) ** 0.5
    return ((a.mean(0) - b.mean(0)).square().sum() + ca.trace() + cb.trace() - 2 * root).item()


def percentile_in(values, population):
    """Percentile in [-1, 1] of values [N] within a population [M]."""
    rank = torch.searchsorted(population.sort().values, values.contiguous()).float()
    return rank / len(population) * 2 - 1


@torch.no_grad()
def measure(model, data, out, count, psi):
    with safe_open(model, "pt") as file:
        look, steps = file.metadata()["name"], int(file.metadata()["steps"])
    generator, net = load_generator(model), Lite0()
    random = torch.Generator().manual_seed(7)
    z = torch.randn(count, Z_DIM, generator=random)
    mood = torch.rand(count, 2, generator=random) * 2 - 1
    strength = torch.full((count,), psi)
    image = torch.cat([generator(*part) for part in zip(z.split(32), mood.split(32), strength.split(32))])
    fake_pictures = ((image + 1) * 127.5).round().clamp(0, 255).byte()
    files = files_of(data, look)
    real_pictures = squares(files)
    fake, real = describe(net, fake_pictures), cached(Path(out) / f"features_{look}.pt", net, files)
    ridge = load_regressor(Path(out) / "mood.pt")
    seen, known = ridge(fake), ridge(real)
    fake_features, real_features = fake[:, :POOLED], real[:, :POOLED]
    halves = torch.randperm(len(real), generator=random).chunk(2)
    obedience = {}
    for axis, name in enumerate(("valence", "arousal")):
        obedience[f"mood_{name}_r"] = correlation(mood[:, axis], seen[:, axis])
        place = percentile_in(seen[:, axis], known[:, axis])
        obedience[f"mood_{name}_percentile_low_high"] = [
            place[mood[:, axis] < -0.5].mean().item(), place[mood[:, axis] > 0.5].mean().item(),
        ]
    result = {
        "steps": steps,
        "samples": count,
        "psi": psi,
        "diversity_ratio": spread(fake_features) / spread(real_features),
        "frechet": frechet(fake_features, real_features),
        "frechet_of_two_halves_of_the_pictures": frechet(real_features[halves[0]], real_features[halves[1]]),
        **obedience,
        "saturation_ratio": (saturation(image) / saturation(real_pictures.float() / 127.5 - 1)).item(),
        "nearest_picture": nearest(fake_features, real_features),
        "nearest_picture_of_a_picture": nearest(real_features, real_features, same=True),
    }
    return {k: [round(x, 3) for x in v] if isinstance(v, list) else round(v, 3) for k, v in result.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--data", default="../shared/data/art", help="folder of pictures")
    parser.add_argument("--out", default="out", help="where mood.pt is")
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--psi", type=float, default=1.0)
    parser.add_argument("--log", help="json file for the figures")
    args = parser.parse_args()
    result = measure(args.model, args.data, args.out, args.samples, args.psi)
    print("\n".join(f"| {key} | {value} |" for key, value in result.items()))
    if args.log:
        Path(args.log).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
