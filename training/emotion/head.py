"""Fits the last layers of a trained network: ridge regression from what it hears to the ratings, which
is averaged with the head that was trained, and how far they may be off.

    python head.py --cache CACHE --runs RUNS --stage 0      (0 to 4, or `all`)

Leaves `judge.pt` beside the stage's `model.pt`. The closed form is the better judge of VGMIDI, the
trained head of Emotify.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import nnls
from sklearn.linear_model import RidgeCV

from data import Corpus, no_music
from evaluate import load
from model import DIRECTIONS, STRIDE, WINDOW, EmotionNet

STRENGTHS = np.logspace(1, 6, 21)   # of the regression, chosen by leave-one-out
SHARE = 0.5, 0.3                    # of the regression in valence and arousal; the rest is the head's
HOP = WINDOW // 2 // STRIDE * STRIDE
NO_MUSIC = 200                      # windows that are no music
NO_MUSIC_SIGMA = 0.7                # that is expected of them; their ratings are neutral
NO_MUSIC_WEIGHT = 0.1               # of one, beside a track's, in the regression of the ratings
NO_MUSIC_SHARE = 0.2                # of all together, beside all music's, in that of the sigmas
SIGMA_STRENGTH = 100.0              # that keeps the weights of the directions small
NORMAL_LOG_BIAS = 0.635             # by which the mean log |x| of a normal x lies below log sigma


@torch.no_grad()
def windows(net: EmotionNet, wave: np.ndarray) -> np.ndarray:
    """What the network hears in each window of a recording, [windows, FEATURES]."""
    return net.windows(torch.from_numpy(wave.astype(np.float32)), HOP).numpy()


def unusual(x: np.ndarray) -> np.ndarray:
    """The main directions [FEATURES, DIRECTIONS] of windows x; along each they have deviation 1."""
    values, vectors = np.linalg.eigh(np.cov(x.T))
    return (vectors / np.sqrt(np.maximum(values, 1e-9)))[:, ::-1][:, :DIRECTIONS]


def sigma_of(distance: np.ndarray, error: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fits log |error| [windows] by distances [windows, DIRECTIONS] whose share is never negative, so
    that what is unlike all that was learned is trusted less: their shares, then a constant."""
    ones = np.ones((len(distance), 1))
    columns = np.hstack([distance, ones, -ones]) * np.sqrt(weight)[:, None]
    target = (np.log(np.abs(error) + 0.01) + NORMAL_LOG_BIAS) * np.sqrt(weight)
    small = np.sqrt(SIGMA_STRENGTH) * np.eye(DIRECTIONS, DIRECTIONS + 2)
    shares, _ = nnls(np.vstack([columns, small]), np.concatenate([target, np.zeros(DIRECTIONS)]))
    return np.append(shares[:DIRECTIONS], shares[-2] - shares[-1])


def fit(corpus: Corpus, stage: str, folder: Path) -> None:
    net = load(folder / "model.pt")
    tracks = [t for t in corpus.tracks if t["va"] and str(t["fold"]) != stage]
    heard = [windows(net, corpus.whole(t)) for t in tracks]
    rng = np.random.default_rng(0)
    noises = [10 ** rng.uniform(-2.5, -0.5) * no_music(WINDOW, rng) for _ in range(NO_MUSIC)]
    nothing = np.concatenate([windows(net, wave) for wave in noises])
    x = np.stack([w.mean(0) for w in heard])
    mean, deviation = x.mean(0), x.std(0) + 1e-4
    x, nothing = (x - mean) / deviation, (nothing - mean) / deviation
    track = np.repeat(np.arange(len(tracks)), [len(w) for w in heard])
    heard = (np.concatenate(heard) - mean) / deviation
    directions = unusual(heard)
    centre = heard.mean(0)
    distance = np.abs((np.concatenate([heard, nothing]) - centre) @ directions)
    weight = np.where(np.arange(len(distance)) < len(heard), 1.0,
                      NO_MUSIC_SHARE * len(heard) / len(nothing)) * len(tracks) / len(heard)

    ratings = np.array([t["va"] for t in tracks])
    rows, shifts, sigmas = [], [], []
    for axis in range(2):
        model = RidgeCV(STRENGTHS, store_cv_results=True).fit(
            np.concatenate([x, nothing]),
            np.concatenate([ratings[:, axis], np.zeros(len(nothing))]),
            np.concatenate([np.ones(len(x)), np.full(len(nothing), NO_MUSIC_WEIGHT)]))
        rows.append(model.coef_)
        shifts.append(model.intercept_)
        # A track's error when it was left out, and how far a window of it is from its mean.
        best = RidgeCV(model.alpha_, store_cv_results=True).fit(x, ratings[:, axis])
        away = np.sqrt(best.cv_results_[:, 0]) * np.sign(best.predict(x) - ratings[:, axis])
        error = away[track] + (heard - x[track]) @ model.coef_
        error = np.concatenate([error, np.full(len(nothing), NO_MUSIC_SIGMA)])
        sigmas.append(sigma_of(distance, error, weight))
        print(f"stage {stage} axis {axis}: strength {model.alpha_:.0f}, "
              f"leave-one-out error {np.sqrt(np.mean(away ** 2)):.3f}", flush=True)
    rows = np.concatenate([np.stack(rows), directions.T])
    shifts = np.concatenate([shifts, -centre @ directions])
    net.set_head(SHARE, rows / deviation, shifts - (rows / deviation) @ mean, np.stack(sigmas))
    torch.save(net.state_dict(), folder / "judge.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--stage", required=True, choices=["0", "1", "2", "3", "4", "all"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    fit(Corpus(options.cache), options.stage, options.runs / f"fold{options.stage}")
