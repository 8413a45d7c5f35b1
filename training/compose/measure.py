"""How what is composed for pictures is heard, and how much of it was there before.

    python measure.py SYNOPSIA ART FELT.npz OUT --count 40

SYNOPSIA is the program, ART the folder with emotion_photos.csv (OASIS), FELT.npz what label.py wrote.
"""

import argparse
import csv
import json
import re
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import mido
import numpy as np
from PIL import Image

import roll
from bars import parse

MOOD = re.compile(r"^(asked|heard)  valence ([-+.\d]+), arousal ([-+.\d]+)", re.M)
COURSE = re.compile(r"^(asked|heard), phrase by phrase  (.*)$", re.M)
TONICS = {name: k % 12 for k, name in enumerate("C Db D Eb E F F# G Ab A Bb B C C# D D# E F Gb G G# A A# Cb".split())}


def compose(program, picture, to, *more):
    """Asked and heard moods, their courses, and seconds; of a run before, if there was one."""
    kept = to.with_suffix(".json")
    if kept.exists():
        return [np.array(part) for part in json.load(open(kept))]
    begun = time.time()
    command = [program, "compose", "--force", picture, "-o", to.with_suffix(".mid"), "-o", to.with_suffix(".wav"), *more]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    moods = {name: np.array([float(v), float(a)]) for name, v, a in MOOD.findall(said)}
    courses = {name: np.array([part.split() for part in text.split(" | ")], float) for name, text in COURSE.findall(said)}
    told = moods["asked"], moods["heard"], courses["asked"], courses["heard"], np.array(time.time() - begun)
    json.dump([part.tolist() for part in told], open(kept, "w"))
    return told


def melody(path):
    """(place, pitch above the tonic as in training) of each bar of a MIDI file's melody."""
    key = next(e.key for t in mido.MidiFile(path).tracks for e in t if e.type == "key_signature")
    tonic = TONICS[key.rstrip("m")]
    shift = (tonic + 5) % 12 - 5
    bars = defaultdict(list)
    for channel, begin, _, pitch, _ in roll.notes(path):
        if channel == 0:
            bars[int(begin // 4)].append((round(begin % 4 * 4), pitch - shift))
    return [tuple(sorted(bars[k])) for k in range(max(bars, default=-1) + 1)]


def longest_copy(bars, known, at):
    """Bars in a row whose melody is that of bars in a row of one training piece."""
    longest = 0
    for k, bar in enumerate(bars):
        for place in at.get(bar, ()):
            run = 0
            while k + run < len(bars) and place + run < len(known) and bars[k + run] == known[place + run] and known[place + run]:
                run += 1
            longest = max(longest, run)
    return longest


def r(pairs, axis):
    return np.corrcoef([a[axis] for a, _ in pairs], [b[axis] for _, b in pairs])[0, 1]


def tell(name, pairs):
    off = np.mean([np.linalg.norm(np.subtract(a, b)) for a, b in pairs])
    print(f"{name}: r valence {r(pairs, 0):.3f}, arousal {r(pairs, 1):.3f}, mean distance {off:.3f}, of {len(pairs)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("art", type=Path)
    parser.add_argument("felt", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=40)
    args = parser.parse_args()
    sounds, others = args.out / "sounds", args.out / "others"
    sounds.mkdir(parents=True, exist_ok=True)
    others.mkdir(exist_ok=True)
    data = np.load(args.felt)
    rows = np.split(data["tokens"], np.cumsum(data["lengths"])[:-1])
    known = [tuple(sorted((p, q) for p, q, _ in parse(row, 16).melody)) for row in rows]
    ends = np.flatnonzero(np.diff(data["piece"])) + 1
    for k in ends[::-1]:  # no run goes on into another piece
        known.insert(k, ())
    at = defaultdict(list)
    for k, bar in enumerate(known):
        if len(bar) > 1:
            at[bar].append(k)
    mood = data["mood"]
    heard_of = [k for k in range(0, len(mood) - 4, 4) if (mood[k:k + 4] == mood[k]).all()]
    table = list(csv.DictReader(open(args.art / "emotion_photos.csv")))
    table = [table[k] for k in np.random.default_rng(1).permutation(len(table))[: args.count]]
    pairs, first, people, courses, took, copies, said = [], [], [], [], [], [], []
    for k, row in enumerate(table):
        picture = args.out / "picture.png"
        Image.open(args.art / row["file"]).convert("RGB").save(picture)
        asked, heard, asked_course, heard_course, seconds = compose(args.program, picture, sounds / f"{k:03d}", "--seed", str(k))
        pairs.append((asked, heard))
        people.append(((float(row["valence"]), float(row["arousal"])), heard))
        courses.append((asked_course, heard_course))
        took.append(float(seconds))
        copies.append(longest_copy(melody(sounds / f"{k:03d}.mid"), known, at))
        said.append(roll.numbers(roll.notes(sounds / f"{k:03d}.mid")))
        first.append((asked, compose(args.program, picture, others / f"{k:03d}", "--seed", str(k), "--takes", "1")[1]))
        (others / f"{k:03d}.wav").unlink(missing_ok=True)
    tell("asked and heard, nearest of 8 takes", pairs)
    tell("asked and heard, one take", first)
    tell("people's ratings and heard", people)
    random = np.random.default_rng(2).permutation(len(pairs))
    tell("asked and heard, the take of another picture", [(a, pairs[j][1]) for (a, _), j in zip(pairs, random)])
    near = [(a, mood[min(heard_of, key=lambda k: np.linalg.norm(mood[k] - a))]) for a, _ in pairs]
    tell(f"asked and heard, the nearest of {len(heard_of)} training stretches, which were heard before", near)
    subprocess.run([args.program, "analyze", "-q", "--force", "--ear", "free", sounds, "-o", args.out / "free.csv"], check=True)
    free = {Path(row["song"]).stem: (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(open(args.out / "free.csv"))}
    tell("asked, and heard by the free ear, which did not choose", [(a, free[f"{k:03d}"]) for k, (a, _) in enumerate(pairs)])
    for axis, name in enumerate(("valence", "arousal")):
        within = [np.corrcoef(a[:, axis], b[:, axis])[0, 1] for a, b in courses if a[:, axis].std() > 0.1]
        print(f"course of {name} over phrases: median r {np.nanmedian(within):.2f} of {len(within)} pictures")
    print(f"longest run of bars with a training piece's melody: {max(copies)}; by piece {np.bincount(copies)}")
    print(f"seconds for 8 takes: median {np.median(took):.1f}, most {max(took):.1f}")
    print({name: round(float(np.mean([s[name] for s in said])), 2) for name in said[0]})


if __name__ == "__main__":
    main()
