"""Plays excerpts of the Groove MIDI Dataset (Gillick et al., ICML 2019; CC BY 4.0), with the metronome's beats.

    curl -O https://storage.googleapis.com/magentadata/datasets/groove/groove-v1.0.0-midionly.zip    # unzip it
    python groove.py groove OUT --takes 1 --without-set manifest.json

Drummers play on kits that are drawn by lot, most of them with a band that this script's composer writes in their metre,
swing and style. `--without-set` names the manifest of a set that tests: what it plays is left out, whole performances of
those drummers, so that no beat of theirs has been heard in training. Files are quarters at the tempo in their names from
their first tick on, which begins a bar. A beat is the metronome's; in 6/8 it is the dotted quarter, in 5/8 the eighth,
else the quarter, in swing and in half time too. Most drummers are ahead of the metronome, by 13 ms in the median and up to
42: what is played of each is moved as a whole, so that its strokes for the beats are on them in the median.
"""

import csv
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np

from played import SECONDS, arguments, notes_of, played, render, seed_of, used

from music import perform
from music.chance import between, pick, stream
from music.compose import Factors, Piece, Recipe, chosen_voice, draw_factors, harmonise, play_layer
from music.genres import GENRES
from music.metre import METRES, Bar, Clock, tempo_course
from music.mix import mix
from music.score import Part, Plan, Section
from music.theory import Key

SHORTEST = 15.0  # seconds of a performance
TEMPOS = (40, 240)  # beats a minute
TESTED = r".*gmd_(\d+)_(\d+)_"  # drummer and number in a song's name
NEAR = 0.075  # seconds from a beat within which a stroke is meant for it
RARE_TAKES = 6  # as many takes of a metre that is not 4/4
BANDS = {  # by style, genres of the composer; the longest name that a style begins with
    "rock": ("rock", "rock", "pop", "metal", "soul"),
    "rock/shuffle": ("blues",),
    "rock/halftime": ("rock", "ballad"),
    "rock/folk": ("folk", "country"),
    "punk": ("punk", "rock"),
    "funk": ("funk", "funk", "soul", "disco"),
    "soul": ("soul", "pop", "funk"),
    "gospel": ("soul", "blues"),
    "hiphop": ("hip hop", "hip hop", "lofi"),
    "jazz": ("swing", "swing", "bossa"),
    "jazz/funk": ("funk", "soul"),
    "jazz/fusion": ("funk", "synthwave"),
    "jazz/march": ("march", "swing"),
    "jazz/klezmer": ("polka", "swing"),
    "blues": ("blues",),
    "country": ("country",),
    "latin": ("samba", "bossa", "salsa"),
    "latin/merengue": ("salsa",),
    "latin/dominican": ("salsa",),
    "latin/reggaeton": ("hip hop", "salsa"),
    "afrobeat": ("afro", "funk"),
    "afrocuban": ("salsa", "afro"),
    "highlife": ("afro",),
    "reggae": ("reggae",),
    "neworleans": ("funk", "soul", "blues"),
    "dance": ("disco", "house", "synthwave"),
    "dance/breakbeat": ("dnb", "garage"),
    "pop": ("pop", "pop", "synthwave", "soul"),
    "middleeastern": ("afro", "rock"),
}
METRE_BANDS = {"3/4": ("jazz waltz", "ballad", "folk"), "6/8": ("six", "ballad"), "5/4": ("five",), "5/8": ("five",)}
# The pads of a drummer's electronic kit that General MIDI has not, or has otherwise.
PADS = {22: 42, 26: 46, 40: 38, 43: 41, 47: 45, 50: 48, 52: 49, 57: 49, 58: 41, 59: 51}
HANDS = {36: 64, 38: 62, 37: 75, 48: 60, 45: 61, 41: 66, 42: 70, 46: 69, 44: 82, 49: 54, 55: 54, 51: 56, 53: 56}
KITS = {"gm:kit:0": 4, "gm:kit:8": 4, "gm:kit:16": 3, "gm:kit:24": 1, "gm:kit:25": 1, "gm:kit:32": 2, "gm:kit:40": 1}
MACHINES = {f"synth:{name}": 1 for name in ("909", "808", "hard", "dnb", "lofi")}


