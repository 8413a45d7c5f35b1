"""Trains one fold, or the final fit on all tracks. Seeded; interrupted runs continue.

    python train.py --cache CACHE --runs RUNS --fold 0      (0 to 4, or `all`)
"""

import argparse
import csv
import math
import os
import time
from pathlib import Path

import numpy as np
import torch

from data import Corpus, augment
from model import EmotionNet, WINDOW

SEED = 7
STEPS = 500
BATCH = 32
PEAK_RATE = 2e-3
FRONT_RATE = 0.05      # the filter bank's share of the rate
FRONT_EVERY = 4        # steps between two updates of the filters: their gradient is costly
WEIGHT_DECAY = 0.02
WARM_UP = 60           # steps
AVERAGE = 0.99         # exponential average of the weights: what is evaluated and shipped
MIX_SHARE = 0.25       # share of windows blended with another one
SAVE_EVERY = 100       # steps


def make_batch(corpus: Corpus, tracks: list[dict], step: int, fold: str):
    """Batch of one step: waves [n, WINDOW], targets [n, 2], GEMS shares [n, 9] (NaN if none)."""
    rng = np.random.default_rng([SEED, sum(map(ord, fold)), step])
    chosen = [tracks[i] for i in rng.choice(len(tracks), BATCH, replace=False)]
    waves = np.stack([corpus.crop(track, WINDOW, rng) for track in chosen])
    targets = np.array([track["va"] for track in chosen], np.float32)
    gems = np.array([track["gems"] or [np.nan] * 9 for track in chosen], np.float32)
    waves /= np.sqrt(np.mean(waves ** 2, axis=1, keepdims=True)) + 1e-4
    mixed = int(BATCH * MIX_SHARE)
    share = rng.uniform(0.5, 1, (mixed, 1)).astype(np.float32)
    waves[:mixed] = (np.sqrt(share) * waves[:mixed]
                     + np.sqrt(1 - share) * waves[mixed:2 * mixed])
    for values in (targets, gems):
        values[:mixed] = share * values[:mixed] + (1 - share) * values[mixed:2 * mixed]
    waves *= 0.1
    return tuple(torch.from_numpy(v) for v in (augment(waves, rng), targets, gems))


def concordance(guess: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Concordance correlation coefficient of each column, [n, 2] to [2]."""
    covariance = ((guess - guess.mean(0)) * (truth - truth.mean(0))).mean(0)
    spread = guess.var(0, correction=0) + truth.var(0, correction=0)
    return 2 * covariance / (spread + (guess.mean(0) - truth.mean(0)) ** 2 + 1e-6)


def loss_of(outputs, gems_guess, targets, gems) -> torch.Tensor:
    """Beta-NLL (beta 1/2), concordance, and the GEMS shares where they are known."""
    mean, sigma = outputs[:, :2], outputs[:, 2:]
    likelihood = 0.5 * ((targets - mean) / sigma) ** 2 + sigma.log()
    nll = (likelihood * sigma.detach()).mean()
    known = ~gems.isnan()
    shares = (gems_guess - gems.nan_to_num())[known].square().mean()
    return nll + 0.3 * (1 - concordance(mean, targets)).mean() + 5 * shares


def rate_at(step: int, steps: int) -> float:
    """Share of the peak learning rate: linear warm-up, then a cosine to zero."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.5 + 0.5 * math.cos(math.pi * (step - WARM_UP) / (steps - WARM_UP))


def train(corpus: Corpus, fold: str, folder: Path, steps: int) -> None:
    """Fits on every track outside `fold`; leaves `folder/model.pt` and `folder/loss.csv`."""
    tracks = [t for t in corpus.tracks if str(t["fold"]) != fold]
    torch.manual_seed(SEED)
    net, average = EmotionNet(), EmotionNet()
    average.load_state_dict(net.state_dict())
    front = [net.filters.weight, net.bands]
    inside = {id(p) for p in front}
    rest = [p for p in net.parameters() if id(p) not in inside]
    optimiser = torch.optim.AdamW([dict(params=front, share=FRONT_RATE, weight_decay=0.0),
                                   dict(params=rest, share=1.0, weight_decay=WEIGHT_DECAY)])
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
            group["lr"] = PEAK_RATE * group["share"] * rate_at(step, steps)
        net.filters.weight.requires_grad_(step % FRONT_EVERY == 0)
        torch.manual_seed(SEED + step)
        waves, targets, gems = make_batch(corpus, tracks, step, fold)
        loss = loss_of(*net(waves), targets, gems)
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
            print(f"fold {fold} step {step + 1} loss {log[-1][1]:.4f} "
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--fold", required=True, choices=["0", "1", "2", "3", "4", "all"])
    parser.add_argument("--steps", type=int, default=STEPS, help="length of the schedule")
    options = parser.parse_args()
    torch.set_num_threads(1)
    train(Corpus(options.cache), options.fold, options.runs / f"fold{options.fold}", options.steps)
