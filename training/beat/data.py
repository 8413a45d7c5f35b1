"""Songs as the network hears them, and where their beats are."""

from pathlib import Path

import numpy as np

from features import HOP, inputs

DELAY = 0.03  # seconds from a beat to the hop that is to tell of it: the window must have reached it


def beats_of(file):
    """Times and places in the bar of a file of beats; both empty where there is no beat."""
    rows = [line.split() for line in Path(file).read_text().splitlines() if line.strip()]
    return np.array([float(row[0]) for row in rows]), np.array([int(row[1]) for row in rows], int)


def targets(times, places, hops):
    """[hops, 2]: 1 at the hop of a beat (of a downbeat), a half beside it; and whether bars are known."""
    out = np.zeros((hops, 2), np.float32)
    at = np.round((times + DELAY) / HOP).astype(int) - 1
    for column, which in enumerate((np.ones(len(at), bool), places == 1)):
        for shift, value in ((-1, 0.5), (1, 0.5), (0, 1.0)):
            place = at[which] + shift
            place = place[(place >= 0) & (place < hops)]
            out[place, column] = np.maximum(out[place, column], value)
    return out, not len(places) or bool((places > 0).any())


def load(hops, beats):
    """Inputs, targets and whether bars are known, of all songs of a folder of hops that have beats."""
    for file in sorted(Path(hops).glob("*.npy")):
        labels = Path(beats) / f"{file.stem}.beats"
        if labels.exists():
            heard = np.load(file)
            target, bars = targets(*beats_of(labels), len(heard))
            yield file.stem, inputs(heard), target, bars
