"""Train the network that hears beats.

    python train.py OUT --hops HOPS --beats BEATS --minutes 60

HOPS holds what the analyser hears of songs (examples/hops.rs), BEATS their beats, by the same names. The same command
goes on with what OUT holds. Every tenth song is kept aside and tells how well it goes.
"""

import argparse
import time
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from data import load
from network import BeatNetwork

LENGTH = 2560  # hops of an excerpt in training, half a minute
WEIGHTS = (1.0, 2.0)  # of what is told of beats, of downbeats: these are fewer


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--hops", action="append", required=True)
    parser.add_argument("--beats", action="append", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def is_aside(name):
    """Whether a song tests; the kinds of songs come by turns."""
    return zlib.crc32(name.encode()) % 10 == 0


def excerpts(songs, count, random):
    """`count` random excerpts: inputs [N, INPUTS, LENGTH], targets [N, 2, LENGTH], weights of what is known."""
    x, y, w = [], [], []
    for _ in range(count):
        _, heard, target, bars = songs[random.integers(len(songs))]
        begin = random.integers(max(1, len(heard) - LENGTH + 1))
        part = slice(begin, begin + LENGTH)
        pad = ((0, max(0, LENGTH - len(heard))), (0, 0))
        known = np.ones((len(heard[part]), 2), np.float32) * (1, float(bars)) * WEIGHTS
        for out, of in ((x, heard[part]), (y, target[part]), (w, known)):
            out.append(np.pad(of, pad).T)
    return (torch.from_numpy(np.stack(part).astype(np.float32)) for part in (x, y, w))


def loss_of(network, x, y, w, drop=0.1):
    return (F.binary_cross_entropy_with_logits(network(x, drop), y, reduction="none") * w).mean()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    songs = [song for pair in zip(args.hops, args.beats, strict=True) for song in load(*pair)]
    aside = [song for song in songs if is_aside(song[0])]
    songs = [song for song in songs if not is_aside(song[0])]
    hours = sum(len(song[1]) for song in songs) * 0.4 / 34 / 3600
    print(f"{len(songs)} songs of {hours:.1f} hours, {len(aside)} aside", flush=True)
    torch.manual_seed(0)
    network = BeatNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), lr=args.lr, weight_decay=1e-4)
    averaged = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    step, checkpoint = 0, args.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        averaged, step = state["averaged"], state["step"]
    random, begin, said, losses = np.random.default_rng(step), time.monotonic(), 0.0, []
    test = list(excerpts(aside, 4 * args.batch, np.random.default_rng(0))) if aside else None
    while True:
        place = (time.monotonic() - begin) / 60 / args.minutes
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 100) * min(1, max(0.02, (1 - place) / 0.5))
        network.train()
        loss = loss_of(network, *excerpts(songs, args.batch, random))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        decay = min(0.995, (1 + step) / (10 + step))
        for name, tensor in network.state_dict().items():
            averaged[name].lerp_(tensor, 1 - decay)
        losses.append(loss.item())
        if time.monotonic() - said > 60 or place >= 1:
            said = time.monotonic()
            mean = BeatNetwork()
            mean.load_state_dict(averaged)
            with torch.no_grad():
                tested = loss_of(mean.eval(), *test).item() if test else float("nan")
            print(f"step {step} loss {np.mean(losses):.4f} aside {tested:.4f}", flush=True)
            losses = []
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "averaged": averaged, "step": step}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
        if place >= 1:
            return


if __name__ == "__main__":
    main()
