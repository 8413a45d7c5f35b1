"""How well words are read, beside a bag of words and a sentence embedding many times the size.

    python measure.py DATA --text SHARED/data/text [--model OUT/checkpoint.pt ...]

Five folds on EmoBank by document: Pearson r of valence and arousal. Three classes as in the first project on GoEmotions'
test set and on the lines of PO-EMO. Every method is given the same lines and folds.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from corpus import FOLDS, fold_of

ALPHAS = [0.1, 0.3, 1, 3, 10, 30, 100]
PO_EMO = {"Annoyance": 0, "Vitality": 1, "Beauty / Joy": 1, "Sadness": 2}
GLAD, SORRY = {"Beauty / Joy", "Vitality", "Humor"}, {"Sadness", "Uneasiness", "Annoyance"}


def pearson(a, b):
    return float(np.corrcoef(a, b)[0, 1])


def bag(train, test):
    """Words and pairs of words, TF-IDF, of two lists of sentences."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[^\W_][\w']*|[!?]")
    return words.fit_transform(train), words.transform(test)


def fitted(x, y):
    """Ridge regression whose strength is chosen within what it is fitted to."""
    if isinstance(x, np.ndarray):
        return RidgeCV(ALPHAS).fit(x, y)
    keep = np.arange(len(y)) % 5 != 0
    tried = [Ridge(a, solver="sparse_cg").fit(x[keep], y[keep]) for a in (0.5, 1, 2, 4, 8)]
    errors = [((m.predict(x[~keep]) - y[~keep]) ** 2).mean() for m in tried]
    return Ridge(tried[int(np.argmin(errors))].alpha, solver="sparse_cg").fit(x, y)


def folded(rows, features):
    """What is told of each sentence by a ridge that has not seen its document. `features(fold)` is a matrix, or None for
    a bag of words."""
    texts = [row[1] for row in rows]
    y = np.array([row[2:4] for row in rows])
    fold = np.array([fold_of(row[0]) for row in rows])
    told = np.zeros_like(y)
    for k in range(FOLDS):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        x = features(k)
        if x is None:
            a, b = bag([texts[i] for i in train], [texts[i] for i in test])
        else:
            a, b = x[train], x[test]
        told[test] = fitted(a, y[train]).predict(b)
    return told


def report(name, rows, told):
    y = np.array([row[2:4] for row in rows])
    fold = np.array([fold_of(row[0]) for row in rows])
    by_fold = [[pearson(told[fold == k, c], y[fold == k, c]) for k in range(FOLDS)] for c in (0, 1)]
    whole = [pearson(told[:, c], y[:, c]) for c in (0, 1)]
    spread = [f"{np.mean(r):.3f} ± {np.std(r):.3f}" for r in by_fold]
    print(f"| {name} | {spread[0]} | {spread[1]} | {whole[0]:.3f} | {whole[1]:.3f} |", flush=True)


def po_emo(text, language):
    """(line, set of labels by either annotator, number of the stanza)."""
    out, stanza = [], 0
    with open(text / "po-emo" / f"{language}.tsv") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row or not row[0].strip():
                stanza += 1
            elif len(row) >= 3 and row[1]:
                out.append((row[0].replace('"', "'"), [set(part.split(" --- ")) for part in row[1:3]], stanza))
    return out


def three_of_po_emo(rows):
    """Lines that both annotators put into the same one of the three classes: their places in `rows`, and the class."""
    found = []
    for k, (_, labels, _) in enumerate(rows):
        classes = [{PO_EMO[name] for name in of if name in PO_EMO} for of in labels]
        if len(classes[0] | classes[1]) == 1 and all(classes):
            found.append((k, *(classes[0] & classes[1])))
    return np.array(found)


def three_report(name, scores, truth):
    """Scores [N, 3] against classes: macro and weighted precision, recall and F1."""
    told = np.asarray(scores).argmax(1)
    cells = []
    for average in ("macro", "weighted"):
        p, r, f, _ = precision_recall_fscore_support(truth, told, average=average, zero_division=0, labels=[0, 1, 2])
        cells += [f"{100 * v:.1f}" for v in (p, r, f)]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def glad(rows):
    """Lines that both annotators call glad, or both sorry: their places, and 1 or 0."""
    found = []
    for k, (_, labels, _) in enumerate(rows):
        if all(of & GLAD and not of & SORRY for of in labels):
            found.append((k, 1))
        if all(of & SORRY and not of & GLAD for of in labels):
            found.append((k, 0))
    return np.array(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--model", type=Path, action="append", default=[])
    parser.add_argument("--skip-baselines", action="store_true")
    args = parser.parse_args()
    import compare

    compare.run(args)


if __name__ == "__main__":
    main()
