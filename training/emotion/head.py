"""Fits the last layer of a trained network: ridge regression from its pooled frames to the ratings.

    python head.py --cache CACHE --runs RUNS --stage 0      (0 to 4, or `all`)

Leaves `judge.pt` beside the stage's `model.pt`. With so few rated tracks a closed form on what the
trunk has learned does better than the head that the trunk was trained with.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import Ridge, RidgeCV

from data import Corpus, no_music
from evaluate import WINDOW_FRAMES, load
from model import WINDOW

STRENGTHS = np.logspace(1, 5, 17)   # of the regression, chosen by leave-one-out
SIGMA_STRENGTH = 3000.0             # of the regression of the sigmas
NO_MUSIC = 60                       # windows that are no music
NO_MUSIC_SIGMA = 0.5                # that is expected of them, and their ratings are neutral
NORMAL_LOG_BIAS = 0.635             # by which the mean log |x| of a normal x lies below log sigma


@torch.no_grad()
def pooled(net, wave: np.ndarray) -> np.ndarray:
    """Mean over a recording's windows of its pooled frames, [768]."""
    frames = net.frames(torch.from_numpy(wave)[None])[0]
    windows = frames.unfold(1, WINDOW_FRAMES, WINDOW_FRAMES // 2).transpose(0, 1)
    return net.pool(windows).mean(0).numpy()


def fit(corpus: Corpus, stage: str, folder: Path) -> None:
    net = load(folder / "model.pt")
    tracks = [t for t in corpus.tracks if t["va"] and str(t["fold"]) != stage]
    rng = np.random.default_rng(0)
    noises = [10 ** rng.uniform(-2.5, -0.5) * no_music(WINDOW, rng) for _ in range(NO_MUSIC)]
    x = np.stack([pooled(net, corpus.whole(t)) for t in tracks] + [pooled(net, w) for w in noises])
    ratings = np.array([t["va"] for t in tracks] + [[0.0, 0.0]] * NO_MUSIC)
    music = np.arange(len(x)) < len(tracks)
    mean, deviation = x[music].mean(0), x[music].std(0) + 1e-4
    x = (x - mean) / deviation
    rows, shifts = [], []
    sigmas = np.full((len(x), 2), np.log(NO_MUSIC_SIGMA))
    for axis in range(2):
        model = RidgeCV(STRENGTHS, store_cv_results=True).fit(x, ratings[:, axis])
        best = list(STRENGTHS).index(model.alpha_)
        squares = model.cv_results_[music, best]
        sigmas[music, axis] = np.log(squares + 1e-4) / 2 + NORMAL_LOG_BIAS
        rows.append(model.coef_)
        shifts.append(model.intercept_)
        print(f"stage {stage} axis {axis}: strength {model.alpha_:.0f}, "
              f"leave-one-out error {np.sqrt(squares.mean()):.3f}", flush=True)
    for axis in range(2):
        model = Ridge(SIGMA_STRENGTH).fit(x, sigmas[:, axis])
        rows.append(model.coef_)
        shifts.append(model.intercept_)
    weight = np.stack(rows) / deviation
    with torch.no_grad():
        net.head.weight.copy_(torch.from_numpy(weight))
        net.head.bias.copy_(torch.from_numpy(np.array(shifts) - weight @ mean))
    torch.save(net.state_dict(), folder / "judge.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--stage", required=True, choices=["0", "1", "2", "3", "4", "all"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    fit(Corpus(options.cache), options.stage, options.runs / f"fold{options.stage}")
