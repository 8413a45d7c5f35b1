"""Those who play chords: held, strummed, broken, struck off the beat.

Each style is a function from the plan, a bar, the voicing of a harmony within it and the bar's random
stream to notes. `STYLES` names them.
"""

import numpy as np

from .chance import stream
from .metre import Bar
from .score import Harmony, Note, Plan
from .theory import lead, nearest

# When a chord is struck, a line a bar of four beats, as drums are written; other bars take what fits.
RHYTHMS = {
    "pop": ("x...x...x.x.x...", "x.x.x.x.x.x.x.x.", "x..x..x.x..x..x.", "x.......x..x...."),
    "strum": ("x...x.xx..xxx.xx", "x...x.x...x.x.x.", "x.x.xxx.x.x.xxx.", "X...o...X..oo.o."),
    "stab": ("..x...x...x...x.", "..x..x..x.x...x.", "x..x..x...x..x..", "...x..x....x..x."),
    "skank": ("....x.......x...", "..x...x...x...x."),
    "charleston": ("x.....x.........", "......x.......x.", "x.....x...x.....", "..x...........x."),
    "bossa": ("x..x..x...x..x..", "..x..x....x..x..", "x.x..x..x..x..x."),
    "funk": ("..xx..x.x..x..xx", "x.xx.x..x.xx.x..", ".x.x..x..x..xxx."),
    "montuno": ("x.xx.xx.x.xx.xx.", "x..xx.x.xx.xx.x."),
    "chug": ("x.xxx.xxx.xxx.xx", "xxxxxxxxxxxxxxxx", "x.x.xxx.x.x.xxx.", "x..x..x.x.x.xxxx"),
    "power": ("x.......x.......", "x.x.x.x.x.x.x.x.", "x...x...x.x.x.x.", "x.....x.x......."),
    "march": ("..x...x...x...x.",),
}


def chord_notes(pitches, start: float, length: float, velocity: float, spread: float = 0.0) -> list[Note]:
    """A chord; `spread` is seconds from one note to the next, upwards."""
    return [
        Note(start, length, p, velocity * (0.94 if 0 < i < len(pitches) - 1 else 1.0), i * spread)
        for i, p in enumerate(pitches)
    ]


