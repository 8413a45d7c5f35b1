"""Mood of a picture: valence and arousal by ridge regression.

Features: pooled EfficientNet-Lite0 (1280) and a few colour statistics. Fitted on the 900
OASIS photographs (Kurdi et al. 2017, human valence and arousal) and the 912 abstract
paintings of FeelingBlue (most/least votes per emotion, projected on the circumplex of
Russell 1980). Targets are standardised within each set, as their scales differ.

Every picture of a look gets the percentile of its prediction within the look, in [-1, 1],
so the whole mood plane is used: (1, 1) is the most pleasant and most excited tenth of
*this* look, not an absolute emotion.

    python mood.py --data DIR --out DIR
"""

import argparse
import csv
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from data import files_of, squares
from features import POOLED, Lite0, pooled_of

LOOKS = ("surreal", "paintings")
CIRCUMPLEX = {
    "anger": (-0.42, 0.78),
    "disgust": (-0.67, 0.49),
    "fear": (-0.11, 0.78),
    "happiness": (0.80, 0.45),
    "sadness": (-0.82, -0.40),
}
FOLDS = 5
PENALTIES = (30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)


def lab(x):
    """CIE Lab of sRGB pictures in [0, 1], [N, 3, H, W]; L in 0..1, a and b in about -1..1."""
    linear = torch.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    to_xyz = torch.tensor([
        [0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505],
    ]) / torch.tensor([[0.9505], [1.0], [1.089]])
    xyz = torch.einsum("ij,njhw->nihw", to_xyz, linear)
    f = torch.where(xyz > 0.008856, xyz.clamp_min(1e-6) ** (1 / 3), 7.787 * xyz + 16 / 116)
    fx, fy, fz = f.unbind(1)
    return torch.stack([1.16 * fy - 0.16, 5 * (fx - fy), 2 * (fy - fz)], 1)


def colour_statistics(pictures):
    """[N, 12] of uint8 [N, 3, H, W]: Lab mean and deviation, chroma mean and deviation,
    warm share, dark share, edge energy fine and coarse."""
    x = pictures.float() / 255
    space = lab(x)
    chroma = space[:, 1:].norm(dim=1)
    warm = ((space[:, 1] + space[:, 2]) > 0.05).float()
    lightness = space[:, :1]

    def edges(l):
        return (l[..., 1:] - l[..., :-1]).abs().mean((1, 2, 3)) + (l[..., 1:, :] - l[..., :-1, :]).abs().mean((1, 2, 3))

    return torch.cat([
        space.mean((2, 3)), space.std((2, 3)),
        torch.stack([
            chroma.mean((1, 2)), chroma.std((1, 2)), warm.mean((1, 2)),
            (lightness < 0.3).float().mean((1, 2, 3)), edges(lightness), edges(F.avg_pool2d(lightness, 8)),
        ], 1),
    ], 1)


def describe(net, pictures):
    """All features of uint8 pictures, [N, 1292]."""
    return torch.cat([pooled_of(net, pictures), torch.cat([colour_statistics(p) for p in pictures.split(64)])], 1)


def cached(path, net, files):
    """Features of picture files, kept at `path` after the first call."""
    if not path.exists():
        torch.save(describe(net, squares(files)), path)
    return torch.load(path)


class Ridge:
    """Ridge regression on standardised features, all targets at once. The colour statistics
    weigh eightfold, as a dozen columns would drown among 1280."""

    def __init__(self, x, y, penalty):
        self.mean, self.std = x.mean(0), x.std(0) + 1e-4
        self.std[POOLED:] /= 8**0.5
        z = ((x - self.mean) / self.std).double()
        self.offset = y.mean(0)
        gram = z.T @ z + penalty * torch.eye(z.shape[1], dtype=torch.double)
        self.weight = torch.linalg.solve(gram, z.T @ (y - self.offset).double()).float()

    def __call__(self, x):
        return (x - self.mean) / self.std @ self.weight + self.offset


def correlation(a, b):
    return torch.corrcoef(torch.stack([a, b]))[0, 1].item()


