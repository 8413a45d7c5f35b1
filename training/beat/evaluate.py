"""Beats of the open set as score.py reads them, from activations: python evaluate.py HOPS OUT [--network CHECKPOINT]"""

import argparse
from pathlib import Path

import numpy as np
import torch

from features import inputs
from network import BeatNetwork
from tracker import beats_of


def main():
    parser = argparse.ArgumentParser(description=__doc__)
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
        act = hops[:, 52] * 0.8
        if args.network:
            with torch.no_grad():
                both = network(torch.from_numpy(inputs(hops).T[None]))[0].sigmoid().numpy()
            np.save(args.out / f"{file.stem}.act.npy", both)
            act = both[0]
        times, sure, _ = beats_of(act)
        rows = "".join(f"{t:.4f},0,{c:.3f}\n" for t, c in zip(times, sure))
        (args.out / f"{file.stem}.csv").write_text("time,beat_in_bar,confidence\n" + rows)


if __name__ == "__main__":
    main()
