"""What others reach on the same tracks and folds: features that are not learned from ratings, with
a simple regression on top of them. `baselines.py` adds networks that are trained from scratch.

    python compare.py --cache CACHE --logs LOGS
    python compare.py --logs LOGS --table

Writes `compare.json`: of every method the scores of each set, `weights`, `multiply_adds` for a
second of a stream with four estimates, and `milliseconds` of one estimate on one CPU thread; those
of the features alone, for a regression adds next to nothing. A ridge regression's strength is
chosen by leave-one-out inside each fold's training tracks; no track is judged by a regression that
saw it or its series. `--table` prints it all, and our own network's scores of `folds.json`, in
Markdown.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import opensmile
import torch
from safetensors.torch import load_file
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data import FOLDS, SAMPLE_RATE, Corpus
from evaluate import judge_track, scores
from model import (BAND_SPAN, BAND_STEP, WINDOW, EmotionNet, bank_multiply_adds_per_second,
                   chroma_of, key_profiles, multiply_adds_per_second, tonal_of)

STRENGTHS = np.logspace(0, 5, 16)
SECONDS = 30       # of each track that openSMILE is given, from its beginning
REPEATS = 31       # of a measurement of time
OURS = "this network"
SHIPPED = Path(__file__).parents[2] / "models" / "emotion.safetensors"
SETS = {"emotify": "Emotify", "vgmidi": "VGMIDI"}
# Of MSD_musicnn's graph: its trainable variables, its convolutions and dense layers over four
# windows of 187 frames (3 s) a second, and one such window in TensorFlow on one thread.
MUSICNN = dict(weights=787_159, multiply_adds=4 * 1_398_553_584, milliseconds=99.0)


def measure(work) -> float:
    """Milliseconds of CPU that one call of `work` takes: the median of many."""
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - began))
    return float(np.median(taken))


def record(logs: Path, name: str, entry: dict) -> None:
    """Writes one method into `compare.json`, beside those that are there."""
    path = logs / "compare.json"
    result = json.loads(path.read_text()) if path.exists() else {}
    result[name] = json.loads(json.dumps(entry, default=float),
                              parse_float=lambda x: round(float(x), 4))
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(name, result[name], flush=True)


def extractor() -> opensmile.Smile:
    return opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)


def tagger(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    """Means of the MusiCNN features of teacher.py over each track, [tracks, 1756]."""
    features, starts = np.load(cache / "teacher.npy"), np.load(cache / "patches.npy")
    inside = [(starts >= t["start"]) & (starts < t["start"] + t["length"]) for t in tracks]
    return np.stack([features[i].astype(np.float32).mean(0) for i in inside])


@torch.no_grad()
def tonal(net: EmotionNet, wave: np.ndarray) -> np.ndarray:
    """Mean over a recording's windows of what our network hears of keys and intervals, [TONAL]."""
    chroma = chroma_of(net.bands(torch.from_numpy(wave)[None]))[0]
    rows = 1 + (WINDOW - BAND_SPAN) // BAND_STEP
    windows = chroma.unfold(1, rows, rows // 2).mean(-1).T
    return tonal_of(windows, key_profiles()).mean(0).numpy()


def keys(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    net = EmotionNet()
    return np.stack([tonal(net, corpus.whole(t)) for t in tracks])


def tagger_and_keys(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    return np.hstack([tagger(corpus, tracks, cache), keys(corpus, tracks, cache)])


def keys_costs(corpus: Corpus) -> dict:
    net, wave = EmotionNet(), corpus.whole(corpus.tracks[0])[:WINDOW]
    return dict(multiply_adds=int(bank_multiply_adds_per_second()),
                milliseconds=measure(lambda: tonal(net, wave)))


def tagger_and_keys_costs(corpus: Corpus) -> dict:
    costs = keys_costs(corpus)
    return MUSICNN | {name: MUSICNN[name] + cost for name, cost in costs.items()}


def smile(corpus: Corpus, tracks: list[dict], cache: Path) -> np.ndarray:
    """The 88 eGeMAPSv02 functionals of each track, kept in `smile.npy`: they take minutes."""
    path = cache / "smile.npy"
    if path.exists():
        return np.load(path)
    make = extractor()
    waves = (corpus.whole(t)[:SECONDS * SAMPLE_RATE] for t in tracks)
    rows = [make.process_signal(wave, SAMPLE_RATE).to_numpy()[0] for wave in waves]
    features = np.nan_to_num(np.stack(rows)).astype(np.float32)
    np.save(path, features)
    return features


def smile_costs(corpus: Corpus) -> dict:
    """What the functionals of one window as long as ours take; nothing in them is learned."""
    make, wave = extractor(), corpus.whole(corpus.tracks[0])[:WINDOW]
    return dict(milliseconds=measure(lambda: make.process_signal(wave, SAMPLE_RATE)))


def tagger_costs(corpus: Corpus) -> dict:
    return MUSICNN


def ridge():
    return make_pipeline(StandardScaler(), RidgeCV(STRENGTHS))


def boosting():
    return GradientBoostingRegressor(n_estimators=150, max_depth=3, learning_rate=0.05,
                                     subsample=0.7, max_features=0.3, random_state=0)


METHODS = {
    "MusiCNN features (published tagger), ridge": (tagger, ridge, tagger_costs),
    "our keys and intervals alone, ridge": (keys, ridge, keys_costs),
    "MusiCNN features, our keys and intervals, ridge": (tagger_and_keys, ridge,
                                                        tagger_and_keys_costs),
    "openSMILE eGeMAPS, ridge": (smile, ridge, smile_costs),
    "openSMILE eGeMAPS, gradient boosting": (smile, boosting, smile_costs),
}


def judged(tracks: list[dict], features: np.ndarray, regression) -> dict:
    """Scores of each set, by regressions that were fitted to its other folds."""
    result = {}
    for data in SETS:
        members = np.array([i for i, t in enumerate(tracks) if t["set"] == data])
        truth = np.array([tracks[i]["va"] for i in members])
        fold = np.array([tracks[i]["fold"] for i in members])
        x, guess = features[members], np.zeros_like(truth)
        for held in range(FOLDS):
            for axis in range(2):
                model = regression().fit(x[fold != held], truth[fold != held, axis])
                guess[fold == held, axis] = model.predict(x[fold == held]).clip(-1, 1)
        result[data] = scores(guess, truth)
    return result


def own_costs() -> dict:
    """Weights that ship, multiply-adds that a stream takes, milliseconds of a whole window."""
    net = EmotionNet().eval()
    wave = 0.1 * np.random.default_rng(0).standard_normal(WINDOW, dtype=np.float32)
    return dict(weights=sum(layer.numel() for layer in load_file(SHIPPED).values()),
                multiply_adds=int(multiply_adds_per_second()),
                milliseconds=measure(lambda: judge_track(net, wave)))


def table(logs: Path) -> str:
    """Markdown: the scores on each set, then the costs."""
    methods = json.loads((logs / "compare.json").read_text())
    folds = json.loads((logs / "folds.json").read_text())
    ours = methods.pop(OURS) | {data: folds[data]["all"] for data in SETS}
    methods = {OURS: ours} | methods
    lines = []
    for data, heading in SETS.items():
        lines += [f"| {heading} | valence r | CCC | R² | arousal r | CCC | R² | quadrant | F1 "
                  "| class | F1 |", "|---" * 11 + "|"]
        for name, entry in methods.items():
            scored = entry[data]
            cells = [f"{scored[axis][figure]:.2f}" for axis in ("valence", "arousal")
                     for figure in ("r", "ccc", "r2")]
            for sort in ("quadrant", "class"):
                cells += [f"{100 * scored[sort]:.0f} %", f"{scored[sort + '_f1']:.2f}"]
            missing = folds[data]["all"]["tracks"] - scored["tracks"]
            title = f"{name} ({scored['tracks']} tracks)" if missing else name
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += ["| costs | weights | M multiply-adds a second | ms a window |", "|---" * 4 + "|"]
    for name, entry in methods.items():
        counts = [entry.get("weights"), entry.get("multiply_adds")]
        cells = [f"{counts[0]:,}" if counts[0] else "–",
                 f"{counts[1] / 1e6:,.0f}" if counts[1] else "–", f"{entry['milliseconds']:.1f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--only", default="", help="methods whose name contains this")
    parser.add_argument("--table", action="store_true", help="print what is in the logs")
    options = parser.parse_args()
    if options.table:
        print(table(options.logs))
        return
    torch.set_num_threads(1)
    if options.only in OURS:
        record(options.logs, OURS, own_costs())
    corpus = Corpus(options.cache)
    tracks = [t for t in corpus.tracks if t["va"]]
    features = {}
    for name, (make, regression, costs) in METHODS.items():
        if options.only not in name:
            continue
        if make not in features:
            features[make] = make(corpus, tracks, options.cache)
        record(options.logs, name, judged(tracks, features[make], regression) | costs(corpus))


if __name__ == "__main__":
    main()
