"""From a recipe to a piece: draws its factors, lays out bars, sections and chords, and lets all play."""

from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np

from . import accompany, bass, drums, melody
from .chance import between, pick, stream
from .genre import Genre, Layer
from .genres import CHANGING, GENRES
from .metre import METRES, Bar, Clock, relabel, tempo_course
from .score import Harmony, Part, Plan, Section
from .theory import SCALES, Key, chord

KINDS = (*GENRES, *CHANGING)


@dataclass(frozen=True)
class Factors:
    """What a piece is like, apart from its notes. All but the mode are numbers that mean the same in
    every genre; whoever leaves one None lets the piece's seed choose it."""

    mode: str | None = None  # of theory.SCALES
    tempo: float | None = None  # beats a minute, as people count them
    register: int | None = None  # semitones above what is usual
    level: float | None = None  # RMS of the recording, decibels below full scale
    dynamics: float | None = None  # how hard all play: 0 very soft, 1 very hard
    articulation: float | None = None  # share of its time for which a note sounds
    brightness: float | None = None  # tilt of the spectrum, decibels an octave
    density: float | None = None  # 0 few notes, 1 many
    dissonance: float | None = None  # 0 consonant, 1 harsh


RANGES = dict(
    register=(-8, 8),
    level=(-30, -11),
    dynamics=(0, 1),
    articulation=(0.35, 1.05),
    brightness=(-2.0, 1.5),
    density=(0, 1),
)
CALM_HARMONY = 0.6  # share of the pieces that are as consonant as their chords


@dataclass(frozen=True)
class Recipe:
    """Which piece: the same recipe is the same piece. What `fixed` names is not left to the seed."""

    seed: int
    kind: str | None = None  # of KINDS; None: any
    seconds: float = 30.0
    fixed: Factors = field(default_factory=Factors)


@dataclass
class Piece:
    recipe: Recipe
    kind: str
    genre: Genre
    factors: Factors
    plan: Plan
    clock: Clock
    parts: list[Part]
    course: str  # how its tempo goes

    def summary(self) -> dict:
        return dict(
            kind=self.kind,
            seed=self.recipe.seed,
            key=str(self.plan.key),
            course=self.course,
            **asdict(self.factors),
        )


def draw_factors(seed: int, genre: Genre, fixed: Factors) -> Factors:
    """The factors that are not fixed, by the seed: each from a stream of its own."""

    def number(name: str) -> float:
        return between(stream(seed, "factor", name), RANGES[name])

    rng = stream(seed, "factor", "dissonance")
    drawn = dict(
        mode=pick(stream(seed, "factor", "mode"), genre.modes),
        tempo=between(stream(seed, "factor", "tempo"), genre.tempo),
        register=round(number("register")),
        dissonance=0.0 if rng.random() < CALM_HARMONY else float(rng.uniform(0, 1)),
        **{n: number(n) for n in RANGES if n != "register"},
    )
    given = {f.name: getattr(fixed, f.name) for f in fields(fixed)}
    return Factors(**{n: drawn[n] if given[n] is None else given[n] for n in given})


