"""Drummers: what they leave out of a pattern and add by energy, fills, cymbals, rolls."""

import numpy as np

from .chance import pick, stream
from .metre import Bar
from .patterns import PATTERNS
from .score import Note, Plan

KEYS = dict(
    kick=36,
    rim=37,
    snare=38,
    clap=39,
    tom3=41,
    hat=42,
    pedal=44,
    tom2=45,
    open=46,
    tom1=48,
    crash=49,
    ride=51,
    bell=53,
    tambourine=54,
    cowbell=56,
    splash=55,
    bongo=60,
    bongo2=61,
    conga=62,
    conga2=63,
    conga3=64,
    timbale=65,
    agogo=67,
    agogo2=68,
    cabasa=69,
    shaker=70,
    claves=75,
    triangle=81,
    bass_drum=35,
    timpani=41,
)
STROKES = {"X": 1.0, "x": 0.78, "o": 0.4, "?": 0.55}
CYMBALS = ("ride", "bell", "hat", "open", "shaker", "tambourine", "cabasa")


def pattern(metre: str, style: str, number: int) -> dict[str, str]:
    """A style's `number`th pattern in a metre; the metre's first style where it has no such style."""
    styles = PATTERNS[metre]
    variants = styles.get(style) or styles[next(iter(styles))]
    return variants[number % len(variants)]


def strokes(plan: Plan, bar: Bar, lines: dict[str, str], rng: np.random.Generator) -> list[Note]:
    """One bar of a pattern, as hard as the section is."""
    energy, notes = plan.energy(bar), []
    force = 0.62 + 0.38 * energy
    for drum, line in lines.items():
        if energy < 0.35 and drum in ("kick", "snare", "clap", "crash") and len(lines) > 1:
            continue
        step = bar.metre.beats / len(line)
        for place, stroke in enumerate(line):
            if stroke == "." or (stroke == "?" and rng.random() < 0.5):
                continue
            if drum in CYMBALS and stroke == "o" and rng.random() > 0.4 + plan.density:
                continue
            notes.append(
                Note(
                    bar.first + place * step,
                    step,
                    KEYS[drum],
                    force * STROKES[stroke] * float(rng.uniform(0.88, 1.0)),
                )
            )
    if plan.density > 0.75 and (fast := lines.get("hat")) and "." in fast:
        step = bar.metre.beats / len(fast)
        notes += [
            Note(bar.first + place * step, step, KEYS["hat"], 0.35 * force)
            for place, stroke in enumerate(fast)
            if stroke == "." and rng.random() < 0.6
        ]
    return notes


def roll(bar: Bar, rng: np.random.Generator) -> list[Note]:
    """A burst of fast hi-hats as trap has them, somewhere in the bar."""
    begin = bar.first + int(rng.integers(bar.metre.beats)) + pick(rng, (0, 0.5))
    count = pick(rng, (3, 4, 6, 8))
    return [Note(begin + i * 0.5 / count, 0.1, KEYS["hat"], 0.35 + 0.4 * i / count) for i in range(count)]


def fill(bar: Bar, energy: float, rng: np.random.Generator) -> tuple[float, list[Note]]:
    """A fill at the end of a bar: from which beat, and its strokes."""
    beats = int(min(bar.metre.beats, rng.integers(1, 3 if energy < 0.7 else 5)))
    begin = bar.first + bar.metre.beats - beats
    division = bar.metre.division if bar.metre.division != 2 else pick(rng, (2, 4))
    drums = pick(
        rng, (("snare",), ("tom1", "tom2", "tom3"), ("snare", "tom1", "tom2", "tom3"), ("snare", "kick"))
    )
    count, notes = beats * division, []
    for place in range(count):
        if rng.random() < 0.2 and place % division:
            continue
        drum = drums[min(len(drums) - 1, place * len(drums) // count)]
        notes.append(
            Note(
                begin + place / division,
                1 / division,
                KEYS[drum],
                (0.55 + 0.4 * place / count) * (1.0 if place % division == 0 else 0.8),
            )
        )
    return begin, notes


def play(plan: Plan, style: str, lean: float) -> list[Note]:
    """All strokes of a piece. `lean` is by how many seconds snare and ghosts are late."""
    notes = []
    first = int(stream(plan.seed, "drums").integers(8))
    for number, bar in enumerate(plan.bars):
        section = plan.sections[bar.section]
        rng = stream(plan.seed, "drums", number)
        lines = pattern(bar.metre.name, style, first + hash_of(section.name))
        played = strokes(plan, bar, lines, rng)
        if style == "trap" and rng.random() < 0.4:
            played += roll(bar, rng)
        filled = bar.last or (bar.place % 4 == 3 and rng.random() < 0.45)
        if filled and style not in ("orchestra", "house", "techno", "bossa") and section.energy > 0.3:
            begin, extra = fill(bar, section.energy, rng)
            played = [n for n in played if n.start < begin - 1e-6 or n.pitch == KEYS["kick"]] + extra
        elif bar.last and style in ("house", "techno", "disco"):  # the last beat without the kick
            end = bar.first + bar.metre.beats - 1
            played = [n for n in played if n.pitch != KEYS["kick"] or n.start < end]
        if section.name.startswith("build") and bar.place >= section.bars // 2:
            played += riser(bar, bar.place / section.bars)
        if bar.place == 0 and section.energy > 0.55 and rng.random() < 0.85:
            played.append(Note(bar.first, 4, KEYS["crash"], 0.9))
        late = {KEYS["snare"], KEYS["rim"], KEYS["clap"]}
        notes += [Note(n.start, n.length, n.pitch, n.velocity, lean * (n.pitch in late)) for n in played]
    return notes


def riser(bar: Bar, share: float) -> list[Note]:
    """A snare roll that leads to a drop, denser the nearer it is."""
    division = 2 if share < 0.6 else 4
    count = bar.metre.beats * division
    return [Note(bar.first + i / division, 0.2, KEYS["snare"], 0.35 + 0.45 * i / count) for i in range(count)]


def hash_of(name: str) -> int:
    """A small number by a section's name, so that what returns is played alike."""
    return sum(map(ord, name))
