"""Reads the labels, decodes the recordings once, splits them, and cuts augmented windows.

The cache holds `audio.npy` (all tracks end to end, int16, 16 kHz mono) and `tracks.json`
(per track: data set, group, targets, and its place in the array).

    python data.py --music MUSIC_FOLDER --unlabelled UNLABELLED_FOLDER --cache CACHE_FOLDER
"""

import argparse
import csv
import json
import math
import subprocess
from pathlib import Path

import numpy as np
import torch

from model import FLOOR, LOWEST, SAMPLE_RATE

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


def prepare(music: Path, unlabelled: Path | None, cache: Path) -> None:
    """Decodes every track into the cache, the labelled ones first."""
    cache.mkdir(parents=True, exist_ok=True)
    tracks = read_labels(music)
    assign_folds(tracks)
    if unlabelled:
        tracks += [dict(set="unlabelled", file=path.name, genre=None, va=None, gems=None, fold=None)
                   for path in sorted(unlabelled.glob("*.s16"))]
    pieces, start = [], 0
    for track in tracks:
        if track["set"] == "unlabelled":
            piece = np.fromfile(unlabelled / track["file"], "<i2")
        else:
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

    def around(self, start: int, window: int, rng: np.random.Generator) -> np.ndarray:
        """A window [window] that begins within 50 ms of `start`, up to 3 % faster or slower."""
        start = max(0, start + rng.integers(-800, 800))
        span = int(window * rng.uniform(0.97, 1.03))
        piece = self.audio[start:start + span + 1].astype(np.float32) / 32768
        place = np.arange(window, dtype=np.float32) * np.float32((len(piece) - 2) / (window - 1))
        below = place.astype(np.int32)
        share = place - below.astype(np.float32)
        return piece[below] + (piece[below + 1] - piece[below]) * share


def augment(batch: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Changes of sound that keep the mood; batch [n, window] in [-1, 1].

    Polarity, equaliser (a tilt of up to 1 dB an octave and one broad bell of up to 5 dB), noise
    45 to 75 dB below the music, and last a gain of -5 to +4 dB with clipping at full scale.
    """
    n, window = batch.shape
    draw = lambda low, high: torch.from_numpy(rng.uniform(low, high, (n, 1)).astype(np.float32))
    padded = -(-window // 4000) * 4000   # a length that the transform likes
    hertz = torch.arange(padded // 2 + 1) * (SAMPLE_RATE / padded)
    octave = torch.log2(hertz.clamp(min=30) / 800)
    decibels = draw(-1, 1) * octave
    decibels += draw(-5, 5) * torch.exp(-0.5 * (octave - draw(-4, 3)) ** 2)
    spectrum = torch.fft.rfft(batch, padded) * torch.exp(decibels * (math.log(10) / 20))
    batch = torch.fft.irfft(spectrum, padded)[:, :window]
    noise = batch.square().mean(1, keepdim=True).sqrt() * 10 ** (-draw(45, 75) / 20)
    batch = batch + noise * torch.from_numpy(rng.standard_normal((n, window), dtype=np.float32))
    sign = torch.from_numpy(rng.choice(np.array([-1, 1], np.float32), (n, 1)))
    return (batch * sign * 10 ** (draw(-5, 4) / 20)).clamp(-1, 1)


def augment_bands(batch: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Changes of sound that keep the mood; batch [n, rows, BANDS] of the filter bank's logarithms.

    A semitone up or down, an equaliser (a tilt of up to 1 dB an octave and one broad bell of up to
    5 dB), noise 45 to 75 dB below the music, and last a gain of -5 to +4 dB.
    """
    n, rows, bands = batch.shape
    draw = lambda low, high: torch.from_numpy(rng.uniform(low, high, (n, 1, 1)).astype(np.float32))
    shift = torch.from_numpy(rng.integers(-1, 2, (n, 1, 1)))
    index = (torch.arange(bands)[None, None] + shift).clamp(0, bands - 1)
    batch = batch.gather(2, index.expand(n, rows, bands))
    octave = torch.log2(LOWEST / 800 * 2 ** (torch.arange(bands) / 12))
    decibels = draw(-1, 1) * octave + draw(-5, 5) * torch.exp(-0.5 * (octave - draw(-4, 3)) ** 2)
    energy = (batch + decibels * (math.log(10) / 10)).exp() - FLOOR
    # White noise: the energy of a row of a band varies from one to the next.
    level = energy.mean((1, 2), keepdim=True) * 10 ** (-draw(45, 75) / 10)
    noise = level * torch.from_numpy(rng.standard_exponential((n, rows, bands), np.float32))
    return torch.log(((energy + noise) * 10 ** (draw(-5, 4) / 10)).clamp(min=0) + FLOOR)


def no_music(window: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of any colour, a steady tone, a hum or a click track, [window], RMS 1."""
    kind, time = rng.integers(4), np.arange(window) / SAMPLE_RATE
    if kind < 2:
        spectrum = np.fft.rfft(rng.standard_normal(window))
        hertz = np.maximum(np.fft.rfftfreq(window, 1 / SAMPLE_RATE), 20)
        wave = np.fft.irfft(spectrum * hertz ** rng.uniform(-1.5, 0.5), window)
    elif kind == 2:
        hertz = rng.choice([50, 60, np.exp(rng.uniform(np.log(60), np.log(6000)))])
        wave = sum(rng.uniform() ** 2 / k * np.sin(2 * np.pi * k * hertz * time)
                   for k in range(1, 5) if k * hertz < 7000)
    else:
        wave = rng.standard_normal(window) * np.exp(-(time % rng.uniform(0.2, 1.5)) * 60)
    wave = wave + 1e-3 * wave.std() * rng.standard_normal(window)
    return (wave / np.sqrt(np.mean(wave ** 2))).astype(np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--music", type=Path, required=True, help="folder with emotify/ and vgmidi/")
    parser.add_argument("--unlabelled", type=Path, help="folder that fetch.py filled")
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    prepare(options.music, options.unlabelled, options.cache)
