"""Adds to what prepare.py wrote how bars feel, as the shipped ear hears them played on a piano.

    python label.py BARS.npz SYNOPSIA OUT.npz --count 1200

So many stretches of four bars are played by fluidsynth and heard in one go. Bars that were not heard get what a ridge
regression on what they hold says; how well that knows pieces that it was not fitted to is printed.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np

from bars import M_PLACE, SHAPES, midi, parse

FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
STRETCH = 4
PAUSE = 2.0  # seconds, in which the ear forgets
RATE = 16000
FOLDS = 5


def features(row, facts):
    """What a bar holds, as the ear may hear it."""
    bar = parse(row, 12 if facts[1] else 16)
    heights = [p for _, p, _ in bar.melody] or [70]
    low = [p for _, p in bar.acc] or [55]
    classes = np.bincount([p % 12 for p in heights + low], minlength=12) / len(heights + low)
    shapes = np.bincount([s for _, s in bar.chords], minlength=len(SHAPES)) / 2
    roots = np.bincount([r for r, _ in bar.chords], minlength=12) / 2
    quick = 2 ** facts[2]
    notes = len(bar.melody) + len(bar.acc)
    return np.r_[facts[:8], facts[2] * facts[0], np.mean(low) - 55, min(low) - 45, max(heights) - 74, notes / 16,
                 notes * quick / 16, facts[3] * quick, np.mean([n for _, _, n in bar.melody] or [4]) / 4,
                 classes, shapes, roots]


def play(stretches, folder):
    """All stretches (rows, facts) on one tape at 16 kHz with a pause between them, as a file; when each begins and ends, seconds."""
    tape, times, now = mido.MidiFile(ticks_per_beat=480), [], 0.0
    tracks = [mido.MidiTrack(), mido.MidiTrack()]
    tape.tracks += tracks
    rest = [0, 0]
    for rows, facts in stretches:
        tempo = 100 * 2 ** facts[0][2]
        bars = [parse(row, 12 if fact[1] else 16) for row, fact in zip(rows, facts)]
        for left, bar in zip((3, 2, 1, 0), bars):  # no note outlasts the stretch
            bar.melody = [(p, q, min(n, (left + 1) * bar.places - p)) for p, q, n in bar.melody]
        made = midi(bars, tempo)
        sixteenths = sum(12 if fact[1] else 16 for fact in facts)
        pause = round(PAUSE * tempo / 60 * 480)
        for number, (track, events) in enumerate(zip(tracks, made.tracks)):
            lasts = 0
            for event in events:
                if event.type != "end_of_track":
                    track.append(event.copy(time=event.time + rest[number]))
                    rest[number], lasts = 0, lasts + event.time
            rest[number] += sixteenths * 120 + pause - lasts
        times.append((now, now + sixteenths * 15 / tempo))
        now = times[-1][1] + pause / 480 * 60 / tempo
    tape.save(folder / "a.mid")
    subprocess.run(["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", "1", "-r", str(RATE), "-F", folder / "all.wav",
                    FONT, folder / "a.mid"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bars", type=Path)
    parser.add_argument("program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--ear", default="default", help="whose judgement: default, or free, which is free for any use")
    options = parser.parse_args()
    data = dict(np.load(options.bars))
    facts, piece = data["facts"], data["piece"]
    rows = np.split(data["tokens"], np.cumsum(data["lengths"])[:-1])
    random = np.random.default_rng(1)
    firsts = [k for k in range(0, len(rows) - STRETCH, STRETCH) if piece[k] == piece[k + STRETCH - 1]]
    chosen = sorted(random.choice(firsts, options.count, replace=False))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        times = play([(rows[k:k + STRETCH], facts[k:k + STRETCH]) for k in chosen], folder)
        print(f"{len(chosen)} stretches, {times[-1][1] / 60:.0f} min of sound", flush=True)
        subprocess.run([options.program, "analyze", "-q", "--force", "--ear", options.ear, folder / "all.wav", "-o", folder / "all.json"], check=True)
        told = json.load(open(folder / "all.json"))
    table = told["rows"]
    time = np.array([row["time"] for row in table])
    mood = np.array([(row["valence"], row["arousal"]) for row in table], float)
    heard = []
    for a, b in times:  # The ear hears three seconds back.
        inside = (time > min(a + 3, b - 1)) & (time <= b)
        heard.append(np.nanmean(mood[inside], 0))
    heard = np.array(heard)
    x = np.array([features(row, fact) for row, fact in zip(rows, facts)])
    x = (x - x.mean(0)) / (x.std(0) + 1e-6)
    x = np.c_[x, np.ones(len(x))]
    mean = np.array([x[k:k + STRETCH].mean(0) for k in chosen])

    def ridge(a, b):
        return np.linalg.solve(a.T @ a + 10 * np.eye(a.shape[1]), a.T @ b)

    foretold = np.zeros_like(heard)
    fold = piece[chosen] % FOLDS
    for k in range(FOLDS):
        foretold[fold == k] = mean[fold == k] @ ridge(mean[fold != k], heard[fold != k])
    for axis, name in enumerate(("valence", "arousal")):
        r = np.corrcoef(foretold[:, axis], heard[:, axis])[0, 1]
        print(f"{name}: mean {heard[:, axis].mean():.3f}, deviation {heard[:, axis].std():.3f}, ridge r {r:.3f}")
    felt = np.clip(x @ ridge(mean, heard), -1, 1)
    for k, value in zip(chosen, heard):
        felt[k:k + STRETCH] = value
    data["mood"] = felt.astype(np.float32)
    np.savez(options.out, **data)


if __name__ == "__main__":
    main()