def performances(folder, without):
    """Rows of info.csv of beats (not fills) that are long enough and at a tempo one can tap, drummers and numbers in
    `without` left out."""
    kept = []
    for row in csv.DictReader((Path(folder) / "info.csv").read_text().splitlines()):
        number = int(Path(row["midi_filename"]).name.split("_")[0])
        drummer = int(row["drummer"].removeprefix("drummer"))
        tempo = 60 / beat_seconds(row)
        if row["beat_type"] == "beat" and float(row["duration"]) >= SHORTEST and TEMPOS[0] <= tempo <= TEMPOS[1]:
            if (drummer, number) not in without:
                kept.append(row)
    return kept


def metre_of(row):
    return METRES[row["time_signature"].replace("-", "/")]


def quarters(metre):
    """Quarters of a beat."""
    below = int(metre.name.split("/")[1])
    return 4 / below * (3 if metre.division == 3 else 1)


def beat_seconds(row):
    return 60 / float(row["bpm"]) * quarters(metre_of(row))


def name_of(row, take):
    """The name of an excerpt: drummer, session, number, style, take."""
    path = Path(row["midi_filename"])
    number, style = path.name.split("_")[:2]
    session = path.parent.name.replace("session", "").replace("eval_", "e")
    return f"groove_{row['drummer'].removeprefix('drummer')}_{session}_{number}_{style}_{take}"


def strokes(folder, row):
    """Begin and end in beats, key and force of a performance's strokes, [n, 4]."""
    midi = mido.MidiFile(Path(folder) / row["midi_filename"])
    beat = midi.ticks_per_beat * quarters(metre_of(row))
    notes = np.concatenate([notes_of(track, lambda tick: tick / beat) for track in midi.tracks])
    return notes[np.argsort(notes[:, 0], kind="stable")]


def behind(notes, seconds):
    """By how many beats, of so many seconds, a drummer is behind the metronome on the whole (ahead: below 0)."""
    off = notes[:, 0] - np.round(notes[:, 0])
    near = (np.abs(off) * seconds < NEAR) & (np.abs(off) < 0.16) & (notes[:, 3] > 0.25)
    return float(np.median(off[near])) if near.any() else 0.0


def swing_of(beats, metre):
    """Where in a pair of notes the second falls, 0.5 being even, and how many notes a beat are so swung."""
    if metre.division == 3:
        return 0.5, 2
    for swung, pairs in ((2, beats % 1), (4, beats * 2 % 1)):
        late = pairs[(pairs > 0.57) & (pairs < 0.72)]
        even = np.abs(pairs - 0.5) < 0.07
        if len(late) > 2 * even.sum() and len(late) > 0.1 * len(pairs):
            return float(np.median(late)), swung
    return 0.5, 2


def kit_for(style, random):
    """A voice for the drums, and tables of what is struck in place of a key, one after the other."""
    chance = random.random()
    if chance < 0.07:
        return "gm:kit:0", (PADS, HANDS)
    if chance < 0.22 or (style.startswith(("hiphop", "dance")) and chance < 0.5):
        return pick(random, MACHINES), (PADS,)
    if style.startswith("jazz") and chance < 0.7:
        return pick(random, ("gm:kit:32", "gm:kit:40", "gm:kit:0")), (PADS,)
    return pick(random, KITS), () if chance > 0.9 else (PADS,)  # some are played as they are: pads are silent, or wrong


def plan_of(seed, genre, factors, metre, count):
    """What the band agrees upon: `count` bars in sections of eight, chords, a key."""
    random = stream(seed, "band")
    sections, bars = [], []
    for number, first in enumerate(range(0, count, 8)):
        long = min(8, count - first)
        sections.append(Section("AABA"[number % 4], long, between(random, (0.5, 0.95))))
        bars += [Bar(metre, (first + place) * metre.beats, number, place, long) for place in range(long)]
    key = Key(int(stream(seed, "tonic").integers(12)), factors.mode)
    chords = harmonise(seed, genre, key, bars, sections, factors.tempo)
    return Plan(seed, key, bars, sections, chords, factors.density, factors.dissonance, factors.articulation,
                factors.register, human=between(random, (0.003, 0.012)))


