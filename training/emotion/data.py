"""Reads the labels, decodes the recordings once, splits them, and cuts augmented windows.

The cache holds `audio.npy` (all tracks end to end, int16, 16 kHz mono) and `tracks.json`
(per track: data set, group, targets, and its place in the array).

    python data.py --music MUSIC_FOLDER --cache CACHE_FOLDER
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

import numpy as np

SAMPLE_RATE = 16000
FOLDS = 5
GEMS = ("amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power",
        "joyful_activation", "tension", "sadness")


def read_labels(music: Path) -> list[dict]:
    """All labelled tracks; `group` is what must not stand on both sides of a split."""
    tracks = []
    for row in csv.DictReader(open(music / "emotify" / "labels.csv", encoding="utf-8")):
        tracks.append(dict(set="emotify", file=row["file"], group=row["file"], genre=row["genre"],
                           va=[float(row["valence"]), float(row["arousal"])],
                           gems=[float(row[name]) for name in GEMS]))
    for row in csv.DictReader(open(music / "vgmidi" / "labels.csv", encoding="utf-8")):
        tracks.append(dict(set="vgmidi", file=row["file"], group=row["series"], genre="piano",
                           va=[float(row["valence"]), float(row["arousal"])], gems=None))
    return tracks


def assign_folds(tracks: list[dict]) -> None:
    """Adds `fold`: Emotify by track within each genre, VGMIDI by series, largest series first."""
    rng = np.random.default_rng(0)
    for genre in sorted({t["genre"] for t in tracks if t["set"] == "emotify"}):
        members = [t for t in tracks if t["genre"] == genre]
        for place, index in enumerate(rng.permutation(len(members))):
            members[index]["fold"] = place % FOLDS
    series = {}
    for track in tracks:
        if track["set"] == "vgmidi":
            series.setdefault(track["group"], []).append(track)
    sizes = [0] * FOLDS
    for name in sorted(series, key=lambda n: (-len(series[n]), n)):
        fold = int(np.argmin(sizes))
        sizes[fold] += len(series[name])
        for track in series[name]:
            track["fold"] = fold


def decode(path: Path) -> np.ndarray:
    """One recording as int16 [samples] at 16 kHz, mono."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(SAMPLE_RATE),
               "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, "<i2")


def prepare(music: Path, cache: Path) -> None:
    """Decodes every labelled track into the cache."""
    cache.mkdir(parents=True, exist_ok=True)
    tracks = read_labels(music)
    assign_folds(tracks)
    pieces, start = [], 0
    for track in tracks:
        piece = decode(music / track["set"] / track["file"])
        track["start"], track["length"] = start, len(piece)
        start += len(piece)
        pieces.append(piece)
    np.save(cache / "audio.npy", np.concatenate(pieces))
    (cache / "tracks.json").write_text(json.dumps(tracks, indent=1))
    print(f"{len(tracks)} tracks, {start / SAMPLE_RATE / 3600:.2f} hours")


class Corpus:
    """The decoded recordings: `audio` int16 (memory-mapped) and `tracks`."""

    def __init__(self, cache: Path):
        self.audio = np.load(cache / "audio.npy", mmap_mode="r")
        self.tracks = json.loads((cache / "tracks.json").read_text())

    def whole(self, track: dict) -> np.ndarray:
        """A track's audio, float32 [samples] in [-1, 1]."""
        piece = self.audio[track["start"]:track["start"] + track["length"]]
        return piece.astype(np.float32) / 32768

    def crop(self, track: dict, window: int, rng: np.random.Generator) -> np.ndarray:
        """A random window [window] played up to 4 % faster or slower."""
        span = int(window * rng.uniform(0.96, 1.04))
        start = track["start"] + rng.integers(max(1, track["length"] - span))
        piece = self.audio[start:start + span].astype(np.float32) / 32768
        return np.interp(np.linspace(0, len(piece) - 1, window, dtype=np.float32),
                         np.arange(len(piece), dtype=np.float32), piece).astype(np.float32)


def augment(batch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Changes of sound that keep the mood; batch [n, window] in [-1, 1].

    Polarity, equaliser (a tilt of up to 1 dB an octave and one broad bell of up to 5 dB), noise
    45 to 75 dB below the music, and last a gain of -12 to +9 dB with clipping at full scale.
    """
    n, window = batch.shape
    draw = lambda low, high: rng.uniform(low, high, (n, 1)).astype(np.float32)
    hertz = np.maximum(np.fft.rfftfreq(window, 1 / SAMPLE_RATE), 30).astype(np.float32)
    octave = np.log2(hertz / 800)
    decibels = draw(-1, 1) * octave
    decibels += draw(-5, 5) * np.exp(-0.5 * (octave - draw(-4, 3)) ** 2)
    batch = np.fft.irfft(np.fft.rfft(batch) * 10 ** (decibels / 20), window)
    rms = np.sqrt(np.mean(batch ** 2, axis=1, keepdims=True))
    noise = rms * 10 ** (-draw(45, 75) / 20)
    batch += noise * rng.standard_normal(batch.shape, dtype=np.float32)
    gain = 10 ** (draw(-12, 9) / 20) * rng.choice([-1, 1], (n, 1))
    return np.clip(batch * gain, -1, 1).astype(np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--music", type=Path, required=True, help="folder with emotify/ and vgmidi/")
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    prepare(options.music, options.cache)
