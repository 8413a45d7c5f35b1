"""What others reach on the same tracks and folds: features that are not learned from ratings, with
a simple regression on top of them.

    python compare.py --cache CACHE --logs LOGS

Writes `compare.json`. The regressions' strength is chosen by leave-one-out inside each fold's
training tracks; no track is judged by a regression that saw it or its series.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import opensmile
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data import FOLDS, SAMPLE_RATE, Corpus
from evaluate import scores

STRENGTHS = np.logspace(0, 5, 16)
SECONDS = 30   # of each track that openSMILE is given, from its beginning


def tagger(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    """Means of the MusiCNN features of teacher.py over each track, [tracks, 1756]."""
    features, starts = np.load(cache / "teacher.npy"), np.load(cache / "patches.npy")
    inside = [(starts >= t["start"]) & (starts < t["start"] + t["length"]) for t in tracks]
    return np.stack([features[i].astype(np.float32).mean(0) for i in inside])


def smile(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    """The 88 eGeMAPSv02 functionals of each track."""
    extractor = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    waves = (corpus.whole(t)[:SECONDS * SAMPLE_RATE] for t in tracks)
    rows = [extractor.process_signal(wave, SAMPLE_RATE).to_numpy()[0] for wave in waves]
    return np.nan_to_num(np.stack(rows)).astype(np.float32)


def ridge():
    return make_pipeline(StandardScaler(), RidgeCV(STRENGTHS))


def boosting():
    return GradientBoostingRegressor(n_estimators=150, max_depth=3, learning_rate=0.05,
                                     subsample=0.7, max_features=0.3, random_state=0)


METHODS = {
    "MusiCNN features (published tagger), ridge": (tagger, ridge),
    "openSMILE eGeMAPS, ridge": (smile, ridge),
    "openSMILE eGeMAPS, gradient boosting": (smile, boosting),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--only", default="", help="methods whose name contains this")
    options = parser.parse_args()
    corpus = Corpus(options.cache)
    tracks = [t for t in corpus.tracks if t["va"]]
    path = options.logs / "compare.json"
    features, result = {}, json.loads(path.read_text()) if path.exists() else {}
    for name, (make, regression) in METHODS.items():
        if options.only not in name:
            continue
        if make not in features:
            features[make] = make(corpus, tracks, options.cache)
        result[name] = {}
        for data in ("emotify", "vgmidi"):
            members = np.array([i for i, t in enumerate(tracks) if t["set"] == data])
            truth = np.array([tracks[i]["va"] for i in members])
            fold = np.array([tracks[i]["fold"] for i in members])
            x, guess = features[make][members], np.zeros_like(truth)
            for held in range(FOLDS):
                for axis in range(2):
                    model = regression().fit(x[fold != held], truth[fold != held, axis])
                    guess[fold == held, axis] = model.predict(x[fold == held])
            result[name][data] = scores(guess, truth)
            print(name, data, {k: v for k, v in result[name][data].items() if k != "tracks"}, flush=True)
    rounded = json.loads(json.dumps(result, default=float), parse_float=lambda x: round(float(x), 4))
    path.write_text(json.dumps(rounded, indent=1) + "\n")


if __name__ == "__main__":
    main()
