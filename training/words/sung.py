"""How our own lines are read: `python sung.py OUT/checkpoint.pt [--each]`.

`lines.tsv` says of each whether it is glad or sorry, and its class; labels follow from what the lines say.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from labels import CLASSES
from network import judge, load


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--each", action="store_true")
    args = parser.parse_args()
    network, vocabulary = load(args.model)
    rows = list(csv.reader(open(Path(__file__).parent / "lines.tsv"), delimiter="\t"))
    answers = judge(network, vocabulary, [row[2] for row in rows])[0]
    for language in ("en", "es"):
        at = [k for k, row in enumerate(rows) if row[0] == language]
        truth = np.array([rows[k][1] == "glad" for k in at])
        told = [CLASSES[int(answers[k, 2:10].argmax())] for k in at]
        right = np.mean([rows[k][3] == name for k, name in zip(at, told)])
        area, sign = roc_auc_score(truth, answers[at, 0]), np.mean((answers[at, 0] > 0) == truth)
        print(f"{language}: {len(at)} lines, glad or sorry: area {area:.3f}, sign right {100 * sign:.0f} %; class of eight right {100 * right:.0f} %")
        for k, name in zip(at, told):
            if args.each:
                print(f"  {answers[k, 0]:6.2f} {answers[k, 1]:6.2f} {name:11} {rows[k][3]:11} {rows[k][2]}")


if __name__ == "__main__":
    main()
