"""What the distilled network hears in recordings: pooled features of every window, for any judge.

    python hear.py --folder FOLDER --out heard.npz         every recording below FOLDER
    python hear.py --music MUSIC --out heard.npz           the rated sets: Emotify, VGMIDI, EMOPIA, MemoMusic

The network is `models/emotion.checkpoint.pt`, which has learned to hear what a tagger hears and has met
no rating. Writes `x` float32 [windows, FEATURES], `track` [windows] (which recording), `names` [tracks].
What is in the file already is kept.
"""

import argparse
import csv
import os
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from data import decode
from model import STRIDE, WINDOW, EmotionNet

CHECKPOINT = Path(__file__).parents[2] / "models" / "emotion.checkpoint.pt"
HOP = WINDOW // 2 // STRIDE * STRIDE
SUFFIXES = {".flac", ".opus", ".ogg", ".wav", ".mp3", ".s16"}


def distilled() -> EmotionNet:
    """The network as it is after the first stage of training."""
    net = EmotionNet()
    state = torch.load(CHECKPOINT, weights_only=True)
    net.load_state_dict({name: value.float() if value.is_floating_point() else value
                         for name, value in state.items()}, strict=False)
    return net.eval()


def recording(path: Path) -> np.ndarray:
    """A recording, float32 [samples] at 16 kHz; at least one window."""
    wave = np.fromfile(path, "<i2") if path.suffix == ".s16" else decode(path)
    wave = wave.astype(np.float32) / 32768
    return np.pad(wave, (0, max(0, WINDOW - len(wave))))


def rated(music: Path) -> dict[str, Path]:
    """Every recording of the rated sets, by set/file."""
    found = {}
    for name, folder in (("emotify", "emotify"), ("vgmidi", "vgmidi"), ("emopia", "second/emopia"),
                         ("memomusic", "second/memomusic")):
        for row in csv.DictReader(open(music / folder / "labels.csv", encoding="utf-8")):
            file = row.get("file") or row.get("audio")
            if file:
                found[f"{name}/{file}"] = music / folder / file
    return found


NET = None


@torch.no_grad()
def hear(path: Path) -> np.ndarray:
    """Features of the windows of a recording, [windows, FEATURES]."""
    global NET
    if NET is None:
        torch.set_num_threads(1)
        NET = distilled()
    return NET.windows(torch.from_numpy(recording(path)), HOP).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--folder", type=Path)
    source.add_argument("--music", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    if options.music:
        wanted = rated(options.music)
    else:
        wanted = {path.stem: path for path in sorted(options.folder.rglob("*")) if path.suffix in SUFFIXES}
    known = {}
    if options.out.exists():
        file = np.load(options.out)
        known = {name: file["x"][file["track"] == i] for i, name in enumerate(file["names"])}
    missing = [name for name in wanted if name not in known]
    with get_context("spawn").Pool(options.jobs) as pool:
        for done, (name, x) in enumerate(zip(missing, pool.imap(hear, [wanted[n] for n in missing], 8)), 1):
            known[name] = x
            if done % 100 == 0 or done == len(missing):
                print(f"{done} of {len(missing)} recordings", flush=True)
    names = list(wanted)
    track = np.repeat(np.arange(len(names)), [len(known[n]) for n in names])
    np.savez(options.out, x=np.concatenate([known[n] for n in names]).astype(np.float32), track=track, names=names)


if __name__ == "__main__":
    main()
