"""Music and pictures to what is trained on: spectra, what is told of them, and pictures that share mood and structure.

    python prepare.py OUT --songs FOLDER --moods MOODS.csv... --pictures PICTURES.csv...

MOODS.csv is of `synopsia analyze FOLDER --ear free`, PICTURES.csv of `synopsia mood FOLDER`.
"""

import argparse
import csv
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
import torch
from PIL import Image
from scipy.signal import resample_poly

import spectra

CLIP = 128  # frames
WIDE = 256  # columns that a picture is read in; a clip sees 64 of them
LOUD = 0.1  # RMS that every piece is brought to


def sound_of(file):
    sound, rate = soundfile.read(file, dtype="float32", always_2d=True)
    sound = sound.mean(1)
    if rate != spectra.RATE:
        common = gcd(rate, spectra.RATE)
        sound = resample_poly(sound, spectra.RATE // common, rate // common).astype(np.float32)
    return sound * (LOUD / (np.sqrt((sound**2).mean()) + 1e-6))


def pictures_of(tables):
    """Lightness [pictures, octaves, WIDE] in 0..1, lowest row first, and moods [pictures, 2]."""
    maps, moods = [], []
    for table in tables:
        for row in csv.DictReader(open(table)):
            grey = Image.open(row["picture"]).convert("L").resize((WIDE, spectra.OCTAVES), Image.BOX)
            maps.append(np.asarray(grey, np.float32)[::-1] / 255)
            moods.append((float(row["valence"]), float(row["arousal"])))
    return np.stack(maps), np.array(moods, np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--songs", help="the folder that the songs were heard in")
    parser.add_argument("--moods", nargs="+")
    parser.add_argument("--pictures", nargs="+")
    args = parser.parse_args()
    clips = {name: [] for name in ("spectrum", "presence", "classes", "onset", "mood")}
    for table in args.moods:
        for row in csv.DictReader(open(table)):
            decibels = spectra.bands(sound_of(Path(args.songs) / row["song"]))
            parts = decibels, spectra.presence(decibels), spectra.pitch_classes(decibels), spectra.onsets(decibels)
            for at in range(0, len(decibels) - CLIP + 1, CLIP // 2):
                for name, part in zip(clips, parts):
                    clips[name].append(part[at : at + CLIP].astype(np.float16))
                clips["mood"].append((float(row["valence"]), float(row["arousal"])))
    data = {name: torch.tensor(np.stack(part), dtype=torch.float16) for name, part in clips.items()}
    levels = data["presence"].float()
    mean, deviation = levels.mean((0, 1)), levels.std((0, 1))
    data["presence"] = ((levels - mean) / deviation).clamp(-3, 3).half()
    seen, moods = pictures_of(args.pictures)
    light, contrast = seen.mean(), seen.std()
    seen = torch.tensor((seen - light) / contrast)
    windows = torch.cat([seen[:, :, at : at + CLIP // 2] for at in range(0, WIDE - CLIP // 2 + 1, 64)])
    felt = torch.tensor(moods).repeat(4, 1)
    # How far a clip and a window lie apart: in mood, and in what lies where.
    ours = data["presence"].float().view(-1, 16, CLIP // 16, spectra.OCTAVES).mean(2).transpose(1, 2).flatten(1)
    theirs = windows.view(len(windows), spectra.OCTAVES, 16, 4).mean(3).flatten(1)
    apart = torch.cdist(ours, theirs) / ours.shape[1] ** 0.5 + torch.cdist(data["mood"].float(), felt)
    distance, nearest = apart.min(1)
    data["seen"] = windows[nearest].transpose(1, 2).half()
    data["scale"] = torch.stack([mean, deviation])
    data["light"] = torch.tensor([light, contrast])
    torch.save(data, args.out)
    corr = np.corrcoef(ours.flatten(), theirs[nearest].flatten())[0, 1]
    print({name: tuple(part.shape) for name, part in data.items()}, "nearest", distance.mean(), "r of structure", corr, data["scale"], data["light"])


if __name__ == "__main__":
    main()
