"""Plays excerpts of POP909 (Wang et al., ISMIR 2020; MIT licence), with its beats.

    git clone https://github.com/music-x-lab/POP909-Dataset
    python pop909.py POP909-Dataset/POP909 OUT --first 1 --last 909

OUT/audio/ID.ogg is the recording and OUT/beats/ID.beats its beats, as `python -m music render` writes them. Melody,
second voice and accompaniment are played by instruments that are drawn by lot; half of the excerpts get a drummer.
"""

import argparse
import sys
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the package `music`

import mido

from music.chance import between, pick, stream
from music.drums import KEYS, STROKES
from music.fluid import SAMPLE_RATE
from music.mix import mix
from music.patterns import PATTERNS
from music.perform import Played
from music.score import Part

SECONDS = 40.0
ACCOMPANISTS = (0, 1, 4, 5, 24, 25, 27, 46, 0, 0)  # General MIDI: pianos, guitars, a harp
SINGERS = (0, 11, 21, 22, 25, 40, 52, 56, 65, 68, 71, 73, 75, 80, 81, 53, 54)
STYLES = ("pop", "rock", "house", "hiphop", "funk")


def notes_of(track, seconds):
    """Start, end, pitch and velocity of a track's notes, [n, 4]; `seconds` turns ticks into time."""
    now, open_, notes = 0, {}, []
    for event in track:
        now += event.time
        if event.type == "note_on" and event.velocity:
            open_[event.note] = (now, event.velocity)
        elif event.type in ("note_on", "note_off") and event.note in open_:
            begin, velocity = open_.pop(event.note)
            notes.append((seconds(begin), seconds(now), event.note, velocity / 127))
    return np.array(notes).reshape(-1, 4)


def clock_of(midi):
    """Turns ticks of a file into seconds."""
    changes, now = [(0, 500_000)], 0
    for event in mido.merge_tracks(midi.tracks):
        now += event.time
        if event.type == "set_tempo":
            changes.append((now, event.tempo))
    ticks, spent = [changes[0][0]], [0.0]
    for (before, tempo), (at, _) in zip(changes, changes[1:]):
        ticks.append(at)
        spent.append(spent[-1] + (at - before) * tempo / 1e6 / midi.ticks_per_beat)

    def seconds(tick):
        k = np.searchsorted(ticks, tick, "right") - 1
        return spent[k] + (tick - ticks[k]) * changes[k][1] / 1e6 / midi.ticks_per_beat

    return seconds


def played(role, voice, notes, begin, level=0.0, pan=0.0):
    """A part of an excerpt that begins there."""
    start, end, pitch, velocity = notes.T
    keep = (start >= begin) & (start < begin + SECONDS)
    ends = np.minimum(end[keep] - begin, SECONDS)
    return Played(Part(role, voice, [], level, pan), start[keep] - begin, ends, pitch[keep].astype(int), velocity[keep])


def drummer(times, places, random):
    """Strokes [n, 4] of a drum pattern over the bars of four."""
    patterns = PATTERNS["4/4"]
    lines = pick(random, patterns[pick(random, [style for style in STYLES if style in patterns])])
    notes, force = [], between(random, (0.6, 1.0))
    late = between(random, (-0.004, 0.008))
    for first in np.flatnonzero(places == 1):
        if first + 4 >= len(times) or list(places[first : first + 4]) != [1, 2, 3, 4]:
            continue
        for drum, line in lines.items():
            at = np.interp(np.arange(len(line)) * 4 / len(line), np.arange(5), times[first : first + 5])
            for stroke, second in zip(line, at):
                if stroke in STROKES and not (stroke == "?" and random.random() < 0.5):
                    second += late + 0.003 * random.standard_normal()
                    notes.append((second, second + 0.1, KEYS[drum], force * STROKES[stroke]))
    return np.array(notes).reshape(-1, 4)


def excerpt(folder, number):
    """The recording of an excerpt of a song, and its beats: times and places."""
    song = Path(folder) / f"{number:03d}"
    midi = mido.MidiFile(song / f"{number:03d}.mid")
    rows = np.loadtxt(song / "beat_midi.txt")
    times, downbeats = rows[:, 0], rows[:, 2] > 0
    since = np.arange(len(times)) - np.maximum.accumulate(np.where(downbeats, np.arange(len(times)), -1))
    places = np.where(np.cumsum(downbeats) > 0, since + 1, 0)
    if downbeats.any():  # what comes before the first bar counts down to it
        first = int(np.flatnonzero(downbeats)[0])
        places[:first] = 4 - (first - 1 - np.arange(first)) % 4
    random = stream(number, "pop909")
    begin = between(random, (0, max(1.0, times[-1] - SECONDS)))
    seconds = clock_of(midi)
    parts = []
    for track in midi.tracks:
        role = {"MELODY": "lead", "BRIDGE": "lead", "PIANO": "comp"}.get(track.name)
        if role:
            program = pick(random, SINGERS if role == "lead" else ACCOMPANISTS)
            level = between(random, (-4, 4))
            parts.append(played(role, f"gm:{program}", notes_of(track, seconds), begin, level, between(random, (-0.5, 0.5))))
    if random.random() < 0.5:
        kit = f"gm:kit:{pick(random, (0, 8, 16, 25, 32))}"
        parts.append(played("drums", kit, drummer(times, places, random), begin, between(random, (-4, 4))))
    piece = SimpleNamespace(
        recipe=SimpleNamespace(seconds=SECONDS), plan=SimpleNamespace(seed=number), genre=SimpleNamespace(sidechain=0),
        factors=SimpleNamespace(brightness=between(random, (-2, 1.5)), dynamics=0.5, level=between(random, (-30, -11))))
    heard = (times >= begin) & (times < begin + SECONDS)
    return mix(piece, parts), times[heard] - begin, places[heard]


def write(job):
    folder, out, number = job
    name = f"pop909_{number:03d}"
    if (out / "beats" / f"{name}.beats").exists():
        return
    sound, times, places = excerpt(folder, number)
    soundfile.write(out / "audio" / f"{name}.ogg", sound, SAMPLE_RATE, format="OGG", subtype="VORBIS")
    (out / "beats" / f"{name}.beats").write_text("".join(f"{t:.4f}\t{p}\n" for t, p in zip(times, places)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=909)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    for name in ("audio", "beats"):
        (args.out / name).mkdir(parents=True, exist_ok=True)
    jobs = [(args.folder, args.out, number) for number in range(args.first, args.last + 1)]
    with get_context("fork").Pool(args.jobs) as pool:
        for done, _ in enumerate(pool.imap_unordered(write, jobs), 1):
            if done % 25 == 0 or done == len(jobs):
                print(f"{done} of {len(jobs)}", flush=True)


if __name__ == "__main__":
    main()
