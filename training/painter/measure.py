"""Measure a look of a family against pictures of its kind.

    python measure.py models/looks.safetensors --look ink --pictures DIR --out OUT --log logs/ink.json
    python measure.py OUT/NAME_dcgan.pt --pictures DIR --out OUT --log logs/NAME_dcgan.json
    python measure.py --table logs/*.json

Distances are between pooled EfficientNet features (1280): those of Lite0, on which training looks, and those of
Lite2, which training has not seen. Of looks that are rendered, the pictures should be others than those of the
training. `--out` keeps the features of the pictures. A `.pt` is a baseline of baselines.py.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch.utils.flop_counter import FlopCounterMode

from data import files_of, saturation, squares
from export import load_generator
from features import POOLED, SIDE, Lite0, Lite2, described
from mood import cached, correlation, describe, load_regressor

BATCH = 32
NEIGHBOURS = 3  # whose distance is the radius of a picture's neighbourhood in precision and recall
STEP = 0.01  # of the way between two latents, for the path length


def spread(features):
    """Mean distance between two different rows of [N, D]."""
    return torch.pdist(features).mean().item()


def nearest(a, b, same=False):
    """Distance from each row of a to its nearest row of b (not itself, if the same), [N]."""
    distance = torch.cdist(a, b)
    if same:
        distance.fill_diagonal_(float("inf"))
    return distance.min(1).values


def frechet(a, b):
    """Fréchet distance of two feature sets as Gaussians (Heusel et al. 2017, arXiv:1706.08500)."""
    a, b = a.double(), b.double()
    ca, cb = torch.cov(a.T), torch.cov(b.T)
    # trace of (ca cb)^(1/2) from the singular values of the factors
    root = torch.linalg.svdvals((a - a.mean(0)) @ (b - b.mean(0)).T).sum() / ((len(a) - 1) * (len(b) - 1)) ** 0.5
    return ((a.mean(0) - b.mean(0)).square().sum() + ca.trace() + cb.trace() - 2 * root).item()


def covered(points, by):
    """Share of points [N, D] inside the neighbourhood of any row of `by` (Kynkäänniemi et al. 2019,
    arXiv:1904.06991): of fakes by pictures it is precision, of pictures by fakes recall."""
    radius = torch.cdist(by, by).kthvalue(NEIGHBOURS + 1, 1).values  # the nearest is itself
    return (torch.cdist(points, by) <= radius).any(1).float().mean().item()


def percentile_in(values, population):
    """Percentile in [-1, 1] of values [N] within a population [M]."""
    rank = torch.searchsorted(population.sort().values, values.contiguous()).float()
    return rank / len(population) * 2 - 1


def load(path, look):
    """Look, a function (z, mood, psi) -> pictures in [-1, 1], the latent's length, and facts."""
    if Path(path).suffix == ".pt":
        from baselines import load_baseline

        return load_baseline(path)
    with safe_open(path, "pt") as file:
        said = file.metadata()
    generator = load_generator(path, look)
    facts = {"network": "ours", "steps": int(said["steps"]), "side": generator.side}
    facts["compute"] = said.get("compute", "")
    return look or said["name"], generator, int(said["z_dim"]), facts


def slerp(a, b, t):
    """Between rows of a and b [N, D], t [N, 1] from 0 to 1, along great circles."""
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    angle = (a * b).sum(1, keepdim=True).clamp(-1, 1).acos()
    return (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle) * a.shape[1] ** 0.5


@torch.no_grad()
def path_length(paint, net, z_dim, random, pairs=128):
    """Squared change of the features per squared share of the way between two latents, mean and
    the spread of its root (perceptual path length of Karras et al. 2019, on these features)."""
    a, b = torch.randn(2, pairs, z_dim, generator=random)
    mood = torch.rand(pairs, 2, generator=random) * 2 - 1
    t = torch.rand(pairs, 1, generator=random)
    here, there = (
        torch.cat([
            net.describe(paint(*part))[:, :POOLED]
            for part in zip(slerp(a, b, at).split(BATCH), mood.split(BATCH), torch.ones(pairs).split(BATCH))
        ])
        for at in (t, t + STEP)
    )
    change = (here - there).norm(dim=1) / STEP
    return change.square().mean().item(), (change.std() / change.mean()).item()


@torch.no_grad()
def paint_at_random(paint, z_dim, count, psi, random):
    """Random moods [count, 2], and the pictures of random latents in them as bytes [count, 3, S, S]."""
    z = torch.randn(count, z_dim, generator=random)
    mood = torch.rand(count, 2, generator=random) * 2 - 1
    strength = torch.full((count,), psi)
    parts = zip(z.split(BATCH), mood.split(BATCH), strength.split(BATCH))
    return mood, torch.cat([((paint(*part) + 1) * 127.5).round().clamp(0, 255).byte() for part in parts])


