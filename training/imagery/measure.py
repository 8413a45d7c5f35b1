"""Do words find places that show them? `python measure.py PLACES ../../models/imagery.safetensors --text SHARED/data/text`.

Two hundred lines of English poems, which no vector was learned from, choose a place of each look. How near that place lies to
its line is judged by other eyes and other words than those that chose: what EfficientNet-Lite2 sees there, and the whole
sentence embedding. A place's rank is the share of all places of its look that lie further from the line; 0.5 is chance.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from bank import LOOKS, Bank
from spaces import COLOURS, by_classes, colours_of, embedded, named, unit

COUNT = 200


def poems(text):
    rows = [row.split("\t")[0] for row in (text / "po-emo" / "english.tsv").read_text().splitlines()]
    lines = [row for row in rows if 4 <= len(row.split()) <= 12]
    return [lines[k] for k in np.random.default_rng(5).permutation(len(lines))[:COUNT]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("places", type=Path)
    parser.add_argument("bank", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--weight", type=float, nargs="*", default=[0.0, 0.05, 0.1, 0.2], help="of the distance of moods")
    args = parser.parse_args()
    bank, lines = Bank(load_file(args.bank)), poems(args.text)
    told = embedded(lines)
    told = unit(told - told.mean(0))
    words = embedded(text for _, text in COLOURS.values())
    moods = np.random.default_rng(6).uniform(-0.7, 0.7, (COUNT, 2))
    whole = np.eye(384, dtype=np.float32)
    print(f"{len(lines)} lines, {len(bank.mood[LOOKS[0]])} places a look; the moods that are asked for are drawn at random\n")
    print("| weight of mood | rank by classes | tenth, half, nine tenths | rank by colours | distance of moods | places chosen |\n|---|---|---|---|---|---|")
    each = {}
    for weight in args.weight:
        ranks, colours, far, chosen = [], [], [], []
        for look in LOOKS:
            seen = np.load(args.places / f"{look}.npz")
            distance = np.linalg.norm(moods[:, None] - bank.mood[look][None], axis=2)
            at = (bank.similarity(lines, look) - weight * distance).argmax(1)
            amounts = colours_of(seen["small"])
            amounts = (amounts - amounts.mean(0)) / amounts.std(0).mean()
            for near, to in (
                (told @ by_classes(seen["second"], whole).T, ranks),
                (told @ unit(amounts @ (words - words.mean(0))).T, colours),
            ):
                to.append((near < near[np.arange(COUNT), at][:, None]).mean(1))
            far.append(distance[np.arange(COUNT), at].mean())
            chosen.append(len(set(at)))
        each[weight] = ranks
        spread = ", ".join(f"{x:.2f}" for x in np.quantile(ranks, (0.1, 0.5, 0.9)))
        print(f"| {weight} | {np.mean(ranks):.3f} | {spread} | {np.mean(colours):.3f} | {np.mean(far):.2f} | {np.mean(chosen):.0f} |")
    print("\n| look | rank by classes | nearer than a random place |\n|---|---|---|")
    ranks = each[args.weight[len(args.weight) // 2]]
    for look, of_look in zip(LOOKS, ranks):
        print(f"| {look} | {of_look.mean():.3f} | {100 * (of_look > 0.5).mean():.0f} % |")


if __name__ == "__main__":
    main()