def held(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
    return chord_notes(pitches, start, length * min(1.0, plan.articulation + 0.2), 0.6)


def rhythmic(style: str):
    """A style that strikes whole chords in one of the rhythms of its name."""

    def play(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
        lines = RHYTHMS[style]
        line = lines[int(stream(plan.seed, style, plan.sections[bar.section].name).integers(len(lines)))]
        step = 0.25 if bar.metre.division != 3 else 1 / 3
        notes, down = [], True
        for place in range(round(length / step)):
            at = start - bar.first + place * step
            stroke = (
                line[int(round(at / step)) % len(line)]
                if bar.metre.division != 3
                else ("x" if style in ("chug", "power") or int(round(at * 3)) % 3 != 1 else ".")
            )
            if stroke == "." or (stroke == "o" and rng.random() > plan.density):
                continue
            if style == "march" and at in bar.metre.strong:
                continue
            spread = {"strum": 0.014, "chug": 0.0, "power": 0.004}.get(style, 0.002)
            order = pitches if down else pitches[::-1]
            sound = {"strum": 1.0, "power": 0.9, "chug": 0.5}.get(style, 0.75) * plan.articulation
            velocity = (0.72 if at % 1 == 0 else 0.6) * float(rng.uniform(0.9, 1.05))
            notes += chord_notes(order, start + place * step, step * max(0.6, 2 * sound), velocity, spread)
            down = not down
        return notes

    return play


def arpeggio(order: str):
    """Broken chords, by the order of their notes: up, wave, alberti, wide."""

    def play(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
        p = list(pitches)
        wide = [p[0] - 12, *p[1:], p[0] + 12]
        rows = dict(
            up=p + [p[0] + 12],
            wave=p + [p[0] + 12] + p[:0:-1],
            alberti=[p[0], p[-1], p[1 % len(p)], p[-1]],
            wide=wide + wide[-2:0:-1],
        )
        row, division = rows[order], bar.metre.division
        rate = division if division != 4 else (4 if plan.density > 0.65 else 2)
        count = max(1, round(length * rate))
        return [
            Note(
                start + i / rate,
                plan.articulation / rate * (3 if order == "wide" else 1.2),
                row[i % len(row)],
                0.62 if i % rate == 0 else 0.5,
            )
            for i in range(count)
        ]

    return play


def waltz(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
    """The chord on all beats of the bar that are not strong, and the lowest note on those that are."""
    notes = []
    for beat in range(int(np.ceil(start - bar.first - 1e-6)), round(start - bar.first + length)):
        if beat in bar.metre.strong:
            notes.append(Note(bar.first + beat, plan.articulation, pitches[0] - 12, 0.66))
        else:
            notes += chord_notes(pitches, bar.first + beat, 0.8 * plan.articulation, 0.52)
    return notes


def stride(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
    """Low note and chord by turns, a beat each."""
    notes = []
    for number, beat in enumerate(np.arange(start, start + length - 1e-6, 1.0)):
        if number % 2 == 0:
            notes.append(Note(beat, 0.9 * plan.articulation, pitches[0] - 12, 0.66))
        else:
            notes += chord_notes(pitches, beat, 0.7 * plan.articulation, 0.55)
    return notes


def travis(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
    """Picked guitar: the thumb alternates on the beats, the fingers fall between."""
    notes, rate = [], 3 if bar.metre.division == 3 else 2
    for i in range(max(1, round(length * rate))):
        if i % rate == 0:
            low = pitches[0] if (i // rate) % 2 == 0 else pitches[min(1, len(pitches) - 1)]
            notes.append(Note(start + i / rate, 1.2, low, 0.62))
        elif rng.random() < 0.5 + 0.5 * plan.density:
            notes.append(Note(start + i / rate, 1.0, int(rng.choice(pitches[1:] or pitches)) + 12, 0.5))
    return notes


def tremolo(plan: Plan, bar: Bar, start: float, length: float, pitches, rng) -> list[Note]:
    """The chord again and again, in the fastest notes."""
    rate = bar.metre.division if bar.metre.division != 2 else 4
    return [
        note
        for i in range(max(1, round(length * rate)))
        for note in chord_notes(
            pitches, start + i / rate, 0.9 * plan.articulation / rate, 0.6 if i % rate == 0 else 0.48
        )
    ]


STYLES = {
    "held": held,
    "waltz": waltz,
    "stride": stride,
    "travis": travis,
    "tremolo": tremolo,
    **{name: rhythmic(name) for name in RHYTHMS},
    **{name: arpeggio(name) for name in ("up", "wave", "alberti", "wide")},
}


def harsh(plan: Plan, pitches: tuple[int, ...], number: int) -> tuple[int, ...]:
    """The voicing with notes added that rub, as many as the plan's dissonance wants."""
    rng = stream(plan.seed, "harsh", number)
    extra = []
    for _ in range(2):
        if rng.random() < 1.1 * (plan.dissonance - 0.25):
            extra.append(int(rng.choice(pitches)) + int(rng.choice([1, -1, 6, 13])))
    return tuple(sorted({*pitches, *extra}))


def play(plan: Plan, style: str, centre: int, offset: int = 0) -> list[Note]:
    """An accompaniment over the whole piece whose chords lie around pitch `centre`."""
    notes, before = [], None
    low, high = centre + plan.register - 9, centre + plan.register + 10
    voiced = []
    for number, harmony in enumerate(plan.harmony):
        before = lead(harmony.chord.classes, before, low, high)
        voiced.append(harsh(plan, before, number))
    for bar in plan.bars:
        end = bar.first + bar.metre.beats
        force = 0.7 + 0.45 * plan.energy(bar)
        rng = stream(plan.seed, style, offset, bar.first)
        for harmony, pitches in zip(plan.harmony, voiced):
            start, stop = max(bar.first, harmony.start), min(end, harmony.start + harmony.length)
            if stop - start < 1e-6:
                continue
            for n in STYLES[style](plan, bar, start, stop - start, pitches, rng):
                notes.append(Note(n.start, n.length, n.pitch, min(1.0, n.velocity * force), n.lag))
    return notes


def chorale(plan: Plan) -> list[list[Note]]:
    """Four voices, soprano first: the chords in half notes or quarters, with passing notes."""
    voices, before = [[], [], [], []], None
    shift = plan.register
    for number, harmony in enumerate(plan.harmony):
        classes = harmony.chord.classes[:4]
        classes = classes if len(classes) == 4 else (*classes, classes[0])
        bass = nearest(48 + shift, (classes[0],))
        upper = lead(
            classes[1:] if len(set(classes)) == 4 else classes[:3],
            before and before[1:],
            57 + shift,
            76 + shift,
        )[-3:]
        now = (bass, *harsh(plan, upper, number)[:3])
        for voice, pitch in zip(voices, reversed(now)):
            force = 0.62 + 0.2 * plan.sections[harmony.section].energy
            passing = nearest((pitch + voice[-1].pitch) / 2, plan.key.classes()) if voice else pitch
            if voice and abs(voice[-1].pitch - pitch) in (3, 4) and plan.density > 0.3:
                last = voice.pop()
                half = last.length / 2
                voice += [
                    Note(last.start, half, last.pitch, last.velocity),
                    Note(last.start + harmony_length(plan, number - 1) / 2, half, passing, last.velocity),
                ]
            voice.append(Note(harmony.start, harmony.length * plan.articulation, pitch, force))
        before = now
    return voices


def harmony_length(plan: Plan, number: int) -> float:
    """Beats of the harmony `number`."""
    harmony: Harmony = plan.harmony[number]
    return harmony.length
