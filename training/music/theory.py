"""Scales, chords, voice leading, and how tense notes are together."""

import re
from dataclasses import dataclass

SCALES = {
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic": (0, 2, 3, 5, 7, 8, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
# How harsh two notes are together, by semitones between them modulo twelve. Hindemith's order of the
# intervals (The Craft of Musical Composition, 1937), spread over 0 to 1.
HARSHNESS = (0.0, 1.0, 0.55, 0.2, 0.15, 0.1, 0.75, 0.05, 0.2, 0.2, 0.45, 0.9)


def is_major(mode: str) -> bool:
    """Whether the third above the tonic is major."""
    return SCALES[mode][2] == 4


@dataclass(frozen=True)
class Key:
    tonic: int  # pitch class, C is 0
    mode: str  # of SCALES

    def degree(self, step: int) -> int:
        """Semitones above the lowest tonic of the `step`th note of the scale; 0 is the tonic itself."""
        octave, place = divmod(step, 7)
        return 12 * octave + SCALES[self.mode][place]

    def pitch(self, step: int, near: int) -> int:
        """MIDI pitch of a step of the scale, step 0 being the tonic at or below `near`."""
        return near - (near - self.tonic) % 12 + self.degree(step)

    def step(self, pitch: int, near: int) -> int:
        """The highest step, from the tonic at or below `near`, that is not above `pitch`."""
        octave, rest = divmod(pitch - (near - (near - self.tonic) % 12), 12)
        return 7 * octave + sum(s <= rest for s in SCALES[self.mode]) - 1

    def classes(self) -> frozenset[int]:
        return frozenset((self.tonic + s) % 12 for s in SCALES[self.mode])

    def __str__(self) -> str:
        return f"{NAMES[self.tonic]} {self.mode}"


@dataclass(frozen=True)
class Chord:
    root: int  # pitch class
    classes: tuple[int, ...]  # pitch classes from the root up

    @property
    def fifth(self) -> int:
        return self.classes[2] if len(self.classes) > 2 else self.classes[-1]


COLOURS = {"power": 2, "triad": 3, "seventh": 4, "ninth": 5}  # how many thirds are piled up


def chord(key: Key, symbol: str, colour: str = "triad") -> Chord:
    """The chord of a symbol: a degree of the scale (1 to 7), `b` before it for the degree a semitone
    lower, and after it `D` for a dominant seventh whatever the scale, `o` for a diminished seventh,
    `s` for a suspended fourth, `M` or `m` for a major or minor triad.

    Degrees follow the scale, so one progression serves all modes.
    """
    found = re.fullmatch(r"(b?)([1-7])([DosMm]?)", symbol)
    if not found:
        raise ValueError(f"no chord is called {symbol}")
    flat, degree, kind = found.groups()
    place = int(degree) - 1
    root = key.degree(place) - bool(flat)
    fixed = {"D": (0, 4, 7, 10), "o": (0, 3, 6, 9), "s": (0, 5, 7), "M": (0, 4, 7), "m": (0, 3, 7)}
    if kind:
        above = fixed[kind]
    elif flat:
        above = fixed["M"]
    else:
        above = tuple(key.degree(place + 2 * i) - key.degree(place) for i in range(COLOURS[colour]))
        if colour == "power":
            above = (0, 7)
    return Chord((key.tonic + root) % 12, tuple((key.tonic + root + a) % 12 for a in above))


def voicings(classes: tuple[int, ...], low: int, high: int) -> list[tuple[int, ...]]:
    """Ways to play pitch classes as a chord within [low, high]: inversions, close and spread."""
    found = []
    for turn in range(len(classes)):
        turned = classes[turn:] + classes[:turn]
        base = low + (turned[0] - low) % 12
        while base <= high:
            pitches = [base]
            for pitch_class in turned[1:]:
                pitches.append(pitches[-1] + ((pitch_class - pitches[-1]) % 12 or 12))
            if pitches[-1] <= high:
                found.append(tuple(pitches))
            if len(pitches) > 2:  # "drop 2": the second voice from above an octave lower
                dropped = tuple(sorted([*pitches[:-2], pitches[-2] - 12, pitches[-1]]))
                if dropped[0] >= low and dropped[-1] <= high:
                    found.append(dropped)
            base += 12
    return found or [tuple(low + (c - low) % 12 for c in classes)]


def lead(classes: tuple[int, ...], before: tuple[int, ...] | None, low: int, high: int) -> tuple[int, ...]:
    """The voicing that is nearest to the chord before, with as few parallel fifths and octaves as
    can be; with none before, the one in the middle of the range."""

    def cost(now: tuple[int, ...]) -> float:
        middle = abs(sum(now) / len(now) - (low + high) / 2)
        if not before:
            return middle
        moved = sum(min(abs(n - b) for b in before) for n in now)
        parallel = 0
        if len(now) == len(before):
            pairs = [(i, j) for i in range(len(now)) for j in range(i)]
            parallel = sum(
                (now[i] - now[j]) % 12 in (0, 7)
                and now[i] != before[i]
                and (before[i] - before[j]) % 12 == (now[i] - now[j]) % 12
                for i, j in pairs
            )
        return moved + 3 * parallel + 0.3 * middle

    return min(voicings(classes, low, high), key=cost)


def nearest(pitch: float, classes, low: int = 0, high: int = 127) -> int:
    """The pitch of one of the pitch classes that is nearest to `pitch` within [low, high]."""
    near = [p for p in range(int(pitch) - 6, int(pitch) + 8) if p % 12 in classes]
    inside = [p for p in near if low <= p <= high] or near
    return min(inside, key=lambda p: abs(p - pitch))


def harshness(pitches) -> float:
    """Mean harshness, 0 to 1, of all pairs of notes that sound together."""
    pitches = sorted(set(pitches))
    pairs = [HARSHNESS[(b - a) % 12] for i, a in enumerate(pitches) for b in pitches[i + 1 :]]
    return sum(pairs) / len(pairs) if pairs else 0.0