@torch.no_grad()
def measure(model, look, pictures, out, count, psi, mood_model):
    look, paint, z_dim, facts = load(model, look)
    net = Lite0()
    random = torch.Generator().manual_seed(7)
    mood, image = paint_at_random(paint, z_dim, count, psi, random)
    files = files_of(pictures)
    fake, real = describe(net, image), cached(Path(out) / f"features_{look}.pt", net, files)
    ridge = load_regressor(mood_model)
    judge = Lite2()
    judged = described(judge, image), cached(Path(out) / f"features_{look}_lite2.pt", judge, files, described, Lite2.SIDE)
    seen, known = ridge(fake), ridge(real)
    fake_features, real_features = fake[:, :POOLED], real[:, :POOLED]
    halves = torch.randperm(len(real), generator=random).chunk(2)
    to_real, among_real = nearest(fake_features, real_features), nearest(real_features, real_features, same=True)
    obedience = {}
    for axis, name in enumerate(("valence", "arousal")):
        obedience[f"mood_{name}_r"] = correlation(mood[:, axis], seen[:, axis])
        place = percentile_in(seen[:, axis], known[:, axis])
        obedience[f"mood_{name}_percentile_low_high"] = [
            place[mood[:, axis] < -0.5].mean().item(), place[mood[:, axis] > 0.5].mean().item(),
        ]
    with FlopCounterMode(display=False) as counter:
        paint(torch.zeros(1, z_dim), mood[:1], torch.ones(1))
    length, unevenness = path_length(paint, net, z_dim, random)
    weights = sum(p.numel() for p in paint.parameters())
    result = facts | {
        "million_weights": weights / 1e6,
        "million_multiply_adds": counter.get_total_flops() / 2e6,
        "samples": count,
        "psi": psi,
        "frechet": frechet(fake_features, real_features),
        "frechet_of_two_halves_of_the_pictures": frechet(real_features[halves[0]], real_features[halves[1]]),
        "frechet_lite2": frechet(*judged),
        "frechet_lite2_of_two_halves_of_the_pictures": frechet(*(judged[1][half] for half in halves)),
        "precision": covered(fake_features, real_features),
        "recall": covered(real_features, fake_features),
        "precision_lite2": covered(*judged),
        "recall_lite2": covered(*judged[::-1]),
        "diversity_ratio": spread(fake_features) / spread(real_features),
        **obedience,
        "saturation_ratio": (saturation(image.float()) / saturation(squares(files, SIDE).float())).item(),
        "nearest_picture": to_real.mean().item(),
        "nearest_picture_of_a_picture": among_real.mean().item(),
        "nearest_picture_least": to_real.min().item(),
        "nearest_picture_of_a_picture_first_percentile": among_real.quantile(0.01).item(),
        "path_length": length,
        "path_unevenness": unevenness,
    }
    rounded = {k: [round(x, 3) for x in v] if isinstance(v, list) else v for k, v in result.items()}
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in rounded.items()}


COLUMNS = {
    "network": "network", "side": "side", "steps": "steps", "compute": "trained for", "frechet": "Fréchet",
    "frechet_lite2": "Fréchet (Lite2)", "precision": "precision", "recall": "recall", "recall_lite2": "recall (Lite2)",
    "diversity_ratio": "diversity", "mood_valence_r": "valence r", "mood_arousal_r": "arousal r",
    "nearest_picture_least": "nearest", "path_length": "path length",
    "million_weights": "weights (M)", "million_multiply_adds": "multiply-adds (M)",
}


def table(paths):
    """The logs as a Markdown table, a row each."""
    rows = [json.loads(Path(path).read_text()) for path in paths]
    lines = ["| " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        lines.append("| " + " | ".join(str(row.get(key, "")) for key in COLUMNS) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", nargs="?")
    parser.add_argument("--look", help="which look of a family")
    parser.add_argument("--pictures", help="folder of pictures of the look")
    parser.add_argument("--out", default="out", help="where features are kept")
    parser.add_argument("--mood-model", default="../../models/mood.safetensors")
    parser.add_argument("--samples", type=int, default=2048)
    parser.add_argument("--psi", type=float, default=1.0)
    parser.add_argument("--log", help="json file for the figures")
    parser.add_argument("--name", help="what the figures call it")
    parser.add_argument("--table", nargs="+", metavar="LOG", help="print these logs as a table")
    args = parser.parse_args()
    if args.table:
        return print(table(args.table))
    result = measure(args.model, args.look, args.pictures, args.out, args.samples, args.psi, args.mood_model)
    if args.name:
        result["network"] = args.name
    print("\n".join(f"| {key} | {value} |" for key, value in result.items()))
    if args.log:
        Path(args.log).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
