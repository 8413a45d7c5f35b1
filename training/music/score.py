"""What is composed: parts of notes, and the plan that they follow. Times here are in beats."""

from dataclasses import dataclass, field

from .metre import Bar
from .theory import Chord, Key


@dataclass(frozen=True, slots=True)
class Note:
    start: float  # beats from the piece's first
    length: float  # beats
    pitch: int  # MIDI; of drums the General MIDI key
    velocity: float  # 0 to 1
    lag: float = 0.0  # seconds behind its place: strums, ghost notes, a laid-back hand


@dataclass
class Part:
    role: str  # lead, comp, pad, bass, drums, ...
    voice: str  # `gm:PROGRAM`, `gm:kit:PROGRAM` or `synth:NAME`
    notes: list[Note] = field(default_factory=list)
    level: float = 0.0  # decibels
    pan: float = 0.0  # -1 left to 1 right


@dataclass(frozen=True)
class Section:
    name: str  # the same name is the same music, played differently
    bars: int
    energy: float  # 0 to 1: how many play, and how hard


@dataclass(frozen=True)
class Harmony:
    """A chord from beat `start` on for `length` beats."""

    start: float
    length: float
    chord: Chord
    section: int


@dataclass
class Plan:
    """All that players must agree upon."""

    seed: int
    key: Key
    bars: list[Bar]
    sections: list[Section]
    harmony: list[Harmony]
    density: float  # 0 few notes, 1 many
    dissonance: float  # 0 consonant, 1 harsh
    articulation: float  # share of its time for which a note sounds: 0.3 staccato, 1.05 legato
    register: int  # semitones higher or lower than is usual
    human: float  # seconds of deviation of a player's timing

    def chord_at(self, beat: float) -> Harmony:
        """The chord that sounds at a beat."""
        low, high = 0, len(self.harmony) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.harmony[middle].start <= beat + 1e-6:
                low = middle
            else:
                high = middle - 1
        return self.harmony[low]

    def energy(self, bar: Bar) -> float:
        return self.sections[bar.section].energy