def band(piece, random):
    """The parts of those who play along: bass, often chords, sometimes a melody."""
    layers = [layer for layer in piece.genre.layers if layer.role in ("bass", "comp")]
    chords = [layer for layer in layers if layer.role == "comp"]
    chords = chords[: pick(random, {0: 1, 1: 4, 2: 4})]
    tune = [layer for layer in piece.genre.layers if layer.role == "melody"] if random.random() < 0.2 else []
    parts, voices = [], []
    for number, layer in enumerate([layer for layer in layers if layer.role == "bass"] + chords + tune):
        voices.append(chosen_voice(piece.plan.seed, number, layer, voices))
        level = layer.level + between(random, (-4, 3))
        pan = 0.0 if layer.role == "bass" else between(random, (-0.6, 0.6))
        parts += [Part(layer.role, voices[-1], notes, level, pan)
                  for notes in play_layer(piece.plan, layer, piece.genre, number)]
    return parts


def excerpt(name, folder, row):
    """A recording of a performance, and its beats: times and places."""
    seed, metre, notes = seed_of(name), metre_of(row), strokes(folder, row)
    random = stream(seed, "groove")
    style = row["style"]
    fitting = max((s for s in BANDS if style.startswith(s)), key=len, default="pop")
    kind = pick(random, METRE_BANDS.get(metre.name, BANDS[fitting]))
    if style.startswith("jazz") and metre.name == "3/4":
        kind = "jazz waltz"
    faster = between(random, (0.85, 1.15)) if random.random() < 0.5 else 1.0
    if metre.name != "4/4":  # there are few of them
        faster = between(random, (0.85, 1.5))
    tempo = float(np.clip(60 / beat_seconds(row) * faster, *TEMPOS))
    genre = GENRES[kind]
    factors = draw_factors(seed, genre, Factors(tempo=tempo))

    whole = int(notes[-1, 0] // metre.beats) + 1  # bars
    count = min(whole, int(1.4 * SECONDS * tempo / 60 / metre.beats) + 2)
    first = int(random.integers(whole - count + 1))
    plan = plan_of(seed, genre, factors, metre, count)
    course = pick(random, {"steady": 16, "human": 2, "ramp": 2, "change": 1})
    start = between(random, (0.05, 1.0)) if random.random() < 0.3 else -between(random, (0, 60 / tempo * metre.beats))
    clock = Clock(tempo_course(course, tempo, plan.bars, seed), *swing_of(notes[:, 0], metre), start)
    seconds = min(SECONDS, float(clock.times[-1]))
    piece = Piece(Recipe(seed, kind, seconds), kind, replace(genre, sidechain=0.0), factors, plan, clock, [], course)

    voice, tables = kit_for(style, random)
    hits = notes[(notes[:, 0] >= first * metre.beats) & (notes[:, 0] < (first + count) * metre.beats)]
    hits[:, :2] = clock.even(hits[:, :2] - behind(hits, beat_seconds(row)) - first * metre.beats)
    for table in tables:
        hits[:, 2] = [table.get(int(key), key) for key in hits[:, 2]]
    hits[:, 1] = np.maximum(hits[:, 1], hits[:, 0] + 0.08)
    parts = [played("drums", voice, hits, 0.0, between(random, (-4, 4)), seconds=seconds)]
    if random.random() < 0.62:
        piece.parts = band(piece, random)
        parts += perform.perform(piece)
    times = clock.times[:-1]
    heard = (times >= 0) & (times < seconds)
    return mix(piece, parts), times[heard], (np.arange(len(times)) % metre.beats + 1)[heard]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--takes", type=int, default=1, help="excerpts of a performance, each played otherwise")
    parser.add_argument("--without-set", type=Path, metavar="MANIFEST", help="leave out the performances of a set that tests")
    args = parser.parse_args()
    found = performances(args.folder, used(args.without_set, TESTED))
    if not found:
        parser.error(f"{args.folder} has no performances")
    takes = {name_of(row, take): (args.folder, row)
             for take in range(max(args.takes, RARE_TAKES)) for row in found
             if take < args.takes * (1 if row["time_signature"] == "4-4" else RARE_TAKES)}
    order = sorted(takes, key=seed_of)  # all styles from the beginning on
    render(excerpt, {name: takes[name] for name in order}, args.out, args.jobs)


if __name__ == "__main__":
    main()
