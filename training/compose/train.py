"""Trains the network; the same command goes on where it was.

    python train.py FELT.npz OUT --minutes 40
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from bars import A_END, M_PLACE, TOKENS
from network import CLASSES, Network

LENGTH, BATCH = 384, 24
HELD = 20  # every such piece is held out


def streams(data):
    """Tokens, the facts of each [FACTS], what its bar's chords have been so far [24], and the piece, of every token."""
    tokens, lengths = data["tokens"].astype(np.int64), data["lengths"].astype(np.int64)
    bar = np.repeat(np.arange(len(lengths)), lengths)
    first = np.cumsum(lengths) - lengths
    place = np.arange(len(tokens)) - first[bar]
    classes = CLASSES.numpy()
    chords = np.zeros((len(tokens), 24), np.float32)
    for half in range(2):
        assert (tokens[first + half] < M_PLACE).all()
        known = place > half
        chords[known, 12 * half:12 * half + 12] = classes[tokens[first + half][bar[known]]]
    return tokens, bar, chords, data["piece"][bar]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--lr", type=float, default=2e-3)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    random = np.random.default_rng()
    tokens, bar, chords, piece = streams(np.load(options.data))
    facts = np.concatenate([np.load(options.data)[key] for key in ("facts", "mood")], 1)
    before = np.concatenate([[A_END], tokens[:-1]])
    held = piece % HELD == 0
    starts = np.flatnonzero(np.r_[True, bar[1:] != bar[:-1]])
    starts = starts[starts + LENGTH < len(tokens)]
    starts = starts[piece[starts] == piece[starts + LENGTH]]
    train, test = starts[~held[starts]], starts[held[starts]][::40]
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), options.lr, weight_decay=0.02)
    path, step, done = options.out / "checkpoint.pt", 0, 0.0
    if path.exists():
        saved = torch.load(path)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        step, done = saved["step"], saved["minutes"]

    def loss_of(at):
        at = at[:, None] + np.arange(LENGTH)
        known = torch.from_numpy(facts[bar[at]])
        told, _ = network(torch.from_numpy(before[at]), known, torch.from_numpy(chords[at]))
        return functional.cross_entropy(told.reshape(-1, TOKENS), torch.from_numpy(tokens[at].reshape(-1)))

    def keep(minutes, heard):
        network.eval()
        with torch.no_grad():
            unheard = loss_of(test[:64]).item()
        network.train()
        print(f"{minutes:.1f} min, step {step}: {heard:.3f}, held out {unheard:.3f} nats a token", flush=True)
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
                    "minutes": minutes}, path)

    began, loss = time.time(), torch.tensor(float("nan"))
    while (minutes := done + (time.time() - began) / 60) < options.minutes:
        for group in optimizer.param_groups:
            group["lr"] = options.lr * max(0.02, 1 - minutes / options.minutes) * min(1, (step + 1) / 100)
        loss = loss_of(random.choice(train, BATCH))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 200 == 0:
            keep(minutes, loss.item())
    keep(options.minutes, loss.item())


if __name__ == "__main__":
    main()
