"""Music as the network reads and writes it: bars of chords, a melody and an accompaniment, as tokens.

All is transposed so that the tonic is C. A bar is a chord for each of its halves, the melody note by note (place,
pitch, length) and the accompaniment (place, then what begins there, lowest first). Places are sixteenths: sixteen in
four quarters, twelve in three. `crates/networks/src/compose/tokens.rs` has the same numbers.
"""

from dataclasses import dataclass, field

import mido

# Semitones above the root, by how many candidates are tried in this order.
QUALITIES = {"maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6), "sus": (0, 5, 7), "7": (0, 4, 7, 10),
             "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10)}
SHAPES = list(QUALITIES.values())
PLACES = 16
MELODY_LOW, MELODY_COUNT = 53, 36
ACC_LOW, ACC_COUNT = 31, 54
# Where each kind of token begins.
CHORD = 0
M_PLACE = CHORD + 12 * len(SHAPES)
M_PITCH = M_PLACE + PLACES
M_LENGTH = M_PITCH + MELODY_COUNT
M_END = M_LENGTH + PLACES
A_PLACE = M_END + 1
A_PITCH = A_PLACE + PLACES
A_END = A_PITCH + ACC_COUNT
TOKENS = A_END + 1
MOST_AT_ONCE = 5  # notes of the accompaniment that begin together


@dataclass
class Bar:
    places: int  # sixteenths: 16 or 12
    chords: tuple = ((0, 0), (0, 0))  # root and number of the shape, of each half
    melody: list = field(default_factory=list)  # (place, pitch, length in sixteenths)
    acc: list = field(default_factory=list)  # (place, pitch)


def into(pitch: int, low: int, count: int) -> int:
    """The pitch, moved by octaves into [low, low + count)."""
    while pitch < low:
        pitch += 12
    while pitch >= low + count:
        pitch -= 12
    return pitch


def tokens(bar: Bar) -> list[int]:
    out = [CHORD + shape * 12 + root for root, shape in bar.chords]
    before = -1
    for place, pitch, length in sorted(bar.melody):
        if place > before:
            pitch = into(pitch, MELODY_LOW, MELODY_COUNT)
            out += [M_PLACE + place, M_PITCH + pitch - MELODY_LOW, M_LENGTH + min(max(length, 1), PLACES) - 1]
            before = place
    out.append(M_END)
    for place in sorted({p for p, _ in bar.acc}):
        pitches = sorted({into(q, ACC_LOW, ACC_COUNT) for p, q in bar.acc if p == place})
        pitches = pitches[:1] + pitches[1:][-(MOST_AT_ONCE - 1):]
        out += [A_PLACE + place] + [A_PITCH + q - ACC_LOW for q in pitches]
    return out + [A_END]


def parse(row, places: int) -> Bar:
    """The bar of tokens that are well formed."""
    bar, k = Bar(places), 2
    bar.chords = tuple((t % 12, t // 12) for t in row[:2])
    while row[k] != M_END:
        bar.melody.append((row[k] - M_PLACE, row[k + 1] - M_PITCH + MELODY_LOW, row[k + 2] - M_LENGTH + 1))
        k += 3
    place = 0
    for token in row[k + 1:-1]:
        if token < A_PITCH:
            place = token - A_PLACE
        else:
            bar.acc.append((place, token - A_PITCH + ACC_LOW))
    return bar


def midi(bars: list[Bar], tempo: float, tonic: int = 0, velocity: int = 80) -> mido.MidiFile:
    """The bars on a piano; what accompanies sounds until the harmony changes or the next of it begins."""
    file, step = mido.MidiFile(ticks_per_beat=480), 120
    lines = ([], [])
    start = 0
    for bar in bars:
        for place, pitch, length in bar.melody:
            lines[0].append((start + place, start + place + length, pitch + tonic, velocity + 12))
        begins = sorted({p for p, _ in bar.acc})
        for place, pitch in bar.acc:
            later = [p for p in begins if p >= place + 4]
            end = min(later[0] if later else bar.places, bar.places)
            lines[1].append((start + place, start + end, pitch + tonic, velocity - 8))
        start += bar.places
    for number, line in enumerate(lines):
        track, now = mido.MidiTrack(), 0
        if number == 0:
            track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo)))
        events = [(a, 1, q, v) for a, _, q, v in line] + [(b, 0, q, v) for _, b, q, v in line]
        for at, on, pitch, force in sorted(events):
            kind = "note_on" if on else "note_off"
            track.append(mido.Message(kind, channel=number, note=pitch, velocity=force, time=(at - now) * step))
            now = at
        file.tracks.append(track)
    return file
