"""What a published tagger hears: features of MusiCNN (Pons & Serra 2019) for every three seconds.

    python teacher.py --cache CACHE

Runs apart from the rest, in a Python with `requirements-teacher.txt`. Writes `teacher.npy`
(float16 [patches, 1756]: mean and maximum pools, penultimate layer, tags of the MSD model) and
`patches.npy` (int64 [patches]: where each patch of `PATCH` samples begins in `audio.npy`). What is
there already is kept, so recordings can be appended.
"""

import argparse
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import librosa
import musicnn
import numpy as np
import tensorflow as tf
from musicnn import models

SAMPLE_RATE = 16000
PATCH = 47872        # samples: 187 frames of 256
BATCH = 16
SECONDS_AT_MOST = 75   # of one unlabelled recording, from its middle


def spectrogram(wave: np.ndarray) -> np.ndarray:
    """The tagger's input, [187, 96], from one patch."""
    mel = librosa.feature.melspectrogram(y=wave, sr=SAMPLE_RATE, hop_length=256, n_fft=512, n_mels=96)
    return np.log10(10000 * mel.T[:187] + 1)


def weights_path(name: str = "MSD") -> str:
    """Where the package has the weights of its MSD or MTT model."""
    return str(Path(musicnn.__file__).parent / f"{name}_musicnn") + "/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    tf.compat.v1.disable_eager_execution()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    audio = np.load(options.cache / "audio.npy", mmap_mode="r")
    starts = []
    for track in json.loads((options.cache / "tracks.json").read_text()):
        first, length = track["start"], track["length"]
        if track["set"] == "unlabelled" and length > SECONDS_AT_MOST * SAMPLE_RATE:
            first += (length - SECONDS_AT_MOST * SAMPLE_RATE) // 2
            length = SECONDS_AT_MOST * SAMPLE_RATE
        starts += range(first, first + length - PATCH + 1, PATCH)
    paths = options.cache / "patches.npy", options.cache / "teacher.npy"
    known = dict(zip(*map(np.load, paths))) if paths[0].exists() else {}
    every, starts = starts, [s for s in starts if s not in known]
    x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96])
    training = tf.compat.v1.placeholder(tf.bool, [])
    outputs = models.define_model(x, training, "MSD_musicnn", 50)
    tags, mean_pool, max_pool, penultimate = tf.nn.sigmoid(outputs[0]), *outputs[6:9]
    wanted = [tf.reshape(part, [-1, part.shape[-1] if len(part.shape) == 2 else part.shape[1]])
              for part in (mean_pool, max_pool, penultimate, tags)]
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().restore(session, weights_path())
        for at in range(0, len(starts), BATCH):
            patches = [audio[s:s + PATCH].astype(np.float32) / 32768 for s in starts[at:at + BATCH]]
            feed = {x: np.stack([spectrogram(p) for p in patches]), training: False}
            rows = np.concatenate(session.run(wanted, feed), 1).astype(np.float16)
            known.update(zip(starts[at:at + BATCH], rows))
            if at % (40 * BATCH) == 0:
                print(f"{at} of {len(starts)} patches", flush=True)
    features = np.stack([known[s] for s in every])
    np.save(paths[0], np.array(every, np.int64))
    np.save(paths[1], features)
    print(features.shape)


if __name__ == "__main__":
    main()
