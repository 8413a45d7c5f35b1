"""Mood of a picture: valence and arousal by ridge regression.

Described by statistics of EfficientNet-Lite0's feature maps and of colour. Fitted on the 900
OASIS photographs (Kurdi et al. 2017, human valence and arousal) and the 912 abstract
paintings of FeelingBlue (most/least votes per emotion, projected on the circumplex of
Russell 1980). Targets are standardised within each set, as their scales differ; `scale` leads
back to OASIS's, in [-1, 1].

`labels` gives every picture of a look the percentile of its prediction within the look, in
[-1, 1], so the whole mood plane is used: (1, 1) is the most pleasant and most excited tenth of
*this* look, not an absolute emotion.

    python mood.py --data DIR --out DIR --model ../../models/mood.safetensors
"""

import argparse
import csv
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from data import squares
from features import SIDE, Lite0, described

COLOURS = 12  # colour statistics, the last columns of a description
CIRCUMPLEX = {
    "anger": (-0.42, 0.78),
    "disgust": (-0.67, 0.49),
    "fear": (-0.11, 0.78),
    "happiness": (0.80, 0.45),
    "sadness": (-0.82, -0.40),
}
FOLDS = 5
PENALTIES = (1000.0, 3000.0, 10000.0, 30000.0)


def lab(x):
    """CIE Lab of sRGB pictures in [0, 1], [N, 3, H, W]; L in 0..1, a and b in about -1..1."""
    linear = torch.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    to_xyz = torch.tensor([
        [0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505],
    ], device=x.device) / torch.tensor([[0.9505], [1.0], [1.089]], device=x.device)
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
    """All features of uint8 pictures [N, 3, H, W]: [N, 3516]. Colours are judged at SIDE too."""
    sized = [F.interpolate(p.float(), size=(SIDE, SIDE), mode="bilinear", antialias=True) for p in pictures.split(64)]
    return torch.cat([described(net, pictures), torch.cat([colour_statistics(p) for p in sized])], 1)


def cached(path, net, files, describe=describe, side=SIDE):
    """Features of picture files, kept at `path` after the first call."""
    if not path.exists():
        torch.save(describe(net, squares(files, side)), path)
    return torch.load(path)


class Ridge:
    """Ridge regression on standardised features, all targets at once. The colour statistics, the last columns, weigh
    twelvefold, as a dozen would drown among thousands."""

    def __init__(self, x, y, penalty, colours=COLOURS):
        self.mean, self.std = x.mean(0), x.std(0) + 1e-4
        self.std[x.shape[1] - colours :] /= 12**0.5
        z = ((x - self.mean) / self.std).double()
        self.offset = y.mean(0)
        # Fewer pictures than features: solve for the pictures' weights.
        gram = z @ z.T + penalty * torch.eye(len(z), dtype=torch.double)
        self.weight = (z.T @ torch.linalg.solve(gram, (y - self.offset).double())).float()

    def __call__(self, x):
        return (x - self.mean) / self.std @ self.weight + self.offset


def correlation(a, b):
    return torch.corrcoef(torch.stack([a, b]))[0, 1].item()


def labelled(data):
    """Files, targets [N, 2] standardised per set, set index [N] of the two labelled sets, and
    OASIS's mean and deviation [2, 2]."""
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
    scale = torch.stack([photo.mean(0), photo.std(0)])
    return [Path(data) / f for f in files], torch.cat(targets), torch.cat(sets), scale


def cross_validate(x, y, sets, penalty, colours=COLOURS):
    """Pearson r per set and axis of out-of-fold predictions."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    predicted = torch.empty_like(y)
    for fold in order.chunk(FOLDS):
        rest = torch.ones(len(x), dtype=torch.bool)
        rest[fold] = False
        predicted[fold] = Ridge(x[rest], y[rest], penalty, colours)(x[fold])
    return [[correlation(predicted[sets == k, a], y[sets == k, a]) for a in (0, 1)] for k in (0, 1)]


def percentile(values):
    """Rank of each entry of [N, A] within its column, uniform in [-1, 1]."""
    rank = values.argsort(0).argsort(0).float()
    return (rank + 0.5) / len(values) * 2 - 1


# The largest matrices are stored as bytes, with a scale for each row.
BYTES = ["head.weight"] + [f"blocks.{block}.{part}.weight" for block in (14, 15) for part in ("expand", "project")]


def file_name(key):
    """A weight of the eye as the paper calls it, without the package's own marks."""
    for mark in ("_conv.", ".conv.", "_conv_", "_blocks"):
        key = key.replace(mark, {"_blocks": "blocks", "_conv_": ""}.get(mark, "."))
    return key.replace("._", ".")


