"""Which tags a published tagger (MusiCNN, ISC licence; Pons & Serra 2019) gives recordings.

    TEACHER_PYTHON tagger.py --folder FOLDER --out tags.npz                  the MSD model
    TEACHER_PYTHON tagger.py --folder FOLDER --model MTT --out fast_loud.npz

Runs apart from the rest, in a Python with `requirements-teacher.txt`. Writes `tags` float32 [patches, 50]: the
logits of a model's tags; `start` [patches], their first samples; `track` [patches]; `labels` [50], the tags'
names; `names` [tracks]. What is there already is kept.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import tensorflow as tf
from musicnn import models
from musicnn.configuration import MSD_LABELS, MTT_LABELS

from teacher import PATCH, SAMPLE_RATE, spectrogram, weights_path

SUFFIXES = {".flac", ".opus", ".ogg", ".wav", ".mp3", ".s16"}
PATCHES_AT_MOST = 8   # of one recording, spread over it


def recording(path: Path) -> np.ndarray:
    """A recording, float32 [samples] at 16 kHz, at least one patch long."""
    if path.suffix == ".s16":
        raw = path.read_bytes()
    else:
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le", "-"]
        raw = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    wave = np.frombuffer(raw, "<i2").astype(np.float32) / 32768
    return np.pad(wave, (0, max(0, PATCH - len(wave))))


def patches(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Where patches that are spread evenly over a recording begin, and their spectrograms."""
    wave = recording(path)
    starts = np.linspace(0, len(wave) - PATCH, min(PATCHES_AT_MOST, len(wave) // PATCH)).astype(int)
    return starts, np.stack([spectrogram(wave[s:s + PATCH]) for s in starts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", choices=["MSD", "MTT"], default="MSD")
    options = parser.parse_args()
    labels = MSD_LABELS if options.model == "MSD" else MTT_LABELS
    tf.compat.v1.disable_eager_execution()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96])
    training = tf.compat.v1.placeholder(tf.bool, [])
    logits = models.define_model(x, training, f"{options.model}_musicnn", 50)[0]
    paths = sorted(p for p in options.folder.rglob("*") if p.suffix in SUFFIXES)
    known = {}
    if options.out.exists():
        file = np.load(options.out)
        known = {str(name): (file["start"][file["track"] == i], file["tags"][file["track"] == i])
                 for i, name in enumerate(file["names"])}
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().restore(session, weights_path(options.model))
        for done, path in enumerate(paths, 1):
            if path.stem not in known:
                starts, patch = patches(path)
                known[path.stem] = starts, session.run(logits, {x: patch, training: False})
            if done % 20 == 0 or done == len(paths):
                print(f"{done} of {len(paths)} recordings", flush=True)
                np.savez(options.out, tags=np.concatenate([t for _, t in known.values()]),
                         start=np.concatenate([s for s, _ in known.values()]), labels=labels, names=list(known),
                         track=np.repeat(np.arange(len(known)), [len(s) for s, _ in known.values()]))


if __name__ == "__main__":
    main()
