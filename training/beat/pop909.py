"""Plays excerpts of POP909 (Wang et al., ISMIR 2020; MIT licence), with its beats.

    git clone https://github.com/music-x-lab/POP909-Dataset
    python pop909.py POP909-Dataset/POP909 OUT --first 1 --last 909 --without-set manifest.json

`--without-set` names the manifest of a set that tests: its songs are left out. Melody,
second voice and accompaniment are played by instruments that are drawn by lot; half of the excerpts get a drummer.
"""

from pathlib import Path

import mido
import numpy as np

from played import SECONDS, arguments, clock_of, notes_of, played, recorded, render, used

from music.chance import between, pick, stream
from music.drums import KEYS, STROKES
from music.patterns import PATTERNS

ACCOMPANISTS = (0, 1, 4, 5, 24, 25, 27, 46, 0, 0)  # General MIDI: pianos, guitars, a harp
SINGERS = (0, 11, 21, 22, 25, 40, 52, 56, 65, 68, 71, 73, 75, 80, 81, 53, 54)
STYLES = ("pop", "rock", "house", "hiphop", "funk")


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


def excerpt(name, folder, number):
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
    heard = (times >= begin) & (times < begin + SECONDS)
    return recorded(parts, number, SECONDS, random), times[heard] - begin, places[heard]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=909)
    parser.add_argument("--without-set", type=Path, metavar="MANIFEST", help="leave out the songs of a set that tests")
    args = parser.parse_args()
    without = used(args.without_set, r"pop_(\d+)_")
    numbers = [number for number in range(args.first, args.last + 1) if (number,) not in without]
    render(excerpt, {f"pop909_{number:03d}": (args.folder, number) for number in numbers}, args.out, args.jobs)


if __name__ == "__main__":
    main()
