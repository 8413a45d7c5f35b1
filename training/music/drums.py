"""Drummers: patterns of a bar, what they leave out and add by energy, fills, cymbals, ghost notes.

A pattern is a line for each drum; its characters divide the bar evenly. `X` is an accent, `x` a
stroke, `o` a ghost note or a soft stroke, `?` one that is played half of the time.
"""

import numpy as np

from .chance import pick, stream
from .metre import Bar
from .score import Note, Plan

KEYS = dict(kick=36, rim=37, snare=38, clap=39, tom3=41, hat=42, pedal=44, tom2=45, open=46, tom1=48,
            crash=49, ride=51, bell=53, tambourine=54, cowbell=56, splash=55, bongo=60, bongo2=61,
            conga=62, conga2=63, conga3=64, timbale=65, agogo=67, agogo2=68, cabasa=69, shaker=70,
            claves=75, triangle=81, bass_drum=35, timpani=41)
STROKES = {"X": 1.0, "x": 0.78, "o": 0.4, "?": 0.55}
# By metre and style; of several, a piece's sections take turns.
PATTERNS = {
    "4/4": {
        "rock": [dict(kick="x.......x.......", snare="....X.......X...", hat="X.x.x.x.X.x.x.x."),
                 dict(kick="x.....x.x.......", snare="....X.......X...", hat="X.x.x.x.X.x.x.x."),
                 dict(kick="x..x....x.x.....", snare="....X..o....X..o", ride="X.x.X.x.X.x.X.x."),
                 dict(kick="x.x.......x.x...", snare="....X.......X...", open="x...x...x...x...")],
        "pop": [dict(kick="x......xx.......", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
                dict(kick="x.......x..x....", snare="....X.......X...", hat="xoxoxoxoxoxoxoxo"),
                dict(kick="x.....x...x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x.", tambourine="....x.......x..."),
                dict(kick="x..x..x.x.......", clap="....X.......X...", shaker="xoxoxoxoxoxoxoxo")],
        "house": [dict(kick="X...X...X...X...", clap="....x.......x...", open="..x...x...x...x.", shaker="oooooooooooooooo"),
                  dict(kick="X...X...X...X...", clap="....x.......x...", hat="oox.oox.oox.oox.", cowbell="...?......?....."),
                  dict(kick="X...X...X...X...", snare="....x.......x..?", open="..x...x...x...x.", hat="xo.oxo.oxo.oxo.o")],
        "techno": [dict(kick="X...X...X...X...", open="..x...x...x...x.", hat="x.x.x.x.x.x.x.x."),
                   dict(kick="X...X...X...X...", rim="...x..x....x..?.", open="..x...x...x...x."),
                   dict(kick="X...X...X...X..?", clap="....x.......x...", hat="oxxooxxooxxooxxo", tom3="..?....?..?..?..")],
        "dnb": [dict(kick="x.........x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
                dict(kick="x.x.......x.....", snare="....X..o.o..X..o", hat="x.x.x.x.x.x.x.xx"),
                dict(kick="x.........xx....", snare="....X..o....X.o.", ride="x.x.x.x.x.x.x.x.", hat=".o.o.o.o.o.o.o.o")],
        "breaks": [dict(kick="x.x.......xx....", snare="....X..o.o..X..o", hat="x.x.x.x.x.x.x.x."),
                   dict(kick="x.........x..x..", snare="....X..x.o..X.o.", ride="x.x.x.x.x.x.x.x.")],
        "dubstep": [dict(kick="x.....?.........", snare="........X.......", hat="x.x.x.xxx.x.x.x."),
                    dict(kick="x..x......?..x..", snare="........X.......", hat="x..x..x.x..x..xx")],
        "trap": [dict(kick="x.....x....?....", clap="........X.......", hat="x.x.x.x.x.x.x.x."),
                 dict(kick="x..x......x.....", snare="........X.......", hat="x.xxx.x.x.x.xxxx"),
                 dict(kick="x......x..x..?..", clap="........X.......", hat="xxx.x.xxx.xxx.x.", open="..............x.")],
        "hiphop": [dict(kick="x......x..x.....", snare="....X.......X...", hat="x.x.x.x.x.x.x.x."),
                   dict(kick="x.x.......x..x..", snare="....X.......X..o", hat="x.x.x.xox.x.x.xo"),
                   dict(kick="x..x...x..x.....", snare="....X..o.o..X...", hat="x.x.x.x.x.x.x.x.")],
        "reggae": [dict(kick="........X.......", rim="........x.......", hat="x.xox.xox.xox.xo"),
                   dict(kick="x.......X.......", snare="........X.......", hat="x.x.x.x.x.x.x.x.", tambourine="..?...?...?...?."),
                   dict(kick="X...X...X...X...", rim="........x.....?.", hat="x.x.x.x.x.x.x.x.")],
        "funk": [dict(kick="x..x..x...x..x..", snare="....X..o.o..X..o", hat="xxxxxxxxxxxxxxxx"),
                 dict(kick="x.x....x..x.....", snare="....X..o.o.oX..o", hat="x.x.x.x.x.x.x.o."),
                 dict(kick="x.....xx.o......", snare="..o.X.o...o.X..?", ride="x.x.x.x.x.x.x.x.")],
        "disco": [dict(kick="X...X...X...X...", snare="....X.......X...", open="..x...x...x...x.", hat="xo..xo..xo..xo.."),
                  dict(kick="X...X...X...X...", clap="....X.......X...", open="..x...x...x...x.", tambourine="xoxoxoxoxoxoxoxo")],
        "metal": [dict(kick="xxxxxxxxxxxxxxxx", snare="....X.......X...", crash="x...x...x...x..."),
                  dict(kick="x.xxx.xxx.xxx.xx", snare="....X.......X...", ride="X...X...X...X..."),
                  dict(kick="x.x.x.x.x.x.x.x.", snare=".x.x.x.x.x.x.x.x", ride="x.x.x.x.x.x.x.x.")],
        "punk": [dict(kick="x..xx...x..xx...", snare="..X...X...X...X.", hat="X.X.X.X.X.X.X.X."),
                 dict(kick="x...x...x...x...", snare="..X...X...X...X.", open="X.X.X.X.X.X.X.X.")],
        "halftime": [dict(kick="x.....x.........", snare="........X.......", hat="X...x...X...x..."),
                     dict(kick="x..x......x.....", snare="........X......o", ride="X.x.X.x.X.x.X.x.")],
        "swing": [dict(ride="X..x.xX..x.x", pedal="...x.....x..", kick="o..o..o..o..", snare=".....?.....?"),
                  dict(ride="X..x.xX..x.x", pedal="...x.....x..", snare="..?..o.....?", kick="o..o..o..?.."),
                  dict(ride="X..X.xX..X.x", pedal="...x.....x..", rim=".........x..")],
        "shuffle": [dict(kick="x.....x.....", snare="...X.....X..", hat="x.xx.xx.xx.x"),
                    dict(kick="x....xx.....", snare="...X.....X.o", ride="x.xx.xx.xx.x")],
        "bossa": [dict(kick="x..xx..xx..xx..x", rim="x..x..x...x..x..", hat="xoxoxoxoxoxoxoxo"),
                  dict(kick="x..xx..xx..xx..x", rim="..x..x....x..x..", shaker="xoxoxoxoxoxoxoxo")],
        "samba": [dict(kick="o..xX..xo..xX..x", snare="xoxxoxoxxoxxoxox", shaker="xooxxooxxooxxoox", agogo="x..x.x..", agogo2="..x....x"),
                  dict(kick="o...X...o...X...", snare="xooxoxoxxooxoxox", tambourine="xooxxooxxooxxoox")],
        "afro": [dict(kick="x.....x.x.....x.", rim="x..x...x..x.x...", shaker="xoxxxoxxxoxxxoxx", conga3="..xx....x.xx..x."),
                 dict(kick="x..x..x.x..x..x.", snare="......x.....x...", bell="x..x..xx..x..x..", conga2="..x..xx...x..xx.")],
        "salsa": [dict(claves="x..x..x...x.x...", conga="x.xx..xxx.xx..xx", conga3="......xx......xx", cowbell="x.xxx.xxx.xxx.xx", timbale="..?.......?....."),
                  dict(claves="..x.x...x..x..x.", conga="x.xx..xxx.xx..xx", kick="...x..x....x..x.", bongo="xoxoxoxoxoxoxoxo")],
        "march": [dict(bass_drum="X.......X.......", snare="x.xxx.xxx.xxxxxx", crash="x..............."),
                  dict(bass_drum="X...x...X...x...", snare="..x...x...x.xoxo")],
        "country": [dict(kick="x.......x.......", snare="....X.......X...", hat="x.xox.xox.xox.xo"),
                    dict(kick="x.......x.......", snare="o.o.X.o.o.o.X.o.")],
        "lofi": [dict(kick="x......x..x.....", snare="....x.......x...", hat="x.x.o.x.x.x.o.x.")],
        "orchestra": [dict(timpani="x...........?...", crash="?...............")],
        "garage": [dict(kick="x.........x.....", snare="....X.......X..o", hat="..x..xx...x..xx.", rim="...?.....?......"),
                   dict(kick="x..x......x..?..", clap="....X.......X...", open="..x...x...x...x.")],
    },
    "3/4": {
        "waltz": [dict(kick="x.....", snare="..o.o.", hat="..x.x."), dict(kick="x.....", rim="..x.x.", ride="x.xxx.")],
        "swing": [dict(ride="X..x.xx.x", pedal="...x.....", kick="x........"), dict(ride="X..x..x.x", pedal="......x..", snare="..?..o..?")],
        "rock": [dict(kick="x.........x.", snare="....X...o...", hat="x.x.x.x.x.x."), dict(kick="x.....x.....", snare="....X...X...", ride="x.x.x.x.x.x.")],
    },
    "2/4": {
        "polka": [dict(kick="x...x...", snare="..x...x.", hat="..x...x.")],
        "march": [dict(bass_drum="X...X...", snare="x.xxx.xx"), dict(bass_drum="X...x...", snare="..x...xx", crash="x.......")],
    },
    "6/8": {
        "ballad": [dict(kick="x.........x.", snare="......X.....", hat="x.x.x.x.x.x."), dict(kick="x...x.....x.", snare="......X.....", ride="X.x.x.X.x.x.")],
        "jig": [dict(kick="x.....x.....", snare="....o.X...o.", tambourine="X.o.x.X.o.x."), dict(bass_drum="X.....X.....", snare="x.xxx.x.xxx.")],
    },
    "9/8": {"jig": [dict(kick="x.....", snare="..x..x", tambourine="XoxXoxXox")]},
    "12/8": {
        "blues": [dict(kick="x.....x.....", snare="...X.....X..", hat="xxxxxxxxxxxx"), dict(kick="x....xx..x..", snare="...X.....X..", ride="x.xx.xx.xx.x")],
        "afro": [dict(kick="x.....x.....", bell="x.x.xx.x.x.x", shaker="xoxxoxxoxxox", conga3="..x..x..x..x"), dict(kick="x..x..x..x..", bell="x.x.xx.x.x.x", conga2="..xx....xx..")],
        "ballad": [dict(kick="x....xx.....", snare="...X.....X..", hat="xoxxoxxoxxox")],
    },
    "5/4": {"any": [dict(kick="x.....x.....x.......", snare="....X.......X...X...", ride="X.x.X.x.X.x.X.x.X.x."),
                    dict(kick="x..x....x...x.x.....", snare="....X...X.......X...", hat="x.x.x.x.x.x.x.x.x.x."),
                    dict(kick="x....x...x.....", rim="......x.......x", ride="X..x.xx.xX..x.x")]},
    "5/8": {"any": [dict(kick="x..x.", snare="..X.X", hat="xxxxx")]},
    "7/4": {"any": [dict(kick="x.......x.......x.x.........", snare="....X.......X...........X...", hat="x.x.x.x.x.x.x.x.x.x.x.x.x.x."),
                    dict(kick="x.....x.x.....x.x.....x.....", snare="....X.......X.......X...X...", ride="x.x.x.x.x.x.x.x.x.x.x.x.x.x.")]},
    "7/8": {"any": [dict(kick="x...x...x.....", snare="..X...X...X...", hat="x.x.x.x.x.x.x."),
                    dict(bass_drum="X...x...x...o.", tambourine="XoxoXoxoXoxoxo"),
                    dict(kick="x.....x.x.....", snare="....X.......X.", ride="x.x.x.x.x.x.x.")]},
    "6/4": {"any": [dict(kick="x...........x...........", snare="........X.......X.......", hat="x.x.x.x.x.x.x.x.x.x.x.x.")]},
}
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
            notes.append(Note(bar.first + place * step, step, KEYS[drum],
                              force * STROKES[stroke] * float(rng.uniform(0.88, 1.0))))
    if plan.density > 0.75 and (fast := lines.get("hat")) and "." in fast:
        step = bar.metre.beats / len(fast)
        notes += [Note(bar.first + place * step, step, KEYS["hat"], 0.35 * force)
                  for place, stroke in enumerate(fast) if stroke == "." and rng.random() < 0.6]
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
    drums = pick(rng, (("snare",), ("tom1", "tom2", "tom3"), ("snare", "tom1", "tom2", "tom3"),
                       ("snare", "kick")))
    count, notes = beats * division, []
    for place in range(count):
        if rng.random() < 0.2 and place % division:
            continue
        drum = drums[min(len(drums) - 1, place * len(drums) // count)]
        notes.append(Note(begin + place / division, 1 / division, KEYS[drum],
                          (0.55 + 0.4 * place / count) * (1.0 if place % division == 0 else 0.8)))
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
        elif bar.last and style in ("house", "techno", "disco"):   # the last beat without the kick
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
