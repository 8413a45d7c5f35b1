"""Melodies: a motif of a bar, which returns moved, varied and brought to a close, phrase by phrase."""

from dataclasses import dataclass

import numpy as np

from .chance import stream
from .metre import Bar, Metre
from .score import Note, Plan
from .theory import nearest

# What becomes of the motif in the bars of a phrase: as it was, moved, with its end changed, closed.
PHRASES = (
    ("same", "moved", "same", "close"),
    ("same", "same", "moved", "close"),
    ("same", "tail", "moved", "close"),
    ("same", "moved", "moved", "close"),
)
REST = None


@dataclass(frozen=True)
class Motif:
    """Onsets and lengths in beats within a bar, and steps of the scale from one note to the next."""

    onsets: tuple[float, ...]
    lengths: tuple[float, ...]
    steps: tuple[int, ...]


def rhythm(metre: Metre, density: float, rng: np.random.Generator, offbeat: float) -> list[float]:
    """Onsets of a bar: each beat is held, struck or divided; `offbeat` is how often it is pushed."""
    onsets = []
    for beat in range(metre.beats):
        strong = beat in metre.strong
        chance = rng.random()
        if metre.division == 3:
            parts = ([0], [0, 2 / 3], [0, 1 / 3, 2 / 3], [2 / 3])
        else:
            parts = ([0], [0, 0.5], [0, 0.25, 0.5] if density > 0.6 else [0, 0.75], [0.5])
        if not strong and chance > 0.35 + 0.9 * density:
            continue
        kind = int(rng.choice(4, p=weights(density, offbeat)))
        if strong and kind == 3 and rng.random() > offbeat:
            kind = 1
        if density > 0.8 and metre.division == 4 and rng.random() < density - 0.6:
            parts = (parts[0], parts[1], [0, 0.25, 0.5, 0.75], parts[3])
        onsets += [beat + part for part in parts[kind]]
    return onsets or [0.0]


def weights(density: float, offbeat: float) -> np.ndarray:
    w = np.array([1.1 - density, 0.3 + density, 0.05 + density**2, 0.6 * offbeat])
    return w / w.sum()


def motif(metre: Metre, density: float, rng: np.random.Generator, offbeat: float) -> Motif:
    """A new motif: mostly steps, a leap now and then that is answered the other way."""
    onsets = rhythm(metre, density, rng, offbeat)
    ends = [*onsets[1:], float(metre.beats)]
    steps, last = [0], 0
    for _ in onsets[1:]:
        leap = rng.random() < 0.25
        size = int(rng.integers(2, 5)) if leap else int(rng.choice([0, 1, 1, 1, 2]))
        down = last > 1 or (last >= -1 and rng.random() < 0.5)
        last = -size if down else size
        steps.append(last)
    return Motif(tuple(onsets), tuple(e - o for o, e in zip(onsets, ends)), tuple(steps))


def bar_of(
    plan: Plan, bar: Bar, theme: Motif, fate: str, centre: int, rng: np.random.Generator
) -> list[Note]:
    """The motif in one bar: on strong beats its notes are the chord's, as far as dissonance allows."""
    key, notes = plan.key, []
    force = 0.6 + 0.35 * plan.energy(bar)
    onsets, lengths, steps = theme.onsets, theme.lengths, list(theme.steps)
    if fate == "close":
        keep = max(1, len(onsets) // 2)
        onsets, steps = onsets[:keep], steps[:keep]
        lengths = (*theme.lengths[: keep - 1], bar.metre.beats - onsets[-1])
    if fate == "tail":
        steps[-1] = -steps[-1] or 1
    start = nearest(centre + (4 if fate == "moved" else 0), plan.chord_at(bar.first).chord.classes)
    place = key.step(start, centre)
    for number, (onset, length, step) in enumerate(zip(onsets, lengths, steps)):
        place += step
        pitch = key.pitch(place, centre)
        if abs(pitch - centre) > 12:
            place -= 7 * (1 if pitch > centre else -1)
            pitch = key.pitch(place, centre)
        strong = onset in bar.metre.strong or length >= 1
        sounding = plan.chord_at(bar.first + onset).chord
        if strong and rng.random() > 0.6 * plan.dissonance:
            pitch = nearest(pitch, sounding.classes)
        elif rng.random() < 0.3 * plan.dissonance:
            pitch += int(rng.choice([-1, 1]))
        if fate == "close" and number == len(onsets) - 1:
            home = (key.tonic,) if bar.last or bar.place % 8 == 7 else sounding.classes
            pitch = nearest(pitch, home if key.tonic in sounding.classes else sounding.classes)
        velocity = force * (1.0 if strong else 0.85) * float(rng.uniform(0.92, 1.0))
        notes.append(Note(bar.first + onset, length * plan.articulation, pitch, velocity))
    return notes


def play(plan: Plan, centre: int, offbeat: float, name: str = "melody", rests: float = 0.1) -> list[Note]:
    """A melody over the whole piece. Sections of one name share motif and phrase; the notes of a phrase
    lie around pitch `centre`."""
    notes = []
    for bar in plan.bars:
        section = plan.sections[bar.section]
        themes = stream(plan.seed, name, "theme", section.name, bar.metre.name)
        density = min(1.0, plan.density * (0.7 + 0.5 * section.energy))
        theme = motif(bar.metre, density, themes, offbeat)
        phrase = PHRASES[int(themes.integers(len(PHRASES)))]
        rng = stream(plan.seed, name, section.name, bar.place)
        lift = 3 if section.energy > 0.8 else 0
        fate = phrase[bar.place % 4]
        if rng.random() < rests and fate != "close":
            continue
        notes += bar_of(plan, bar, theme, fate, centre + plan.register + lift, rng)
    return notes


def ornamented(notes: list[Note], plan: Plan, rng: np.random.Generator) -> list[Note]:
    """Grace notes from below before some of the long notes."""
    out = []
    for note in notes:
        if note.length >= 1 and rng.random() < 0.2:
            out.append(
                Note(note.start, 0.12, note.pitch - 1 - int(rng.integers(2)), note.velocity * 0.7, -0.06)
            )
        out.append(note)
    return out
