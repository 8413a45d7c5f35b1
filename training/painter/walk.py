"""How evenly the picture changes along a walk through the latents of a look, and how much more evenly it would
if each leg went at even speed in something else than the angle.

    python walk.py ../../models/looks.safetensors --look ink

Of legs between random latents in random moods, in equal steps: deviation over mean of the steps' lengths in
EfficientNet-Lite0's features and in pixels, within legs and between their means.
"""

import argparse

import torch

from export import load_generator
from features import POOLED, Lite0
from measure import BATCH, slerp
from network import Z_DIM

LEGS, STEPS = 6, 48
SMALL = (32, 64)  # sides of small pictures


def steps_of(x):
    """Distances between neighbouring rows of [N, ...]."""
    return (x[1:] - x[:-1]).flatten(1).norm(dim=1)


def even_in(length, steps):
    """What `steps` [N] would be if as many went at even speed in `length` [N] instead."""
    summed = [torch.cat([torch.zeros(1), x.cumsum(0)]) for x in (length, steps)]
    place = torch.linspace(0, 1, len(steps) + 1) * summed[0][-1]
    right = torch.searchsorted(summed[0], place).clamp(1, len(steps))
    (a, b), (from_, to) = ([x[right - 1], x[right]] for x in summed)
    return (from_ + ((place - a) / (b - a).clamp_min(1e-12)).clamp(0, 1) * (to - from_)).diff()


@torch.no_grad()
def measured(generator, net, a, b, mood):
    """Lengths of the steps from latent a to b [128] in one mood [2], by what they are measured in."""
    a, b, mood = (x.expand(STEPS + 1, -1) for x in (a, b, mood))
    z = generator.normalize(slerp(a, b, torch.linspace(0, 1, STEPS + 1)[:, None]))
    parts = list(zip(z.split(BATCH), mood.split(BATCH)))
    pictures = torch.cat([generator(*part) for part in parts])
    w, first = generator.map(z, mood), generator.start(z)
    lengths = {
        "angle": torch.ones(STEPS),
        "w": steps_of(w),
        "w and the first map": (steps_of(w) / w.std(0).norm()).hypot(steps_of(first) / first.std(0).norm()),
    }
    for side in SMALL:
        small = torch.cat([torch.tanh(generator.before_tanh(*part, side=side)) for part in parts])
        lengths[f"pictures of side {side}"] = steps_of(small)
    features = torch.cat([net.describe(part)[:, :POOLED] for part in pictures.split(BATCH)])
    return lengths | {"pixels": steps_of(pictures), "features": steps_of(features)}


def unevenness(x):
    return (x.std(correction=0) / x.mean()).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--look", help="which look of a family")
    args = parser.parse_args()
    generator, net = load_generator(args.model, args.look), Lite0()
    random = torch.Generator().manual_seed(11)
    latents = torch.randn(LEGS + 1, Z_DIM, generator=random)
    moods = (torch.rand(LEGS, 2, generator=random) * 2 - 1) * 0.8
    legs = [measured(generator, net, *leg) for leg in zip(latents, latents[1:], moods)]
    between = [unevenness(torch.stack([leg[target].mean() for leg in legs])) for target in ("features", "pixels")]
    print("between legs: features {:.2f}, pixels {:.2f}".format(*between))
    print("| even in | features | pixels |\n|---|---|---|")
    for name in legs[0]:
        within = [
            sum(unevenness(even_in(leg[name], leg[target])) for leg in legs) / LEGS for target in ("features", "pixels")
        ]
        print(f"| {name} | {within[0]:.2f} | {within[1]:.2f} |")


if __name__ == "__main__":
    main()
