"""Scores the folds: each track is judged by the network that never heard it or its series.

    python evaluate.py --cache CACHE --runs RUNS --logs LOGS

Writes `folds.json` (all figures), `predictions.csv` (one line a track: means over its windows)
and `loss.csv` (the training loss of every fold).
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

from data import FOLDS, Corpus
from model import HOP, EmotionNet

AXES = ("valence", "arousal")
# The eight classes of ArtEmis on the circumplex, as crates/networks/src/emotion/circumplex.rs has them.
CLASS_POINTS = np.array([[0.55, 0.20], [0.82, -0.56], [0.42, 0.89], [0.70, 0.72],
                         [-0.42, 0.78], [-0.67, 0.49], [-0.11, 0.78], [-0.82, -0.40]])
PARTS = 5          # of all tracks, by the sigma expected of them, for the curve of the error
GAINS = (-12, 0, 6)   # decibels: the first fold's recordings as they are, softer and louder


@torch.no_grad()
def judge_track(net: EmotionNet, wave: np.ndarray) -> np.ndarray:
    """Estimates of every window at a hop of `HOP`: wave [samples] to [windows, 4]."""
    outputs = net.judge(net.windows(torch.from_numpy(wave), HOP))
    outputs[:, :2] = outputs[:, :2].clamp(-1, 1)
    return outputs.numpy()


def scores(guess: np.ndarray, truth: np.ndarray) -> dict:
    """Pearson r, concordance, R2, mean absolute error of two columns; quadrants and classes."""
    result = {}
    for axis, name in enumerate(AXES):
        g, t = guess[:, axis], truth[:, axis]
        covariance = np.mean((g - g.mean()) * (t - t.mean()))
        result[name] = dict(
            r=covariance / (g.std() * t.std() + 1e-9),
            ccc=2 * covariance / (g.var() + t.var() + (g.mean() - t.mean()) ** 2),
            r2=1 - np.mean((g - t) ** 2) / t.var(),
            mae=np.mean(np.abs(g - t)))
    quadrant = lambda point: 2 * (point[:, 0] > 0) + (point[:, 1] > 0)
    nearest = lambda point: ((point[:, None] - CLASS_POINTS) ** 2).sum(-1).argmin(1)
    for name, sort in (("quadrant", quadrant), ("class", nearest)):
        found, meant = sort(guess), sort(truth)
        result[name] = np.mean(found == meant)
        result[f"{name}_f1"] = np.mean([
            2 * np.sum((found == kind) & (meant == kind)) / np.sum((found == kind) * 1 + (meant == kind))
            for kind in np.unique(meant)])
    result["tracks"] = len(truth)
    return result


def load(path: Path) -> EmotionNet:
    """A trained network, ready to judge."""
    net = EmotionNet()
    net.load_state_dict(torch.load(path, weights_only=True))
    return net.eval()


def judge_all(corpus: Corpus, runs: Path, folds: list[int], gain: float) -> dict[str, np.ndarray]:
    """Windows [windows, 4] of each track, by its own fold's network, played at `gain`."""
    judged = {}
    for fold in folds:
        net = load(runs / f"fold{fold}" / "judge.pt")
        for track in corpus.tracks:
            if track["fold"] == fold:
                wave = np.clip(corpus.whole(track) * gain, -1, 1).astype(np.float32)
                judged[track["file"]] = judge_track(net, wave)
    return judged


def report(tracks: list[dict], judged: dict[str, np.ndarray]) -> dict:
    """Scores of each set, each of its folds and each genre."""
    def of(members):
        guess = np.array([judged[t["file"]][:, :2].mean(0) for t in members])
        return scores(guess, np.array([t["va"] for t in members]))
    def split(members, key):
        return {value: of([t for t in members if t[key] == value])
                for value in sorted({t[key] for t in members})}
    result = {}
    for name in ("emotify", "vgmidi"):
        members = [t for t in tracks if t["set"] == name]
        result[name] = dict(all=of(members), folds=split(members, "fold"),
                            genres=split(members, "genre"))
    return result


def confidence(tracks: list[dict], judged: dict[str, np.ndarray]) -> dict:
    """How honest the sigmas are: errors within one and two, r of sigma with |error|, and the mean
    error of the tracks by their sigma, a fifth of them each (`curve`: sigma, error)."""
    result = {}
    for axis, name in enumerate(AXES):
        sigma = np.array([judged[t["file"]][:, 2 + axis].mean() for t in tracks])
        error = np.array([abs(judged[t["file"]][:, axis].mean() - t["va"][axis]) for t in tracks])
        parts = np.array_split(np.argsort(sigma), PARTS)
        result[name] = dict(curve=[[sigma[p].mean(), error[p].mean()] for p in parts],
                            within_1=np.mean(error < sigma), within_2=np.mean(error < 2 * sigma),
                            scale=np.sqrt(np.mean((error / sigma) ** 2)),
                            r=np.corrcoef(sigma, error)[0, 1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(FOLDS)))
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = Corpus(options.cache)
    tracks = [t for t in corpus.tracks if t["fold"] in options.folds]
    judged = judge_all(corpus, options.runs, options.folds, 1.0)
    result = report(tracks, judged)
    result["confidence"] = confidence(tracks, judged)
    result["gains_db"] = {}
    first = options.folds[:1]
    heard = [t for t in tracks if t["fold"] in first]
    for decibels in GAINS:
        played = report(heard, judge_all(corpus, options.runs, first, 10 ** (decibels / 20)))
        result["gains_db"][decibels] = {name: scored["all"] for name, scored in played.items()}
    options.logs.mkdir(parents=True, exist_ok=True)
    rounded = json.loads(json.dumps(result, default=float), parse_float=lambda x: round(float(x), 4))
    (options.logs / "folds.json").write_text(json.dumps(rounded, indent=1) + "\n")
    with open(options.logs / "predictions.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["set", "fold", "genre", "file", "valence", "arousal", "guess_valence",
                        "guess_arousal", "sigma_valence", "sigma_arousal"])
        for t in tracks:
            table.writerow([t["set"], t["fold"], t["genre"], t["file"], *t["va"],
                            *np.round(judged[t["file"]].mean(0), 4)])
    with open(options.logs / "loss.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["stage", "step", "loss"])
        for path in sorted(options.runs.glob("*/loss.csv")):
            for row in list(csv.reader(open(path)))[1:]:
                table.writerow([path.parent.name.removeprefix("fold"), row[0], round(float(row[1]), 4)])
    for name in ("emotify", "vgmidi"):
        print(name, {k: rounded[name]["all"][k] for k in ("valence", "arousal", "quadrant")})
    print("confidence", rounded["confidence"])


if __name__ == "__main__":
    main()
