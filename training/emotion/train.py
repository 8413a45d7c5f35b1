"""Trains the network in two stages. Seeded; interrupted runs continue.

    python train.py --cache CACHE --runs RUNS --stage distil   learn to hear what the tagger hears
    python train.py --cache CACHE --runs RUNS --stage 0        learn people's ratings, without fold 0
                                                               (0 to 4; `all` leaves none out)

`distil` sees the unlabelled music only, so nothing of a fold's held-out tracks, not even their
sound, reaches the network that judges them. Each fit on ratings starts from it.
"""

import argparse
import csv
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import RidgeCV

from data import Corpus, augment_bands, no_music
from model import BAND_SPAN, BAND_STEP, EMBEDDING, PATCH_WINDOW, EmotionNet

SEED = 7
STEPS = dict(distil=7500, ratings=1500)
PEAK_RATE = dict(distil=1.5e-3, ratings=6e-4)
BATCH = 32
RATED = 20             # windows of a batch of the second stage that people rated
NOTHING = 2            # windows of it that are no music; the rest is unlabelled music
NOTHINGS = 400         # different ones
PATCH_ROWS = 1 + (PATCH_WINDOW - BAND_SPAN) // BAND_STEP
STRETCH = 0.06         # by how much of itself a window may be faster or slower
NOTHING_SPREAD = 0.5   # deviation of the ratings that are made up for what is no music
WEIGHT_DECAY = 0.02
WARM_UP = 60           # steps
AVERAGE = 0.995        # exponential average of the weights: what is evaluated and shipped
MIX_SHARE = 0.25       # share of windows blended with another one
EMBEDDING_WEIGHT = 0.5  # of the tagger's embedding beside the ratings
TAGGER_WEIGHT = 6.0    # of the ratings that a regression on the tagger's features gives
STRENGTHS = np.logspace(2, 6, 13)  # of that regression, chosen by leave-one-out
SAVE_EVERY = 100       # steps


class Patches:
    """Three seconds each: `start` in the audio, `track`, and the tagger's `embedding` of them."""

    def __init__(self, corpus: Corpus, cache: Path):
        self.start = np.load(cache / "patches.npy")
        begins = np.array([track["start"] for track in corpus.tracks])
        self.track = np.searchsorted(begins, self.start, "right") - 1
        free = np.array([track["set"] == "unlabelled" for track in corpus.tracks])[self.track]
        features = np.load(cache / "teacher.npy").astype(np.float32)
        # Main directions of the unlabelled music alone; the smaller ones count for more than their
        # variance, because mood is not what varies most.
        mean, deviation = features[free].mean(0), features[free].std(0) + 1e-3
        self.features = features = (features - mean) / deviation
        values, vectors = np.linalg.eigh(np.cov(features[free].T))
        values, vectors = values[::-1][:EMBEDDING], vectors[:, ::-1][:, :EMBEDDING]
        scale = values ** -0.25
        scale /= np.sqrt(np.mean(values * scale ** 2))
        self.embedding = ((features @ vectors) * scale).astype(np.float32)

    def tagger_ratings(self, corpus: Corpus, groups: list[np.ndarray]) -> np.ndarray:
        """Valence and arousal [patches, 2] by ridge regression from the tagger's features, fitted
        to the ratings of the tracks that `groups` belong to."""
        means = np.stack([self.features[group].mean(0) for group in groups])
        ratings = np.array([corpus.tracks[self.track[group[0]]]["va"] for group in groups])
        fits = [RidgeCV(STRENGTHS).fit(means, ratings[:, axis]) for axis in range(2)]
        return np.stack([fit.predict(self.features) for fit in fits], 1).astype(np.float32)

    def of(self, wanted) -> list[np.ndarray]:
        """Numbers of the patches whose track `wanted` takes, by track."""
        numbers = np.flatnonzero([wanted(i) for i in self.track])
        return np.split(numbers, np.flatnonzero(np.diff(self.track[numbers])) + 1)


def draw(groups: list[np.ndarray], count: int, rng: np.random.Generator) -> list[int]:
    """`count` patches of different tracks."""
    chosen = rng.choice(len(groups), count, replace=len(groups) < count)
    return [int(rng.choice(groups[i])) for i in chosen]