def layout(seed: int, genre: Genre, tempo: float, seconds: float, metre: str | None) -> tuple[list, list]:
    """Sections and bars, from some section of the form on, that last for `seconds`."""
    rng = stream(seed, "form")
    bar_metre = METRES[metre or pick(stream(seed, "metre"), genre.metres)]
    long = 60 / tempo * bar_metre.beats
    first = int(rng.integers(len(genre.form)))
    shrink = 2 if long > 2.6 or rng.random() < 0.3 else 1
    sections, bars, beat, time, number = [], [], 0, 0.0, 0
    while time < seconds + 6:
        name, count, energy = genre.form[(first + number) % len(genre.form)]
        count = max(2, count // shrink)
        sections.append(Section(name, count, energy))
        for place in range(count):
            bars.append(Bar(bar_metre, beat, number, place, count))
            beat += bar_metre.beats
            time += long
        number += 1
    return sections, bars


def harmonise(
    seed: int, genre: Genre, key: Key, bars: list[Bar], sections: list[Section], tempo: float
) -> list[Harmony]:
    """The chords: sections of one name have the same."""
    colour = pick(stream(seed, "colour"), genre.colours)
    out = []
    for bar in bars:
        rng = stream(seed, "harmony", sections[bar.section].name)
        symbols = pick(rng, genre.progressions).split()
        beats = bar.metre.beats
        each = genre.chord_beats or beats
        if not genre.chord_beats and beats == 4 and rng.random() < (0.5 if tempo < 84 else 0.12):
            each = beats / 2
        if not genre.chord_beats and tempo * 4 / beats > 160 and rng.random() < 0.6:
            each = 2 * beats
        per_bar = max(1, round(beats / each))
        for part in range(per_bar):
            number = int((bar.place * beats + part * each) / each) if each <= beats else bar.place // 2
            symbol = symbols[number % len(symbols)]
            out.append(
                Harmony(
                    bar.first + part * beats / per_bar,
                    beats / per_bar,
                    chord(key, symbol, colour),
                    bar.section,
                )
            )
    return out


def chosen_voice(seed: int, number: int, layer: Layer, before: list[str]) -> str:
    """The voice of a layer; `same` is that of the first."""
    voice = pick(stream(seed, "voice", number), layer.voices)
    return before[0] if voice == "same" else voice


def play_layer(plan: Plan, layer: Layer, genre: Genre, number: int) -> list[list]:
    """The notes of a layer; a chorale has four parts."""
    style = pick(stream(plan.seed, "style", number), layer.styles) if layer.styles else ""
    if layer.role == "chorale":
        return accompany.chorale(plan)
    if layer.role == "bass":
        notes = bass.play(plan, style, layer.centre)
    elif layer.role == "comp":
        notes = accompany.play(plan, style, layer.centre, number)
    else:
        notes = melody.play(
            plan, layer.centre, genre.offbeat, layer.role, 0.1 if layer.role == "melody" else 0.3
        )
        if number == 0 and stream(plan.seed, "grace").random() < 0.3:
            notes = melody.ornamented(notes, plan, stream(plan.seed, "grace notes"))
    silent = {i for i, s in enumerate(plan.sections) if s.energy < layer.energy}
    of = plan.bars
    starts = np.array([bar.first for bar in of])
    bar_of = lambda n: of[max(0, int(np.searchsorted(starts, n.start + 1e-6, "right")) - 1)]
    return [[n for n in notes if bar_of(n).section not in silent]]


def compose(recipe: Recipe) -> Piece:
    """The piece of a recipe."""
    seed = recipe.seed
    kind = recipe.kind or pick(stream(seed, "kind"), KINDS)
    base = kind
    if kind in CHANGING:
        steady = [name for name, g in GENRES.items() if g.beat and "4/4" in g.metres]
        base = pick(stream(seed, "genre"), steady)
    elif kind not in GENRES:
        raise ValueError(f"no kind of music is called {kind}; there are {', '.join(KINDS)}")
    genre = GENRES[base]
    factors = draw_factors(seed, genre, recipe.fixed)
    # Half notes of three eighths and the like: a tempo that a genre's other metres would not have.
    sections, bars = layout(seed, genre, factors.tempo, recipe.seconds, None)
    if kind == "metre change" and len(sections) > 1:
        other = pick(stream(seed, "other metre"), ("3/4", "5/4", "4/4", "2/4"))
        bars = relabel(bars, METRES[other], 1)
    key = Key(int(stream(seed, "tonic").integers(12)), factors.mode)
    plan = Plan(
        seed,
        key,
        bars,
        sections,
        harmonise(seed, genre, key, bars, sections, factors.tempo),
        factors.density,
        factors.dissonance,
        factors.articulation,
        factors.register,
        human=0.0 if genre.courses == ("steady",) else between(stream(seed, "human"), (0.003, 0.012)),
    )
    course = CHANGING.get(kind) or pick(stream(seed, "course"), genre.courses)
    start = between(stream(seed, "start"), (0.05, 1.2))
    if stream(seed, "cut").random() < 0.5:  # an excerpt that begins somewhere in a bar
        start = -between(stream(seed, "cut", "where"), (0, 60 / factors.tempo * bars[0].metre.beats))
    compound = bars[0].metre.division == 3
    swing = 0.5 if compound else between(stream(seed, "swing"), genre.swing)
    clock = Clock(tempo_course(course, factors.tempo, bars, seed), swing, genre.swung, start)

    parts, voices = [], []
    for number, layer in enumerate(genre.layers):
        voices.append(chosen_voice(seed, number, layer, voices))
        pan = 0.0 if layer.role == "bass" else between(stream(seed, "pan", number), (-0.6, 0.6))
        level = layer.level + between(stream(seed, "level", number), (-3, 3))
        for notes in play_layer(plan, layer, genre, number):
            parts.append(Part(layer.role, voices[-1], notes, level, pan))
    if genre.drums and not (genre.beat is False):
        style = pick(stream(seed, "drum style"), genre.drums)
        kit = pick(stream(seed, "kit"), genre.kits)
        level = between(stream(seed, "drum level"), (-5, 3))
        parts.append(Part("drums", kit, drums.play(plan, style, genre.lean), level))
    return Piece(recipe, kind, genre, factors, plan, clock, parts, course)


def changed(recipe: Recipe, **values) -> Recipe:
    """The recipe of the same piece with other factors, all else being equal."""
    unknown = set(values) - {f.name for f in fields(Factors)}
    if unknown:
        raise ValueError(f"no factor is called {', '.join(sorted(unknown))}")
    if values.get("mode") not in (None, *SCALES):
        raise ValueError(f"no mode is called {values['mode']}; there are {', '.join(SCALES)}")
    return replace(recipe, fixed=replace(recipe.fixed, **values))
