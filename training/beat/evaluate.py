"""Beats and bars of songs from what is heard of their hops: python evaluate.py HOPS OUT [--network CHECKPOINT]

Writes OUT/SONG.csv: time, beat in the bar (1 is the downbeat; 0 where it is not known), confidence."""

import argparse
from pathlib import Path

import numpy as np
import torch

from features import inputs
from network import BeatNetwork
from tracker import beats_of, downbeats_of


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("hops", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--network", type=Path, help="checkpoint of train.py; without it onset strengths are followed")
    args = parser.parse_args()
    torch.set_num_threads(1)
    network = BeatNetwork().eval()
    if args.network:
        network.load_state_dict(torch.load(args.network)["averaged"])
    args.out.mkdir(parents=True, exist_ok=True)
    for file in sorted(args.hops.glob("*.npy")):
        hops = np.load(file)
        act, down = hops[:, 52] * 0.8, None
        if args.network:
            with torch.no_grad():
                both = network(torch.from_numpy(inputs(hops).T[None]))[0].sigmoid().numpy()
            act, down = both
        times, sure, _ = beats_of(act)
        bars = np.zeros(len(times), int) if down is None else downbeats_of(down, times, act=act)[0]
        rows = "".join(f"{t:.4f},{bar},{c:.3f}\n" for t, bar, c in zip(times, bars, sure))
        (args.out / f"{file.stem}.csv").write_text("time,beat_in_bar,confidence\n" + rows)


if __name__ == "__main__":
    main()
