"""Plays excerpts of the OpenScore Lieder Corpus (Gotham and Jonas, 2021; CC0), with the beats of the score.

    git clone https://github.com/OpenScore/Lieder
    python scores.py Lieder/scores OUT --count 400

The piano is played as by a pianist (`pianist.py`), in a third of the excerpts with a singer, in a third with the singer's
melody in the right hand; some are given to other instruments. The beat is the quarter; the dotted quarter in 6/8, 9/8
and 12/8; the eighth in other metres of eighths, 3/8 too; in metres of halves the half where quarters go at 100 a minute
or more, else the quarter. Tempos are the scores' marks, 15 % slower to 20 % faster, where there are none by how dense the
notes are; they are kept where beats go at 45 to 200 a minute.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from played import SECONDS, arguments, played, recorded, render, seed_of  # first: it finds the package `music`

from musicxml import Unclear, beats_of, read
from pianist import Manner, Time, play

from music.chance import between, pick, stream

BEATS = (45, 200)  # a minute
SHORTEST = 15.0  # seconds of a song
NOTES_A_SECOND = (3.0, 6.5)  # where no tempo is given
PIANOS = {0: 8, 1: 3, 2: 1, 3: 1}  # General MIDI
OTHERS = (  # right hand and left
    (48, 48), (40, 42), (48, 43), (45, 45), (41, 42), (6, 6), (6, 6), (24, 24), (24, 24), (25, 25), (73, 46), (71, 48),
    (68, 70), (40, 0), (73, 0), (19, 19), (16, 16), (4, 4), (11, 11), (8, 0), (21, 21), (60, 58), (26, 26), (46, 46))
SINGERS = ("synth:voice", "synth:voice", "gm:53", "gm:40", "gm:42", "gm:68", "gm:71", "gm:73", "gm:65", "gm:60", "gm:56")


def unit(tempo):
    """Which part of a bar is counted at so many quarters a minute: a function from metre to quarters."""

    def quarters(metre):
        beats, kind = metre
        if kind not in (2, 4, 8):
            raise Unclear(f"a metre of {beats}/{kind}")
        if kind == 8:
            return Fraction(3, 2) if beats in (6, 9, 12) else Fraction(1, 2)
        return Fraction(2) if kind == 2 and tempo >= 100 else Fraction(1)

    return quarters


def tempo_of(score, random):
    """Quarters a minute at the first mark, which part of a bar is counted, and quarters of the first bar's beats."""
    tempo = score.tempos[0][1] if score.tempos else 0.0
    if not tempo:
        onsets = len({note.start for note in score.piano()})
        length = float(score.bars[-1].start + score.bars[-1].length)
        tempo = 60 * between(random, NOTES_A_SECOND) / (onsets / length)
    counted = unit(tempo)
    beat = float(counted(score.bars[0].metre))
    tempo *= np.exp(between(random, np.log((0.85, 1.2))))
    return float(np.clip(tempo, BEATS[0] * beat, BEATS[1] * beat)), counted, beat


def hands(score, random):
    """Right hand and left as they are to be played, and the singer, if somebody sings."""
    piano, singer = score.piano(), score.singer()
    right, left = ([note for note in piano if note.staff == staff] for staff in (1, 2))
    role = pick(random, ("sung", "doubled", "alone"))
    if role == "doubled":
        there = {(note.start, note.pitch) for note in right}
        right = right + [note for note in singer if (note.start, note.pitch) not in there]
    return right, left, singer if role == "sung" else []


def excerpt(name, file):
    """A recording of a score, and its beats: times and places. None of one that is unclear, or short."""
    seed = seed_of(name)
    random = stream(seed, "scores")
    try:
        score = read(file)
        right, left, singer = hands(score, random)
        tempo, counted, beat = tempo_of(score, random)
        where, places = beats_of(score.bars, counted)
    except Unclear:
        return None
    manner = Manner.draw(random)
    time = Time(score, tempo, beat, manner, random)
    if time.times[-1] < SHORTEST:
        return None

    times, begin = time(where), between(random, (0, max(0.0, time.times[-1] - SECONDS)))
    if random.random() < 0.4:  # from the beginning of a bar, after a rest
        starts = time([float(bar.start) for bar in score.bars])
        begin = starts[np.abs(starts - begin).argmin()] - between(random, (0.1, 1.0))
    seconds = float(min(SECONDS, time.times[-1] + 1.0 - begin))
    programs, pedal = (pick(random, PIANOS),) * 2, True
    if random.random() < 0.25:
        programs, pedal = pick(random, OTHERS), False
    shift, width = int(random.integers(-5, 6)), between(random, (0, 0.4))
    parts = []
    for role, notes, program, side in (("lead", right, programs[0], 1), ("comp", left, programs[1], -1)):
        sounds = play(notes, score.bars, time, manner, random, pedal, role == "lead")
        sounds[:, 2] += shift
        parts.append(played(role, f"gm:{program}", sounds, begin, between(random, (-2, 2)), side * width, seconds))
    if singer:
        manner = replace(manner, lead=0.0, loose=0.012, legato=0.97, force=0.7)
        sounds = play(singer, score.bars, time, manner, random, False)
        sounds += np.array([1, 1, 0, 0]) * between(random, (0, 0.04)) + np.array([0, 0, shift, 0])
        voice = pick(random, SINGERS)
        parts.append(played("lead", voice, sounds, begin, between(random, (-3, 4)), 0.0, seconds))
    heard = (times >= begin) & (times < begin + seconds)
    return recorded(parts, seed, seconds, random), times[heard] - begin, places[heard]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=400)
    args = parser.parse_args()
    files = {f"score_{file.stem}": (file,) for file in args.folder.rglob("*.mxl")}
    chosen = sorted(files, key=seed_of)[: args.count]
    render(excerpt, {name: files[name] for name in chosen}, args.out, args.jobs)


if __name__ == "__main__":
    main()
