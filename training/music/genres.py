"""The genres: who plays what, in which metres and tempos, over which chords. A new one is one entry.

Tempos are of the beat that people count: drum'n'bass about 174, dubstep and trap about 140. Voices
are `gm:PROGRAM` (General MIDI, from 0) or `synth:NAME` of `voices.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """One player: what it does (melody, counter, chorale, bass or comp), in which styles, on which
    voices, how loud, around which pitch, and from which energy of a section on."""
    role: str
    styles: tuple[str, ...]
    voices: tuple[str, ...]
    level: float = 0.0     # decibels
    centre: int = 62       # MIDI pitch
    energy: float = 0.0    # sections calmer than this go without it


SONG = (("intro", 4, 0.35), ("verse", 8, 0.55), ("chorus", 8, 0.85), ("verse", 8, 0.6),
        ("chorus", 8, 0.9), ("bridge", 4, 0.45), ("chorus", 8, 1.0), ("outro", 4, 0.4))
CLUB = (("intro", 4, 0.4), ("groove", 8, 0.65), ("break", 8, 0.3), ("build", 4, 0.5), ("drop", 8, 1.0),
        ("groove", 8, 0.7), ("break", 4, 0.3), ("build", 4, 0.55), ("drop", 8, 1.0))
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
    drums: tuple[str, ...] = ()              # styles of drums.py; none: no drummer
    kits: tuple[str, ...] = ("gm:kit:0", "gm:kit:8", "gm:kit:16")
    modes: tuple[str, ...] = ("major", "major", "minor", "minor", "mixolydian", "dorian")
    colours: tuple[str, ...] = ("triad",)
    form: tuple = SONG
    swing: tuple[float, float] = (0.5, 0.5)  # where the second of a pair of notes falls
    swung: int = 2                           # notes a beat that are swung
    offbeat: float = 0.3                     # how often the melody is pushed
    courses: tuple[str, ...] = ("human",)    # of metre.tempo_course
    chord_beats: float = 0.0                 # beats of a chord; 0: one or two a bar
    lean: float = 0.0                        # seconds by which the snare is late
    sidechain: float = 0.0                   # how far the kick pushes the rest down
    beat: bool = True                        # ambient music has none


L = Layer
GENRES = {
    "pop": Genre((76, 132), BASIC, (L("melody", (), SINGER, 1, 67), L("comp", ("pop", "held", "strum", "wave"), KEYS + ACOUSTIC, -4),
        L("comp", ("held",), STRINGS + PADS, -8, 64, 0.6), L("bass", ("eighths", "roots", "syncopated"), EBASS + ("gm:38",), 0, 38, 0.35)), drums=("pop",)),
    "rock": Genre((88, 176), BASIC + LOOPS, (L("melody", (), ("gm:29", "synth:voice", "gm:18", "gm:30"), 0, 66), L("comp", ("power", "chug", "strum"), DRIVEN + ("gm:27",), -3, 54),
        L("comp", ("held",), ("gm:18", "gm:16"), -9, 62, 0.6), L("bass", ("eighths", "roots"), EBASS, 0, 38, 0.3)), drums=("rock",), colours=("power", "triad")),
    "punk": Genre((150, 220), BASIC, (L("melody", (), ("synth:voice", "gm:29"), 0, 66), L("comp", ("chug", "power"), DRIVEN, -2, 54), L("bass", ("eighths",), ("gm:34",), 0, 38)), drums=("punk", "rock"), colours=("power",)),
    "ballad": Genre((54, 84), BASIC, (L("melody", (), SINGER, 1, 67), L("comp", ("wave", "up", "held", "wide"), PIANO + ("gm:4",), -3),
        L("comp", ("held",), STRINGS + PADS, -8, 64, 0.5), L("bass", ("roots",), EBASS, -1, 38, 0.4)), drums=("pop", "ballad"), metres=("4/4", "4/4", "6/8", "12/8", "3/4")),
    "house": Genre((118, 128), LOOPS + BASIC, (L("comp", ("stab", "pop"), ("synth:stab", "gm:0", "gm:16", "gm:4"), -4), L("comp", ("held",), PADS, -8, 60, 0.3), L("melody", (), LEADS + ("synth:voice",), -4, 70, 0.6),
        L("bass", ("offbeat", "octaves", "syncopated"), ("synth:sub", "synth:saw_bass", "gm:38"), 0, 36, 0.5)), drums=("house",), kits=("synth:909", "synth:808"), colours=("seventh", "triad", "ninth"), form=CLUB, courses=("steady",), swing=(0.5, 0.58), swung=4, sidechain=0.6),
    "techno": Genre((124, 145), LOOPS, (L("comp", ("stab", "held"), ("synth:stab", "synth:pad"), -7, 55, 0.4), L("melody", (), ("synth:pluck", "synth:bell"), -9, 66, 0.7), L("bass", ("rolling", "acid", "offbeat"), ("synth:acid", "synth:sub", "synth:saw_bass"), 0, 36)),
        drums=("techno",), kits=("synth:909", "synth:hard"), modes=("minor", "phrygian", "dorian"), form=CLUB, courses=("steady",), sidechain=0.5),
    "trance": Genre((130, 142), BASIC, (L("comp", ("up", "wave"), ("synth:pluck", "gm:81"), -4, 66), L("comp", ("held",), ("synth:supersaw", "synth:pad"), -5, 62), L("melody", (), ("synth:lead", "synth:supersaw"), -3, 72, 0.6), L("bass", ("offbeat", "rolling"), ("synth:saw_bass",), 0, 36, 0.4)),
        drums=("house", "techno"), kits=("synth:909", "synth:hard"), form=CLUB, courses=("steady",), sidechain=0.7),
    "disco": Genre((108, 128), BASIC, (L("melody", (), SINGER + BRASS, 0, 68), L("comp", ("funk", "stab", "pop"), ELECTRIC + ("gm:0", "gm:7"), -4), L("comp", ("held",), STRINGS, -6, 66, 0.4), L("bass", ("octaves", "syncopated"), EBASS, 0, 38)), drums=("disco",), kits=("gm:kit:0", "gm:kit:8", "synth:909"), colours=("seventh", "triad"), courses=("steady", "human")),
    "dnb": Genre((165, 180), LOOPS, (L("bass", ("reese", "sub", "syncopated"), ("synth:reese", "synth:sub"), 1, 36), L("comp", ("held",), PADS, -6, 60), L("melody", (), LEADS + ("gm:4", "synth:voice"), -5, 68, 0.5)),
        drums=("dnb", "breaks"), kits=("synth:dnb", "gm:kit:0", "synth:909"), modes=("minor", "dorian", "minor", "major"), colours=("seventh", "ninth"), form=CLUB, courses=("steady",)),
    "dubstep": Genre((138, 146), LOOPS, (L("bass", ("sub", "reese"), ("synth:wobble", "synth:reese", "synth:sub"), 2, 33, 0.3), L("comp", ("held", "stab"), PADS + ("synth:stab",), -7, 60), L("melody", (), ("synth:lead", "synth:bell", "synth:square"), -6, 68, 0.4)),
        drums=("dubstep",), kits=("synth:dnb", "synth:hard"), modes=("minor", "phrygian", "harmonic"), form=CLUB, courses=("steady",), sidechain=0.3),
    "trap": Genre((130, 150), LOOPS, (L("bass", ("sub",), ("synth:808",), 2, 33, 0.3), L("melody", (), ("synth:bell", "synth:pluck", "gm:10", "gm:0", "synth:square"), -4, 70), L("comp", ("held", "up"), PADS + ("gm:48",), -8, 60)),
        drums=("trap",), kits=("synth:808",), modes=("minor", "harmonic", "phrygian", "minor", "major"), courses=("steady",)),
    "hip hop": Genre((78, 102), LOOPS + JAZZ, (L("bass", ("syncopated", "roots", "dub"), ("gm:33", "synth:sub", "gm:32"), 0, 37), L("comp", ("charleston", "pop", "held"), ("gm:4", "gm:0", "gm:26", "gm:11"), -5), L("melody", (), ("gm:4", "gm:73", "gm:65", "synth:voice"), -4, 67, 0.5)),
        drums=("hiphop",), kits=("synth:lofi", "gm:kit:0", "synth:808"), colours=("seventh", "ninth"), swing=(0.52, 0.62), swung=4, lean=0.012, courses=("steady",)),
    "lofi": Genre((68, 88), JAZZ, (L("comp", ("held", "charleston"), ("gm:4", "gm:0", "gm:26"), -2), L("melody", (), ("gm:11", "gm:4", "gm:24", "gm:73"), -3, 68), L("bass", ("roots",), ("gm:32", "synth:sub"), -1, 37)),
        drums=("lofi", "hiphop"), kits=("synth:lofi",), colours=("seventh", "ninth"), swing=(0.54, 0.64), swung=4, lean=0.015, courses=("steady",)),
    "garage": Genre((128, 136), LOOPS, (L("bass", ("syncopated", "sub"), ("synth:sub", "synth:saw_bass", "gm:38"), 1, 36), L("comp", ("stab",), ("synth:stab", "gm:16", "gm:4"), -5), L("melody", (), ("synth:voice", "synth:pluck"), -4, 69, 0.5)),
        drums=("garage",), kits=("synth:909", "synth:dnb"), colours=("seventh", "ninth"), form=CLUB, swing=(0.54, 0.62), swung=4, courses=("steady",)),
    "reggae": Genre((120, 160), ("1 4", "1 2", "1 7", "1 4 5 4", "6 4 1 5", "1 6 2 5"), (L("bass", ("dub",), ("gm:33", "gm:35"), 2, 36), L("comp", ("skank",), ("gm:27", "gm:28", "gm:16", "gm:0"), -3, 64), L("comp", ("held",), ("gm:16", "gm:18"), -9, 60, 0.6), L("melody", (), SINGER + BRASS, 0, 67)), drums=("reggae",), swing=(0.5, 0.6)),
    "ska": Genre((150, 190), BASIC, (L("bass", ("eighths", "walking"), EBASS, 0, 38), L("comp", ("march",), ("gm:27", "gm:28"), -2, 64), L("melody", (), BRASS + SAXES, 0, 68)), drums=("rock", "punk")),
    "swing": Genre((110, 230), JAZZ, (L("melody", (), SAXES + ("gm:11", "gm:0"), 0, 68), L("comp", ("charleston",), ("gm:0", "gm:26"), -4), L("bass", ("walking",), UPRIGHT, 1, 40), L("comp", ("stab",), ("gm:61",), -6, 62, 0.7)),
        drums=("swing",), kits=("gm:kit:32", "gm:kit:40"), colours=("seventh", "ninth"), form=TUNE, swing=(0.6, 0.7), offbeat=0.6, modes=("major", "major", "minor", "dorian")),
    "jazz waltz": Genre((120, 190), JAZZ, (L("melody", (), SAXES + ("gm:11", "gm:0", "gm:73"), 0, 68), L("comp", ("charleston", "waltz"), ("gm:0", "gm:26", "gm:4"), -4), L("bass", ("walking", "roots"), UPRIGHT, 1, 40)),
        metres=("3/4",), drums=("swing",), kits=("gm:kit:32", "gm:kit:40"), colours=("seventh", "ninth"), form=TUNE, swing=(0.58, 0.68), offbeat=0.5),
    "blues": Genre((60, 130), BLUES, (L("melody", (), ("gm:29", "gm:22", "gm:27", "gm:66"), 0, 66), L("comp", ("pop", "charleston", "stride"), ("gm:0", "gm:26", "gm:16"), -4), L("bass", ("walking", "roots"), EBASS + UPRIGHT, 0, 38)),
        metres=("4/4", "12/8"), drums=("shuffle", "blues"), modes=("mixolydian", "dorian", "minor"), colours=("seventh",), form=TUNE, swing=(0.62, 0.68), chord_beats=4),
    "bossa": Genre((116, 160), JAZZ, (L("melody", (), ("gm:73", "gm:65", "gm:11", "synth:voice", "gm:24"), 0, 68), L("comp", ("bossa",), ("gm:24", "gm:0", "gm:4"), -3), L("bass", ("bossa",), UPRIGHT + ("gm:35",), 0, 38)), drums=("bossa",), kits=("gm:kit:0", "gm:kit:40"), colours=("seventh", "ninth"), form=TUNE, offbeat=0.6),
    "samba": Genre((96, 136), JAZZ + BASIC, (L("melody", (), WINDS + BRASS, 0, 70), L("comp", ("bossa", "funk"), ("gm:24", "gm:0", "gm:105"), -3), L("bass", ("bossa", "syncopated"), EBASS, 0, 38)), drums=("samba",), colours=("seventh", "triad"), offbeat=0.6),
    "salsa": Genre((160, 220), ("1 4 5D 4", "1 5D 5D 1", "1 4 5D 1", "2 5D 1 1"), (L("melody", (), BRASS + ("gm:73",), 0, 69), L("comp", ("montuno",), ("gm:0", "gm:1"), -2, 68), L("bass", ("tumbao",), UPRIGHT + ("gm:33",), 1, 38)), drums=("salsa",), colours=("triad", "seventh"), offbeat=0.7),
    "funk": Genre((88, 120), LOOPS, (L("bass", ("syncopated",), ("gm:36", "gm:33"), 2, 38), L("comp", ("funk",), ("gm:28", "gm:27", "gm:7"), -3, 64), L("melody", (), BRASS + SAXES, -1, 67, 0.4), L("comp", ("held",), ("gm:16",), -8, 62, 0.6)),
        drums=("funk",), modes=("dorian", "mixolydian", "minor"), colours=("seventh", "ninth"), offbeat=0.7, swing=(0.5, 0.57), swung=4),
    "soul": Genre((70, 116), BASIC + JAZZ, (L("melody", (), SINGER, 1, 67), L("comp", ("pop", "held"), ("gm:16", "gm:4", "gm:0"), -4), L("comp", ("stab",), ("gm:61",), -7, 64, 0.7), L("bass", ("syncopated", "eighths"), EBASS, 1, 38)), drums=("pop", "funk"), colours=("seventh", "ninth"), lean=0.008),
    "folk": Genre((84, 140), FOLK, (L("melody", (), ("gm:110", "gm:73", "gm:22", "gm:74", "gm:21", "synth:voice"), 0, 70), L("comp", ("travis", "strum"), ACOUSTIC + ("gm:15", "gm:105"), -3), L("bass", ("roots",), UPRIGHT, -2, 38, 0.5)), metres=("4/4", "3/4", "2/4"), form=TUNE, modes=("major", "mixolydian", "dorian", "minor"), courses=("human",)),
    "jig": Genre((100, 136), FOLK, (L("melody", (), ("gm:110", "gm:74", "gm:109", "gm:73", "gm:21"), 0, 72), L("comp", ("strum", "stride"), ACOUSTIC + ("gm:21",), -4), L("bass", ("roots",), UPRIGHT, -2, 38, 0.4)), metres=("6/8", "6/8", "9/8"), drums=("jig",), form=TUNE, modes=("major", "mixolydian", "dorian")),
    "polka": Genre((100, 132), ("1 5D 1 5D", "1 4 5D 1"), (L("melody", (), ("gm:21", "gm:71", "gm:56"), 0, 70), L("comp", ("march", "stride"), ("gm:21", "gm:25"), -3), L("bass", ("roots",), ("gm:58", "gm:32"), 0, 38)), metres=("2/4",), drums=("polka",), form=TUNE, modes=("major", "major", "minor")),
    "march": Genre((96, 132), CHURCH + FOLK, (L("melody", (), ("gm:56", "gm:61", "gm:72", "gm:73"), 0, 68), L("comp", ("march",), ("gm:60", "gm:57"), -4), L("bass", ("roots",), ("gm:58",), 0, 38)), metres=("4/4", "2/4", "6/8"), drums=("march", "jig"), kits=("gm:kit:48", "gm:kit:0"), form=TUNE, modes=("major", "major", "minor")),
    "waltz": Genre((100, 190), CHURCH, (L("melody", (), ("gm:40", "gm:48", "gm:73", "gm:71", "gm:21", "gm:0"), 0, 70), L("comp", ("waltz",), STRINGS + ("gm:0", "gm:45", "gm:21"), -4), L("bass", ("roots",), ("gm:32", "gm:43"), -1, 38, 0.4)), metres=("3/4",), form=TUNE, courses=("human", "rubato", "ritardando")),
    "chorale": Genre((54, 92), CHURCH, (L("chorale", (), ("gm:19", "gm:52", "gm:48", "gm:61", "gm:0", "synth:choir"), 0),), metres=("4/4", "3/4"), form=TUNE, courses=("ritardando", "human"), chord_beats=1),
    "piano": Genre((50, 150), BASIC + CHURCH, (L("melody", (), PIANO, 2, 72), L("comp", ("alberti", "wide", "wave", "stride", "held"), ("same",), -3, 55)), metres=("4/4", "3/4", "6/8", "2/4", "12/8"), form=SOLO, courses=("human", "rubato", "ritardando"), colours=("triad", "seventh")),
    "pop piano": Genre((60, 130), BASIC + JAZZ, (L("melody", (), PIANO, 2, 72), L("comp", ("pop", "held", "wave"), ("same",), -2, 60), L("bass", ("roots", "eighths"), ("same",), -1, 40)), colours=("triad", "seventh", "ninth"), courses=("human", "steady", "rubato"), form=SONG),
    "guitar": Genre((60, 130), FOLK + CHURCH, (L("melody", (), ACOUSTIC, 1, 69), L("comp", ("travis", "up", "wave"), ("same",), -2, 57)), metres=("4/4", "3/4", "6/8"), form=SOLO, courses=("human", "rubato")),
    "harpsichord": Genre((70, 140), CHURCH, (L("melody", (), ("gm:6",), 0, 74), L("counter", (), ("same",), -1, 60), L("bass", ("walking", "eighths"), ("same",), -1, 43)), metres=("4/4", "3/4", "12/8"), form=TUNE, courses=("human",), modes=("major", "harmonic")),
    "quartet": Genre((60, 150), CHURCH + BASIC, (L("melody", (), ("gm:40",), 1, 74), L("counter", (), ("gm:40", "gm:41"), -2, 64, 0.3), L("comp", ("held", "tremolo", "alberti"), ("gm:41", "gm:48", "gm:45"), -3, 57), L("bass", ("roots", "eighths"), ("gm:42",), 0, 43)), metres=("4/4", "3/4", "6/8"), form=SOLO, courses=("human", "rubato")),
    "orchestra": Genre((60, 160), CHURCH + BASIC, (L("melody", (), ("gm:48", "gm:60", "gm:68", "gm:56", "gm:73"), 1, 70), L("counter", (), WINDS, -4, 72, 0.5), L("comp", ("held", "tremolo", "pop"), STRINGS + ("gm:44",), -3, 60), L("comp", ("held", "march"), ("gm:61", "gm:60"), -5, 55, 0.7), L("bass", ("roots", "eighths"), ("gm:43", "gm:42"), 0, 40)), metres=("4/4", "3/4", "6/8"), drums=("orchestra",), kits=("gm:kit:48",), form=SOLO, courses=("human", "rubato", "ritardando")),
    "cinematic": Genre((70, 150), LOOPS + BASIC, (L("comp", ("tremolo", "pop", "up"), ("gm:48", "gm:45", "gm:0"), -1, 55), L("melody", (), ("gm:60", "gm:48", "gm:52", "synth:choir"), 0, 65, 0.5), L("bass", ("pedal", "eighths", "roots"), ("gm:43", "synth:sub"), 0, 36)), metres=("4/4", "3/4", "6/8"), drums=("orchestra", "halftime"), kits=("gm:kit:48", "synth:hard"), modes=("minor", "minor", "harmonic", "major", "lydian"), courses=("steady", "human")),
    "ambient": Genre((50, 80), LOOPS, (L("comp", ("held",), PADS, 0, 60), L("comp", ("held",), ("synth:sea", "synth:pad", "gm:49"), -9, 55), L("melody", (), BELLS, -8, 74, 0.5)), form=WASH, modes=("major", "lydian", "minor", "dorian", "phrygian"), colours=("ninth", "seventh", "triad"), courses=("rubato",), beat=False),
    "metal": Genre((100, 200), METAL, (L("comp", ("chug",), ("gm:30", "gm:29"), 0, 47), L("comp", ("power",), ("gm:30",), -3, 54, 0.6), L("melody", (), ("gm:30", "gm:29"), -1, 68, 0.7), L("bass", ("gallop", "eighths"), ("gm:34", "gm:33"), 0, 36)), drums=("metal", "rock", "halftime"), kits=("gm:kit:16", "gm:kit:8"), modes=("minor", "phrygian", "harmonic"), colours=("power",)),
    "country": Genre((90, 150), ("1 4 1 5", "1 1 4 4 1 5 1 1", "1 5 4 1"), (L("melody", (), ("gm:110", "gm:25", "synth:voice", "gm:22"), 0, 68), L("comp", ("strum", "travis"), ("gm:25", "gm:105"), -2), L("bass", ("roots",), EBASS + UPRIGHT, 0, 38)), drums=("country",), modes=("major", "mixolydian")),
    "afro": Genre((100, 126), LOOPS, (L("comp", ("up", "funk"), ("gm:27", "gm:108", "gm:12"), -2, 66), L("bass", ("syncopated",), EBASS, 1, 38), L("melody", (), ("synth:voice", "gm:66", "gm:12"), 0, 67)), metres=("4/4", "12/8"), drums=("afro",), offbeat=0.7),
    "synthwave": Genre((84, 118), BASIC + LOOPS, (L("bass", ("eighths", "octaves"), ("synth:saw_bass", "gm:38"), 0, 36), L("comp", ("held",), ("synth:pad", "synth:supersaw"), -5, 60), L("comp", ("up",), ("synth:pluck", "gm:90"), -6, 67, 0.4), L("melody", (), ("synth:lead", "gm:80", "synth:square"), -2, 70, 0.5)), drums=("pop", "disco"), kits=("synth:909", "gm:kit:24"), modes=("minor", "minor", "major", "dorian"), courses=("steady",)),
    "chip": Genre((100, 180), BASIC + FOLK, (L("melody", (), ("synth:square",), 0, 74), L("comp", ("up", "wave"), ("synth:square", "synth:pluck"), -6, 64), L("bass", ("eighths", "octaves"), ("synth:square", "synth:sub"), -2, 43)), drums=("rock", "disco"), kits=("synth:808", "synth:lofi"), courses=("steady",), form=TUNE),
    "five": Genre((96, 180), LOOPS + BASIC, (L("melody", (), SAXES + ("gm:29", "gm:0"), 0, 68), L("comp", ("pop", "stab", "up", "power"), ("gm:0", "gm:27", "gm:4"), -3), L("bass", ("roots", "eighths", "syncopated"), EBASS + UPRIGHT, 0, 38)), metres=("5/4", "5/4", "5/8"), drums=("any",), kits=("gm:kit:0", "gm:kit:32", "gm:kit:16"), colours=("triad", "seventh")),
    "seven": Genre((100, 200), LOOPS + BASIC, (L("melody", (), ("gm:29", "gm:81", "gm:110", "gm:71", "gm:0"), 0, 68), L("comp", ("pop", "power", "up", "strum"), ("gm:27", "gm:29", "gm:0", "gm:25"), -3), L("bass", ("eighths", "roots", "syncopated"), EBASS, 0, 38)), metres=("7/4", "7/8"), drums=("any",), modes=("minor", "dorian", "mixolydian", "phrygian")),
    "six": Genre((46, 120), BASIC, (L("melody", (), SINGER + ("gm:110",), 0, 68), L("comp", ("wave", "strum", "up"), ACOUSTIC + PIANO, -3), L("bass", ("roots",), EBASS, 0, 38, 0.4)), metres=("6/8", "12/8", "6/4"), drums=("ballad", "blues", "afro", "any")),
}
# Kinds that are no genre: another genre whose tempo or metre does not stay.
CHANGING = {"ramp": "ramp", "change": "change", "metre change": "human"}