def in_bytes(weight):
    """A matrix [out, in, 1, 1] as bytes, and the scale of each row."""
    step = (weight.flatten(1).abs().amax(1) / 127).half()
    rows = (weight / step.float()[:, None, None, None]).round().clamp(-127, 127)
    return rows.to(torch.int8), step


def as_stored(net):
    """The eye with its weights as the file has them."""
    state = net.half().float().net.state_dict()
    for key, value in state.items():
        if file_name(key) in BYTES:
            rows, step = in_bytes(value)
            value.copy_(rows.float() * step.float()[:, None, None, None])
    net.net.load_state_dict(state)
    return net


def save_regressor(path, net, ridge, scale, log):
    """The file that ships: eye, regression and scale, for `synopsia mood` and for labelling."""
    tensors = {}
    for key, value in net.net.state_dict().items():
        name = file_name(key)
        if name in BYTES:
            tensors[f"eye.{name}"], tensors[f"eye.{name}.scale"] = in_bytes(value.half().float())
        elif "_fc" not in key:
            tensors[f"eye.{name}"] = value.half().contiguous()
    weight = ridge.weight / ridge.std[:, None]  # of features as they come
    offset = ridge.offset - ridge.mean @ weight
    tensors |= {"weight": weight.T.contiguous(), "offset": offset, "scale": scale.contiguous()}
    metadata = {
        "format": "synopsia.mood", "version": "1", "side": str(SIDE),
        "trained_on": "900 OASIS photographs and 912 FeelingBlue paintings; features: EfficientNet-Lite0 (ImageNet)",
        "licence": "regression: as the repository; EfficientNet-Lite0: Apache-2.0",
        "figures": json.dumps(log),
    }
    part = Path(path).with_suffix(".part")
    save_file(tensors, part, metadata)
    part.chmod(0o644)
    part.rename(path)


def load_regressor(path, device="cpu"):
    """The fitted regression of a shipped file: a function of described features giving [N, 2] in
    units of a deviation of the pictures it was fitted on."""
    state = load_file(path, device=str(device))
    return lambda x: (x.double() @ state["weight"].T.double() + state["offset"].double()).float()


def labels(path, raw, files):
    """Write the mood file of a look and return the moods [N, 2]."""
    mood = percentile(raw)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "valence", "arousal", "valence_raw", "arousal_raw"])
        for f, m, r in zip(files, mood.tolist(), raw.tolist()):
            writer.writerow([f.name, *(round(v, 4) for v in (*m, *r))])
    return mood


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="../shared/data/art", help="folder of pictures")
    parser.add_argument("--out", default="out", help="where features are kept")
    parser.add_argument("--model", default="../../models/mood.safetensors", help="the regressor's file")
    parser.add_argument("--log", help="json file for the cross-validation figures")
    args = parser.parse_args()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    net = Lite0()
    files, y, sets, scale = labelled(args.data)
    x = cached(out / "features_emotion.pt", net, files)
    scores = {p: cross_validate(x, y, sets, p) for p in PENALTIES}
    best = max(scores, key=lambda p: sum(map(sum, scores[p])))
    log = {"penalty": best, "pictures": len(x), "folds": FOLDS}
    for k, name in enumerate(("oasis", "feelingblue")):
        log[name] = {"valence_r": round(scores[best][k][0], 3), "arousal_r": round(scores[best][k][1], 3)}
    save_regressor(args.model, net, Ridge(x, y, best), scale, log)
    print(json.dumps(log, indent=1))
    if args.log:
        Path(args.log).write_text(json.dumps(log, indent=1) + "\n")


if __name__ == "__main__":
    main()
