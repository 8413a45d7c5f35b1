"""Bass players: each style is a function from a chord and the one that follows to notes."""

import numpy as np

from .chance import stream
from .metre import Bar
from .score import Note, Plan
from .theory import Chord, nearest

LINES = {  # strokes of a bar of sixteenths: r root, f fifth, o octave, a approach to the next chord
    "eighths": ("r.r.r.r.r.r.r.r.", "r.r.r.r.r.r.r.o.", "r.r.r.r.r.f.r.a."),
    "syncopated": ("r..r..r.o..r..f.", "r.....rr..o.f.a.", "r.rr..o...r.f..a"),
    "offbeat": ("..r...r...r...r.", "..r..rr...r...ro"),
    "octaves": ("r.o.r.o.r.o.r.o.", "r.o.r.oor.o.r.o."),
    "dub": ("r...r.....f.r...", "....r.f.r...o...", "r..r..f...r..a.."),
    "bossa": ("r.....ff.....r..", "r..ff..fr..ff..a"),
    "tumbao": ("......f.....o...", "......f...r.o..."),
    "gallop": ("r.rrr.rrr.rrr.rr", "rrrrrrrrrrrrrrrr"),
    "sub": ("r...............", "r......r..r.....", "r.........r....."),
    "acid": ("rror.rorrro.rrfo", "r.ro.rr.or.rr.ro", "rrrro.rrfr.rrro."),
    "rolling": (".rrr.rrr.rrr.rrr",),
    "reese": ("r.........r.....", "r..r......r...o."),
    "roots": ("r.......r.......", "r.......f.......", "r.......f.....a."),
}


def walking(
    plan: Plan,
    bar: Bar,
    start: float,
    length: float,
    chord: Chord,
    after: Chord,
    centre: int,
    rng: np.random.Generator,
) -> list[Note]:
    """A note a beat: root, then notes of chord and scale, last a step away from the next root."""
    notes, pitch = [], nearest(centre, (chord.root,))
    target = nearest(pitch, (after.root,))
    count = max(1, round(length))
    for i in range(count):
        if i == count - 1 and count > 1:
            pitch = target + (1 if pitch > target else -1) * int(rng.choice([1, 2]))
        elif i:
            classes = chord.classes if i % 2 == 0 else plan.key.classes()
            pitch = nearest(pitch + int(rng.choice([-3, -2, 2, 3, 4])), classes, centre - 9, centre + 12)
        notes.append(Note(start + i, 0.9, pitch, 0.72 + 0.1 * (i % 2)))
        if rng.random() < 0.12:
            notes.append(Note(start + i + 2 / 3, 0.2, pitch, 0.45))
    return notes


def lined(
    style: str,
    plan: Plan,
    bar: Bar,
    start: float,
    length: float,
    chord: Chord,
    after: Chord,
    centre: int,
    rng: np.random.Generator,
) -> list[Note]:
    """The part of a written line that falls on this chord; each chord begins with its root."""
    lines = LINES[style]
    line = lines[int(stream(plan.seed, style, plan.sections[bar.section].name).integers(len(lines)))]
    step = 0.25 if bar.metre.division != 3 else 1 / 3
    root = nearest(centre, (chord.root,))
    pitches = dict(
        r=root,
        f=nearest(root + 6, (chord.fifth,)),
        o=root + 12,
        a=nearest(root, (after.root,)) - int(rng.choice([1, 2])),
    )
    places = [
        (place, line[int(round((start - bar.first) / step) + place) % len(line)])
        for place in range(round(length / step))
    ]
    if bar.metre.division == 3:  # lines are written in sixteenths: compound bars get their beats
        places = [
            (p, s) for p, s in ((p, "r" if p % 3 == 0 else "f" if p % 6 == 5 else ".") for p, _ in places)
        ]
    struck = [(p, s) for p, s in places if s != "."]
    if style not in ("offbeat", "tumbao", "rolling", "dub") and (not struck or struck[0][0]):
        struck.insert(0, (0, "r"))
    ends = [p for p, _ in struck[1:]] + [len(places)]
    short = {"offbeat": 1.2, "octaves": 0.7, "gallop": 0.8, "acid": 0.8, "eighths": 0.95}.get(style, 1.0)
    return [
        Note(
            start + p * step,
            max(0.12, min((end - p), 8) * step * short * min(1, plan.articulation + 0.15)),
            pitches[s],
            (0.78 if p * step % 1 == 0 else 0.68) * float(rng.uniform(0.93, 1.05)),
        )
        for (p, s), end in zip(struck, ends)
    ]


def play(plan: Plan, style: str, centre: int = 38) -> list[Note]:
    """A bass line over the whole piece, around pitch `centre`."""
    notes = []
    centre += max(-5, min(7, plan.register // 2))
    for bar in plan.bars:
        rng = stream(plan.seed, "bass", bar.first)
        end = bar.first + bar.metre.beats
        for number, harmony in enumerate(plan.harmony):
            start, stop = max(bar.first, harmony.start), min(end, harmony.start + harmony.length)
            if stop - start < 1e-6:
                continue
            after = plan.harmony[min(number + 1, len(plan.harmony) - 1)].chord
            if style == "pedal":
                notes.append(Note(start, stop - start, nearest(centre, (plan.key.tonic,)), 0.66))
                continue
            args = plan, bar, start, stop - start, harmony.chord, after, centre, rng
            played = walking(*args) if style == "walking" else lined(style, *args)
            force = 0.72 + 0.35 * plan.energy(bar)
            notes += [Note(n.start, n.length, n.pitch, min(1.0, n.velocity * force)) for n in played]
    return notes
