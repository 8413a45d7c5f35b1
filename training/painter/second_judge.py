"""Whether the moods of looks are obeyed in the eyes of a judge that no training asked.

    python second_judge.py ../../models/looks.safetensors --data DIR --out DIR --log logs/second_judge.json

The judge is a ridge regression like that of `mood.py`, on the same labelled pictures, but on EfficientNet-Lite2's
features and without colour statistics. Of each look it tells Pearson's r between the moods that were asked for and those
that it sees, over pictures of random latents and moods; first, how well it judges pictures that people rated (five folds).
"""

import argparse
import json
from pathlib import Path

from export import load_family, load_generator
from features import Lite2, described
from measure import paint_at_random
from mood import PENALTIES, Ridge, cached, correlation, cross_validate, labelled
from network import Z_DIM

import torch


def fitted(data, out, net):
    """The regression, and its r by set and axis."""
    files, y, sets, _ = labelled(data)
    x = cached(out / "features_emotion_lite2.pt", net, files, described, Lite2.SIDE)
    scores = {penalty: cross_validate(x, y, sets, penalty, colours=0) for penalty in PENALTIES}
    best = max(scores, key=lambda penalty: sum(map(sum, scores[penalty])))
    return Ridge(x, y, best, colours=0), scores[best]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--data", default="../shared/data/art", help="folder of labelled pictures, as for mood.py")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where features are kept")
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--log", help="json file for the figures")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    net, result = Lite2(), {}
    judge, own = fitted(args.data, args.out, net)
    print("| pictures | valence r | arousal r |\n|---|---|---|")
    seen = dict(zip(("OASIS, unseen folds", "FeelingBlue, unseen folds"), own))
    for look in load_family(args.model)[1]:
        mood, pictures = paint_at_random(
            load_generator(args.model, look), Z_DIM, args.samples, 1.0, torch.Generator().manual_seed(7)
        )
        judged = judge(described(net, pictures))
        seen[f"`{look}`"] = [correlation(mood[:, axis], judged[:, axis]) for axis in (0, 1)]
    for name, figures in seen.items():
        result[name.strip("`")] = [round(figure, 3) for figure in figures]
        print("| {} | {:.2f} | {:.2f} |".format(name, *figures), flush=True)
    if args.log:
        Path(args.log).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
