"""Writes what the network learns from: tokens, and what is known of each bar.

    python prepare.py SHARED/data/music/second/pop909_key OUT.npz --scripted 600
"""

import argparse
import tarfile
import tempfile
from pathlib import Path

import numpy as np

import pop909
import scripted
from bars import tokens

FACTS = 14
LONGEST = 96  # tokens of a bar; longer ones, and what comes after them, are left out


def facts(bar, number, minor, tempo, is_scripted):
    """[FACTS]: minor, three quarters, tempo, density and register of the melody, density and thickness of the
    accompaniment, scripted; which bar of four, one-hot; whether of the second four of eight, of the second eight."""
    begins = len({p for p, _ in bar.acc})
    heights = [p for _, p, _ in bar.melody]
    quarter = np.eye(4)[number % 4]
    return np.array([minor, bar.places == 12, np.log2(tempo / 100), len(heights) / 8,
                     (np.mean(heights) - 70) / 12 if heights else 0, begins / 8,
                     len(bar.acc) / max(begins, 1) / 3, is_scripted, *quarter, number // 4 % 2, number // 8 % 2])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pop909", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scripted", type=int, default=600, help="seeds of script-composed pieces")
    options = parser.parse_args()
    rows, known, lengths, of, names = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tarfile.open(options.pop909 / "midi.tar.xz").extractall(folder, filter="data")
        (folder / "labels.csv").write_bytes((options.pop909 / "labels.csv").read_bytes())
        for source, found in (0, pop909.songs(folder)), (1, scripted.pieces(options.scripted)):
            for name, minor, bars, tempo, _ in found:
                names.append(name)
                first = next((k for k, bar in enumerate(bars) if bar.acc or bar.melody), 0)
                for number, bar in enumerate(bars[first:]):
                    row = tokens(bar)
                    if len(row) > LONGEST:
                        break
                    rows += row
                    lengths.append(len(row))
                    of.append(len(names) - 1)
                    known.append(facts(bar, number, minor, tempo, source))
    np.savez(options.out, tokens=np.array(rows, np.int16), lengths=np.array(lengths, np.int16),
             piece=np.array(of, np.int32), facts=np.array(known, np.float32), names=names)
    print(f"{len(names)} pieces, {len(lengths)} bars, {len(rows)} tokens")


if __name__ == "__main__":
    main()
