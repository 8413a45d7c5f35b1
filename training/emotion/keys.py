"""What the distilled network hears in POP909's songs (MIT), whose keys are known: a mode that composed music
cannot teach, because songs stray from their scales.

    python keys.py --pop909 FOLDER --out keys.npz

FOLDER holds `labels.csv` (id, midi, mode) and the MIDI files. Each song is played by FluidR3's piano from its
20th to its 50th second. Writes `x` float32 [songs, FEATURES], `major` bool [songs].
"""

import argparse
import csv
import os
import subprocess
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from fetch import SOUND_FONT
from hear import HOP, distilled
from model import SAMPLE_RATE, WINDOW

BEGIN, END = 20, 50   # seconds of a song


def play(midi: Path) -> np.ndarray:
    """A song's excerpt, float32 [samples] at 16 kHz."""
    command = ["fluidsynth", "-niq", "-g", "0.5", "-R", "0", "-C", "0", "-r", str(SAMPLE_RATE), "-T", "raw", "-O",
               "s16", "-F", "-", SOUND_FONT, str(midi)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        raw = process.stdout.read(END * SAMPLE_RATE * 4)
        process.kill()
    wave = np.frombuffer(raw[:len(raw) // 4 * 4], "<i2").reshape(-1, 2).mean(1) / 32768
    return wave[BEGIN * SAMPLE_RATE:].astype(np.float32)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pop909", type=Path, required=True)
    parser.add_argument("--midi", type=Path, help="folder of the MIDI files, when not in FOLDER")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net, rows, major = distilled(), [], []
    for row in csv.DictReader(open(options.pop909 / "labels.csv")):
        wave = play((options.midi or options.pop909) / row["midi"])
        if len(wave) < WINDOW:
            continue
        rows.append(net.windows(torch.from_numpy(wave), HOP).mean(0).numpy())
        major.append(row["mode"].startswith("maj"))
        if len(rows) % 50 == 0:
            print(f"{len(rows)} songs", flush=True)
            np.savez(options.out, x=np.array(rows), major=major)
    np.savez(options.out, x=np.array(rows), major=major)


if __name__ == "__main__":
    main()
