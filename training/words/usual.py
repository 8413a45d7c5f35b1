"""Middle and deviation of what the network makes of lines, by which the program sets words beside usual words.

    python usual.py DATA OUT/checkpoint.pt --text SHARED/data/text

Of lines of English poems (PO-EMO), alone and in their context as the program blends it, and of comments alone. What the
program uses, rounded between both, stands in `crates/networks/src/words/mood.rs`.
"""

import argparse
from pathlib import Path

import numpy as np

from compare import Context, chances
from network import judge, load


def poems(path):
    """Lines of poems, and their places by poem."""
    lines, groups = [], []
    for row in path.read_text().splitlines():
        line, *labels = row.split("\t")
        if not line.strip():
            continue
        if not any(label.strip() for label in labels):  # a title
            groups.append([])
        else:
            groups = groups or [[]]
            groups[-1].append(len(lines))
            lines.append(line)
    return lines, [np.array(group) for group in groups if group]


def tell(name, moods):
    (valence, arousal), deviation = moods.mean(0), moods.std(0)
    print(f"{name}: {len(moods)} lines, means {valence:.2f} and {arousal:.2f}, deviations {deviation[0]:.2f} and {deviation[1]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    args = parser.parse_args()
    network, vocabulary = load(args.checkpoint)
    lines, groups = poems(args.text / "po-emo" / "english.tsv")
    told = judge(network, vocabulary, lines)[0]
    moods = told[:, :2].clip(-1, 1)
    certain = chances(told)[:, :8].sum(1)
    tell("poems, alone", moods)
    tell("poems, in context", Context(groups).blend(moods, certain, 0.2, 0.1))
    print(f"certainty: median {np.median(certain):.2f}")
    comments = (args.data / "goemotions.txt").read_text().splitlines()[:5000]
    tell("comments, alone", judge(network, vocabulary, comments)[0][:, :2].clip(-1, 1))


if __name__ == "__main__":
    main()