def labelled(data):
    """Files, targets [N, 2] standardised per set, and set index [N] of the two labelled sets."""
    files, targets, sets = [], [], []
    with open(Path(data) / "emotion_photos.csv") as file:
        rows = list(csv.DictReader(file))
    files += [r["file"] for r in rows]
    photo = torch.tensor([[float(r["valence"]), float(r["arousal"])] for r in rows])
    with open(Path(data) / "emotion_paintings.csv") as file:
        rows = list(csv.DictReader(file))
    files += [r["file"] for r in rows]
    painting = torch.zeros(len(rows), 2)
    for emotion, point in CIRCUMPLEX.items():
        most = torch.tensor([float(r[f"{emotion}_most"]) for r in rows])
        least = torch.tensor([float(r[f"{emotion}_least"]) for r in rows])
        share = (most - least) / (most + least + 4)  # shrunk towards 0 where votes are few
        painting += share[:, None] * torch.tensor(point)
    for k, y in enumerate((photo, painting)):
        targets.append((y - y.mean(0)) / y.std(0))
        sets.append(torch.full((len(y),), k))
    return [Path(data) / f for f in files], torch.cat(targets), torch.cat(sets)


def cross_validate(x, y, sets, penalty):
    """Pearson r per set and axis of out-of-fold predictions."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    predicted = torch.empty_like(y)
    for fold in order.chunk(FOLDS):
        rest = torch.ones(len(x), dtype=torch.bool)
        rest[fold] = False
        predicted[fold] = Ridge(x[rest], y[rest], penalty)(x[fold])
    return [[correlation(predicted[sets == k, a], y[sets == k, a]) for a in (0, 1)] for k in (0, 1)]


def percentile(values):
    """Rank of each entry of [N, A] within its column, uniform in [-1, 1]."""
    rank = values.argsort(0).argsort(0).float()
    return (rank + 0.5) / len(values) * 2 - 1


def load_regressor(path):
    """The fitted regressor: a function of described features giving raw [N, 2]."""
    state = torch.load(path)
    ridge = Ridge.__new__(Ridge)
    ridge.mean, ridge.std, ridge.weight, ridge.offset = (state[k] for k in ("mean", "std", "weight", "offset"))
    return ridge


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="../shared/data/art", help="folder of pictures")
    parser.add_argument("--out", default="out", help="where mood.pt and moods_LOOK.csv go")
    parser.add_argument("--log", help="json file for the cross-validation figures")
    args = parser.parse_args()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    net = Lite0()
    files, y, sets = labelled(args.data)
    x = cached(out / "features_emotion.pt", net, files)
    scores = {p: cross_validate(x, y, sets, p) for p in PENALTIES}
    best = max(scores, key=lambda p: sum(map(sum, scores[p])))
    log = {"penalty": best, "pictures": len(x), "folds": FOLDS}
    for k, name in enumerate(("oasis", "feelingblue")):
        log[name] = {"valence_r": round(scores[best][k][0], 3), "arousal_r": round(scores[best][k][1], 3)}
    ridge = Ridge(x, y, best)
    torch.save({k: getattr(ridge, k) for k in ("mean", "std", "weight", "offset")}, out / "mood.pt")
    for look in LOOKS:
        pictures = files_of(args.data, look)
        raw = ridge(cached(out / f"features_{look}.pt", net, pictures))
        mood = percentile(raw)
        log[look] = {
            "pictures": len(pictures),
            "valence_arousal_r": round(correlation(mood[:, 0], mood[:, 1]), 3),
            "raw_mean": [round(v, 3) for v in raw.mean(0).tolist()],
            "raw_std": [round(v, 3) for v in raw.std(0).tolist()],
        }
        with open(out / f"moods_{look}.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "valence", "arousal", "valence_raw", "arousal_raw"])
            for f, m, r in zip(pictures, mood.tolist(), raw.tolist()):
                writer.writerow([f.name, *(round(v, 4) for v in (*m, *r))])
    print(json.dumps(log, indent=1))
    if args.log:
        Path(args.log).write_text(json.dumps(log, indent=1) + "\n")


if __name__ == "__main__":
    main()
