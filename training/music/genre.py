"""What a genre is, and the words in which the genres are written: forms, progressions, groups of voices.

Tempos are of the beat that people count: drum'n'bass about 174, dubstep and trap about 140. Voices are
`gm:PROGRAM` (General MIDI, from 0) or `synth:NAME` of `voices.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """One player: what it does (melody, counter, chorale, bass or comp), in which styles, on which
    voices, how loud, around which pitch, and from which energy of a section on."""

    role: str
    styles: tuple[str, ...]
    voices: tuple[str, ...]
    level: float = 0.0  # decibels
    centre: int = 62  # MIDI pitch
    energy: float = 0.0  # sections calmer than this go without it


SONG = (
    ("intro", 4, 0.35),
    ("verse", 8, 0.55),
    ("chorus", 8, 0.85),
    ("verse", 8, 0.6),
    ("chorus", 8, 0.9),
    ("bridge", 4, 0.45),
    ("chorus", 8, 1.0),
    ("outro", 4, 0.4),
)
CLUB = (
    ("intro", 4, 0.4),
    ("groove", 8, 0.65),
    ("break", 8, 0.3),
    ("build", 4, 0.5),
    ("drop", 8, 1.0),
    ("groove", 8, 0.7),
    ("break", 4, 0.3),
    ("build", 4, 0.55),
    ("drop", 8, 1.0),
)
TUNE = (("head", 8, 0.6), ("head", 8, 0.65), ("middle", 8, 0.8), ("head", 8, 0.7))
SOLO = (("first", 8, 0.5), ("second", 8, 0.7), ("first", 8, 0.55), ("third", 8, 0.85), ("first", 4, 0.4))
WASH = (("calm", 8, 0.4), ("swell", 8, 0.7), ("calm", 8, 0.45))

BASIC = ("1 5 6 4", "1 4 5 4", "6 4 1 5", "1 6 4 5", "4 5 3 6", "1 4 6 5", "1 7 6 7", "1 3 4 5", "1 4 1 5")
LOOPS = ("1 6", "1 4", "1 7 6 7", "1 6 3 7", "6 7 1 1", "1 1 4 4", "1 3 6 4", "1")
JAZZ = ("2 5D 1 6D", "1 6 2 5D", "3 6D 2 5D", "1 4 3 6D 2 5D 1 1", "2 b2 1 1", "1 1o 2 5D")
BLUES = ("1 1 1 1 4 4 1 1 5D 4 1 5D", "1 4 1 1 4 4 1 1 2 5D 1 5D")
CHURCH = ("1 4 5D 1 6 2 5D 1", "1 5 6 3 4 1 5D 1", "1 2 5D 6 4 2 5D 1", "1 4 1 5 6 4 5D 1")
METAL = ("1 1 6 7", "1 b2 1 7", "1 6 4 5", "1 3 7 b2", "1 1 4 b2")
FOLK = ("1 4 1 5", "1 1 4 5", "1 7 1 5", "1 5 4 5", "6 4 1 5")

ACOUSTIC, ELECTRIC = ("gm:24", "gm:25"), ("gm:26", "gm:27", "gm:28")
DRIVEN = ("gm:29", "gm:30")
KEYS = ("gm:0", "gm:1", "gm:4", "gm:5", "gm:16")
PIANO = ("gm:0", "gm:1", "gm:2")
STRINGS = ("gm:48", "gm:49", "gm:50")
BRASS = ("gm:61", "gm:62", "gm:56", "gm:57")
WINDS = ("gm:73", "gm:71", "gm:68", "gm:74", "gm:75", "gm:70")
SAXES = ("gm:64", "gm:65", "gm:66", "gm:59", "gm:56")
LEADS = ("gm:80", "gm:81", "synth:lead", "synth:square", "synth:pluck")
PADS = ("synth:pad", "synth:choir", "gm:89", "gm:91", "gm:95", "gm:88")
SINGER = ("synth:voice", "synth:voice", "gm:53", "gm:52", "gm:65", "gm:73", "gm:22", "gm:11")
EBASS = ("gm:33", "gm:34", "gm:35")
UPRIGHT = ("gm:32",)
BELLS = ("gm:9", "gm:10", "gm:11", "gm:12", "gm:108", "synth:bell")


@dataclass(frozen=True)
class Genre:
    tempo: tuple[float, float]
    progressions: tuple[str, ...]
    layers: tuple[Layer, ...]
    metres: tuple[str, ...] = ("4/4",)
    drums: tuple[str, ...] = ()  # styles of drums.py; none: no drummer
    kits: tuple[str, ...] = ("gm:kit:0", "gm:kit:8", "gm:kit:16")
    modes: tuple[str, ...] = ("major", "major", "minor", "minor", "mixolydian", "dorian")
    colours: tuple[str, ...] = ("triad",)
    form: tuple = SONG
    swing: tuple[float, float] = (0.5, 0.5)  # where the second of a pair of notes falls
    swung: int = 2  # notes a beat that are swung
    offbeat: float = 0.3  # how often the melody is pushed
    courses: tuple[str, ...] = ("human",)  # of metre.tempo_course
    chord_beats: float = 0.0  # beats of a chord; 0: one or two a bar
    lean: float = 0.0  # seconds by which the snare is late
    sidechain: float = 0.0  # how far the kick pushes the rest down
    beat: bool = True  # ambient music has none
