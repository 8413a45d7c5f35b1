"""How well judgements agree with people on sets that were used for nothing else: Pearson's r on Emotify,
VGMIDI and MemoMusic, and on EMOPIA the chance that of two pieces of unlike sign the right one is put higher.

    python test_sets.py --model ../../models/emotion.safetensors --music MUSIC
"""

import argparse
import csv
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

import model
from export import Exported, MeanStd, Tonal, read
from hear import HOP, rated, recording

FOLDERS = {"vgmidi": "vgmidi", "emotify": "emotify", "memomusic": "second/memomusic", "emopia": "second/emopia"}


def truth(music: Path) -> dict[str, tuple[float, float]]:
    """Valence and arousal of every recording of the sets, by set/file; of EMOPIA their signs."""
    known = {}
    for name, folder in FOLDERS.items():
        for row in csv.DictReader(open(music / folder / "labels.csv", encoding="utf-8")):
            file = row.get("file") or row.get("audio")
            columns = ("valence_sign", "arousal_sign") if name == "emopia" else ("valence", "arousal")
            if file and all(row[c] for c in columns):
                known[f"{name}/{file}"] = tuple(float(row[c]) for c in columns)
    return known


def scores(guess: dict[str, np.ndarray], known: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    """For each set, valence's and arousal's figure: r, of EMOPIA the area under the curve."""
    result = {}
    for name in FOLDERS:
        files = [file for file in known if file.startswith(name + "/") and file in guess]
        if not files:
            continue
        g, t = (np.array([values[file] for file in files]) for values in (guess, known))
        if name == "emopia":
            result[name] = [float(roc_auc_score(t[:, axis] > 0, g[:, axis])) for axis in range(2)]
        else:
            result[name] = [float(np.corrcoef(g[:, axis], t[:, axis])[0, 1]) for axis in range(2)]
    return result


def line(title: str, result: dict[str, list[float]]) -> str:
    """A row of a table."""
    return f"| {title} | " + " | ".join(
        f"{result[name][axis]:.2f}" for name in FOLDERS if name in result for axis in range(2)) + " |"


@torch.no_grad()
def judge(network: Exported, wave: np.ndarray) -> np.ndarray:
    """Mean valence and arousal [2] of a recording's windows, by an exported network."""
    x, layers = torch.from_numpy(wave)[None, None], list(network.layers)
    unfold = lambda rows, length, step: rows[0].unfold(1, length, step).transpose(0, 1)
    for number, layer in enumerate(layers):
        if isinstance(layer, Tonal):
            rows = 1 + (model.WINDOW - model.BAND_SPAN) // model.BAND_STEP
            tonal = layer(unfold(x, rows, HOP // model.BAND_STEP))
        elif isinstance(layer, MeanStd):
            frames = 1 + (model.WINDOW - model.RECEPTIVE) // model.STRIDE
            x = layer(unfold(x, frames, HOP // model.STRIDE))
            x = torch.cat([x, tonal[:len(x)]], 1)
        else:
            x = layer(x)
    return x[:, :2].mean(0).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", choices=FOLDERS, default=list(FOLDERS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, _ = read(options.model)
    known = truth(options.music)
    paths = {name: path for name, path in rated(options.music).items() if name.split("/")[0] in options.sets}
    guess = {name: judge(network, recording(path)) for name, path in paths.items() if name in known}
    print("| | " + " | ".join(f"{name} {axis}" for name in options.sets for axis in ("valence", "arousal")) + " |")
    print(line(options.model.name, scores(guess, known)))


if __name__ == "__main__":
    main()
