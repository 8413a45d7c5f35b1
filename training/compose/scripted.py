"""Bars of our own script-composed music (../music), whose chords, bars and keys are known."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bars import SHAPES, Bar
from music.compose import KINDS, Recipe, compose
from music.theory import is_major

SECONDS = 60.0


def shape_of(chord):
    """The shape that a chord's classes come nearest to."""
    classes = {(c - chord.root) % 12 for c in chord.classes}
    if classes == {0, 7}:
        classes = {0, 4, 7}
    return max(range(len(SHAPES)), key=lambda k: len(classes & set(SHAPES[k])) - len(classes ^ set(SHAPES[k])) / 2)


def piece(recipe: Recipe):
    """(minor, bars, tempo, tonic) of a piece in four or three quarters; None of any other."""
    made = compose(recipe)
    plan = made.plan
    if any(bar.metre.beats not in (3, 4) or bar.metre.division == 3 for bar in plan.bars):
        return None
    key = plan.key
    shift = -((key.tonic + 5) % 12 - 5)
    lead = [p for p in made.parts if p.role in ("melody", "lead")]
    rest = [p for p in made.parts if p.role in ("comp", "bass", "pad", "chorale")]
    if made.parts and not lead:
        lead, rest = [p for p in rest if p.role == "chorale"][:1], [p for p in rest if p.role == "chorale"][1:]
    if not lead or not rest:
        return None
    out, first = [], []
    for bar in plan.bars:
        places = 4 * bar.metre.beats
        chords = [plan.chord_at(bar.first + h * bar.metre.beats / 2).chord for h in range(2)]
        out.append(Bar(places, tuple(((c.root + shift) % 12, shape_of(c)) for c in chords)))
        first.append(bar.first)
    at = 0
    for number, parts in ((0, lead[:1]), (1, rest)):
        for part in parts:
            at = 0
            for n in sorted(part.notes, key=lambda n: n.start):
                while at + 1 < len(first) and first[at + 1] <= n.start + 0.1:
                    at += 1
                place = round(4 * (n.start - first[at]))
                if 0 <= place < out[at].places:
                    if number == 0:
                        out[at].melody.append((place, n.pitch + shift, max(1, round(4 * n.length))))
                    else:
                        out[at].acc.append((place, n.pitch + shift))
    return not is_major(key.mode), out, made.factors.tempo, key.tonic


def pieces(count: int, first: int = 1):
    """(name, minor, bars, tempo, tonic) of so many pieces."""
    for seed in range(first, first + count):
        kind = KINDS[seed % len(KINDS)]
        found = piece(Recipe(seed, kind, SECONDS))
        if found:
            yield f"scripted:{kind}:{seed}", *found
