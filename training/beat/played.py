"""What the programs that play other people's notes have in common: MIDI files, parts, and a folder of recordings.

A program hands `render` its excerpts by name. OUT/audio/NAME.ogg is a recording, OUT/beats/NAME.beats its beats, as
`python -m music render` writes them; what is there is kept, so that an interrupted program goes on.
"""

import argparse
import json
import os
import re
import sys
import time
import zlib
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import mido
import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the package `music`

from music.chance import between
from music.fluid import SAMPLE_RATE, sound_font
from music.mix import mix
from music.perform import Played
from music.score import Part

SECONDS = 40.0  # of an excerpt, at most


def seed_of(name):
    """The seed of an excerpt, by its name."""
    return zlib.crc32(name.encode())


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


def played(role, voice, notes, begin, level=0.0, pan=0.0, seconds=SECONDS):
    """A part of an excerpt that begins there; of notes [n, 4]: start, end, pitch, velocity."""
    start, end, pitch, velocity = notes.T
    keep = (start >= begin) & (start < begin + seconds)
    ends = np.minimum(end[keep] - begin, seconds)
    return Played(Part(role, voice, [], level, pan), start[keep] - begin, ends, pitch[keep].astype(int), velocity[keep])


def recorded(parts, seed, seconds, random):
    """The recording of parts, [samples, 2], as bright and as loud as the lot has it."""
    factors = SimpleNamespace(brightness=between(random, (-2, 1.5)), dynamics=0.5, level=between(random, (-30, -11)))
    piece = SimpleNamespace(recipe=SimpleNamespace(seconds=seconds), plan=SimpleNamespace(seed=seed),
                            genre=SimpleNamespace(sidechain=0), factors=factors)
    return mix(piece, parts)


def used(manifest, pattern):
    """The numbers of a pattern's groups in the names of a manifest's songs: what that set is made of. None: nothing."""
    songs = json.loads(Path(manifest).read_text())["songs"] if manifest else []
    found = (re.match(pattern, song["id"]) for song in songs)
    return {tuple(int(number) for number in match.groups()) for match in found if match}


def write(job):
    """Renders an excerpt into a folder; the beats come last and say that it is whole. Whether there is such an excerpt."""
    excerpt, out, name, arguments = job
    beats = out / "beats" / f"{name}.beats"
    if beats.exists():  # another process was here
        return True
    made = excerpt(name, *arguments)
    if made is None:
        return False
    sound, times, places = made
    unfinished = out / "audio" / f".{name}.{os.getpid()}"
    soundfile.write(unfinished, sound, SAMPLE_RATE, format="OGG", subtype="VORBIS")
    unfinished.rename(out / "audio" / f"{name}.ogg")
    beats.write_text("".join(f"{t:.4f}\t{p}\n" for t, p in zip(times, places)))
    return True


def render(excerpt, arguments, out, workers):
    """Renders excerpts by name: `excerpt(name, *arguments[name])` gives a recording, and times and places of its beats, or
    None where nothing can be made of that one."""
    sound_font()
    for folder in ("audio", "beats"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    jobs = [(excerpt, out, *item) for item in arguments.items() if not (out / "beats" / f"{item[0]}.beats").exists()]
    print(f"{len(arguments)} excerpts, {len(arguments) - len(jobs)} of them there before", flush=True)
    began, left_out = time.time(), 0
    with get_context("fork").Pool(workers) as pool:
        for done, made in enumerate(pool.imap_unordered(write, jobs), 1):
            left_out += not made
            if done % 25 == 0 or done == len(jobs):
                left = (time.time() - began) / done * (len(jobs) - done)
                print(f"{done} of {len(jobs)}, {left_out} of them left out, {left / 60:.1f} minutes left", flush=True)


def arguments(description):
    """A parser of what all of the programs take."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    return parser
