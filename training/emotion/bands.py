"""Runs the filter bank, which is not learned, over the whole cache once, so that training need not.

    python bands.py --cache CACHE

Writes `bands.npy` (float16 [rows, BANDS]: logarithms of energies; row i sees `audio.npy` from
sample i * BAND_STEP on). What is there already is kept, so recordings can be appended.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from data import Corpus
from model import BAND_SPAN, BAND_STEP, BANDS, EmotionNet

ROWS = 20000   # at once


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net, path = EmotionNet(), options.cache / "bands.npy"
    audio = Corpus(options.cache).audio
    total = (len(audio) - BAND_SPAN) // BAND_STEP + 1
    kept = np.load(path) if path.exists() else np.zeros((0, BANDS), np.float16)
    rows = np.concatenate([kept, np.zeros((total - len(kept), BANDS), np.float16)])
    for first in range(len(kept), total, ROWS):
        last = min(first + ROWS, total)
        piece = audio[first * BAND_STEP:(last - 1) * BAND_STEP + BAND_SPAN].astype(np.float32)
        rows[first:last] = net.bands(torch.from_numpy(piece)[None] / 32768)[0].T.numpy()
        print(f"{last} of {total} rows", flush=True)
    np.save(path, rows)


if __name__ == "__main__":
    main()