class Source:
    """Windows of bands: of the corpus's patches, and of what is no music."""

    def __init__(self, cache: Path, corpus: Corpus, net: EmotionNet):
        self.corpus = corpus
        self.patches = Patches(corpus, cache)
        self.rows = np.load(cache / "bands.npy")
        rng = np.random.default_rng(SEED)
        waves = [10 ** rng.uniform(-2.5, -0.5) * no_music(PATCH_WINDOW, rng) for _ in range(NOTHINGS)]
        with torch.no_grad():
            bands = [net.bands(torch.from_numpy(w.astype(np.float32))[None])[0].T for w in waves]
        self.nothing = torch.stack(bands).numpy()

    def window(self, start: int, rng: np.random.Generator) -> np.ndarray:
        """Bands [PATCH_ROWS, BANDS] from near sample `start` on, a little faster or slower."""
        first = max(0, start // BAND_STEP + rng.integers(-3, 4))
        place = np.arange(PATCH_ROWS) * rng.uniform(1 - STRETCH, 1 + STRETCH)
        below = place.astype(np.int64)
        share = (place - below)[:, None].astype(np.float32)
        below = np.minimum(first + below, len(self.rows) - 2)
        return self.rows[below] * (1 - share) + self.rows[below + 1] * share

    def batch(self, tagged, rated, free, seed: list[int]):
        """Bands [n, BANDS, rows], embedding [n, 128], the tagger's ratings [n, 2], people's ratings
        [n, 2], GEMS [n, 9]; NaN where there are none."""
        rng, patches, tracks = np.random.default_rng(seed), self.patches, self.corpus.tracks
        numbers = draw(rated, RATED, rng) if rated else []
        numbers += draw(free, BATCH - len(numbers), rng)
        rng.shuffle(numbers)
        windows = torch.from_numpy(np.stack([self.window(patches.start[i], rng) for i in numbers]))
        tracks = [tracks[patches.track[i]] for i in numbers]
        ratings = np.array([t["va"] or [np.nan] * 2 for t in tracks], np.float32)
        gems = np.array([t["gems"] or [np.nan] * 9 for t in tracks], np.float32)
        embedding, tagged = patches.embedding[numbers], tagged[numbers]
        if rated:
            mixed = int(BATCH * MIX_SHARE)
            share = rng.uniform(0.5, 1, (mixed, 1)).astype(np.float32)
            weight = torch.from_numpy(share)[:, None]
            windows[:mixed] = torch.logaddexp(windows[:mixed] + weight.log(),
                                              windows[mixed:2 * mixed] + (1 - weight).log())
            for values in (ratings, gems, embedding, tagged):
                values[:mixed] = share * values[:mixed] + (1 - share) * values[mixed:2 * mixed]
            # Any mood may be read into what is no music: the network learns that it cannot know.
            windows[-NOTHING:] = torch.from_numpy(self.nothing[rng.choice(NOTHINGS, NOTHING)])
            ratings[-NOTHING:] = NOTHING_SPREAD * rng.standard_normal((NOTHING, 2))
            gems[-NOTHING:], embedding[-NOTHING:] = np.nan, np.nan
        targets = map(torch.from_numpy, (embedding, tagged, ratings, gems))
        return augment_bands(windows, rng).transpose(1, 2), *targets


def concordance(guess: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Concordance correlation coefficient of each column, [n, 2] to [2]."""
    covariance = ((guess - guess.mean(0)) * (truth - truth.mean(0))).mean(0)
    spread = guess.var(0, correction=0) + truth.var(0, correction=0)
    return 2 * covariance / (spread + (guess.mean(0) - truth.mean(0)) ** 2 + 1e-6)


def loss_of(answers, embedding, tagged, ratings, gems) -> torch.Tensor:
    """The embedding's error; with ratings beta-NLL (beta 1/2), concordance, GEMS shares and the
    error from the tagger's ratings too."""
    outputs, gems_guess, embedding_guess = answers
    music = ~embedding[:, 0].isnan()
    likeness = (embedding_guess - embedding)[music].square().mean()
    rated = ~ratings[:, 0].isnan()
    if not rated.any():
        return likeness
    mean, sigma, truth = outputs[rated, :2], outputs[rated, 2:], ratings[rated]
    likelihood = 0.5 * ((truth - mean) / sigma) ** 2 + sigma.log()
    nll = (likelihood * sigma.detach()).mean()
    agreement = concordance(outputs[rated & music, :2], ratings[rated & music])
    known = ~gems.isnan()
    shares = (gems_guess - gems.nan_to_num())[known].square().mean()
    likeness = EMBEDDING_WEIGHT * likeness
    likeness += TAGGER_WEIGHT * (outputs[music, :2] - tagged[music]).square().mean()
    return nll + 0.3 * (1 - agreement).mean() + 5 * shares + likeness


def rate_at(step: int, steps: int) -> float:
    """Share of the peak learning rate: linear warm-up, then a cosine to zero."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.5 + 0.5 * math.cos(math.pi * (step - WARM_UP) / (steps - WARM_UP))


def train(cache: Path, stage: str, runs: Path, steps: int) -> None:
    """Runs one stage; leaves `model.pt` and `loss.csv` in its folder below `runs`."""
    torch.manual_seed(SEED)
    rated = stage != "distil"
    net, average = (EmotionNet(dropout=0.2 if rated else 0.0) for _ in range(2))
    corpus = Corpus(cache)
    source, tracks = Source(cache, corpus, net), corpus.tracks
    free = source.patches.of(lambda i: tracks[i]["set"] == "unlabelled")
    tagged = np.full((len(source.patches.start), 2), np.nan, np.float32)
    if rated:
        rated = source.patches.of(lambda i: tracks[i]["va"] and str(tracks[i]["fold"]) != stage)
        tagged = source.patches.tagger_ratings(corpus, rated)
        net.load_state_dict(torch.load(runs / "distil" / "model.pt", weights_only=True))
    peak = PEAK_RATE["ratings" if rated else "distil"]
    average.load_state_dict(net.state_dict())
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY)
    folder = runs / (f"fold{stage}" if rated else stage)
    folder.mkdir(parents=True, exist_ok=True)
    resume, first, log = folder / "resume.pt", 0, []
    if resume.exists():
        state = torch.load(resume, weights_only=True)
        first, log = state["step"], state["log"]
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
    began, total = time.time(), 0.0
    for step in range(first, steps):
        for group in optimiser.param_groups:
            group["lr"] = peak * rate_at(step, steps)
        torch.manual_seed(SEED + step)
        bands, *targets = source.batch(tagged, rated, free, [SEED, sum(map(ord, stage)), step])
        loss = loss_of(net(bands), *targets)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            decay = min(AVERAGE, (step + 1) / (step + 10))
            for kept, new in zip(average.state_dict().values(), net.state_dict().values()):
                kept.lerp_(new, 1 - decay) if kept.is_floating_point() else kept.copy_(new)
        total += loss.item()
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            log.append([step + 1, total / (step % SAVE_EVERY + 1)])
            print(f"{folder.name} step {step + 1} loss {log[-1][1]:.4f} "
                  f"{(time.time() - began) / (step + 1 - first):.2f} s a step", flush=True)
            total = 0.0
            state = dict(step=step + 1, net=net.state_dict(), average=average.state_dict(),
                         optimiser=optimiser.state_dict(), log=log)
            torch.save(state, folder / "resume.tmp")
            os.replace(folder / "resume.tmp", resume)
            torch.save(average.state_dict(), folder / "model.pt")
            with open(folder / "loss.csv", "w", newline="") as file:
                csv.writer(file).writerows([["step", "loss"], *log])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--stage", required=True, choices=["distil", "0", "1", "2", "3", "4", "all"])
    parser.add_argument("--steps", type=int, help="length of the schedule")
    options = parser.parse_args()
    torch.set_num_threads(1)
    steps = options.steps or STEPS["distil" if options.stage == "distil" else "ratings"]
    train(options.cache, options.stage, options.runs, steps)
