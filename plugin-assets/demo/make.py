#!/usr/bin/env python3
"""Composes and renders `three-weathers.ogg`, the demo track: rain, sun, storm.

One theme, three moods, each thirteen and five sevenths of a second long:

    rain   D minor   70 BPM, 4 bars   piano triplets, a solo cello, slow strings
    sun    D major  105 BPM, 6 bars   a groove that grows: guitar, marimba, flute, strings
    storm  D minor  140 BPM, 8 bars   brass, distorted guitars, choir, running strings

The tempi are metric modulations: the rain's triplet is the sun's eighth note (210 a minute) and
the sun's sixteenth is the storm's triplet (420 a minute), so the pulse carries over each seam.

Needs fluidsynth, the FluidR3 GM sound font and ffmpeg with libvorbis; on Debian and Ubuntu:
`apt install fluidsynth fluid-soundfont-gm ffmpeg`. Python's standard library does the rest.
The music is drawn with a fixed seed: the same notes come out on every run.

    plugin-assets/demo/make.py [--midi FILE.mid] [--soundfont FILE.sf2] [-o FILE.ogg]
"""

import argparse
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

SEED = 1857
TICKS = 480  # per quarter note
TARGET_LUFS = -14.0
TRUE_PEAK_DB = -1.0
HERE = pathlib.Path(__file__).resolve().parent
SOUNDFONT = pathlib.Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")

# Where each section starts, in quarter notes from the beginning, and its tempo.
RAIN, RAIN_TEMPO = 0.0, 70.0
SUN, SUN_TEMPO = 16.0, 105.0
STORM, STORM_TEMPO = 40.0, 140.0
END = 72.0

DRUMS = 9
KICK, SIDE_STICK, SNARE, CLAP = 36, 37, 38, 39
CLOSED_HAT, PEDAL_HAT, OPEN_HAT = 42, 44, 46
LOW_TOM, MID_TOM, HIGH_TOM = 41, 45, 48
CRASH, CRASH_TWO, RIDE, CHINA, SHAKER = 49, 57, 51, 52, 70

NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def pitch(name):
    """MIDI number of a note such as `Bb3` or `C#5`; middle C is C4."""
    letter, accidental, octave = re.fullmatch(r"([A-G])([#b]?)(\d)", name).groups()
    return NAMES[letter] + {"": 0, "#": 1, "b": -1}[accidental] + 12 * (int(octave) + 1)


def chord(names):
    return [pitch(name) for name in names.split()]


class Score:
    """MIDI events by time, with the hand's small inaccuracies."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.events = []  # (tick, order, bytes)
        self.free_at = {}  # (channel, pitch) -> tick at which its last note ends

    def at(self, beat, order, data):
        self.events.append((max(0, round(beat * TICKS)), order, bytes(data)))

    def tempo(self, beat, bpm):
        micros = round(60e6 / bpm)
        self.at(beat, 0, b"\xff\x51\x03" + micros.to_bytes(3, "big"))

    def voice(self, beat, channel, program, volume, pan=64, reverb=40, chorus=0):
        """Gives `channel` an instrument and its place in the room from `beat` on."""
        if channel != DRUMS:
            self.at(beat, 1, [0xC0 | channel, program])
        for control, value in ((7, volume), (10, pan), (91, reverb), (93, chorus), (11, 127)):
            self.at(beat, 1, [0xB0 | channel, control, value])

    def swell(self, channel, start, end, low, high, curve=1.0):
        """Moves the expression of `channel` from `low` to `high`."""
        steps = max(2, round((end - start) * 8))
        for step in range(steps + 1):
            x = step / steps
            value = round(low + (high - low) * x**curve)
            self.at(start + (end - start) * x, 2, [0xB0 | channel, 11, value])

    def pedal(self, channel, start, end):
        self.at(start, 2, [0xB0 | channel, 64, 127])
        self.at(end, 2, [0xB0 | channel, 64, 0])

    def note(self, channel, beat, length, number, velocity, loose=0.012, spread=6):
        """One note; `loose` (beats) and `spread` are the standard deviations of the hand."""
        beat += self.random.gauss(0, loose) if loose else 0.0
        velocity = round(velocity + self.random.gauss(0, spread))
        velocity = min(127, max(1, velocity))
        start = max(0, round(beat * TICKS))
        start = max(start, self.free_at.get((channel, number), 0))
        end = max(start + 12, round((beat + length) * TICKS))
        self.free_at[channel, number] = end
        self.events.append((start, 4, bytes([0x90 | channel, number, velocity])))
        self.events.append((end, 3, bytes([0x80 | channel, number, 0])))

    def line(self, channel, start, notes, velocity, transpose=0, legato=1.0, loose=0.012, shape=True):
        """A melody of (name, length) pairs; `-` rests. High notes sing a little louder."""
        beat = start
        for name, length in notes:
            if name != "-":
                number = pitch(name) + transpose
                lean = (number - transpose - 72) * 0.7 if shape else 0
                self.note(channel, beat, length * legato, number, velocity + lean, loose)
            beat += length
        return beat

    def block(self, channel, beat, length, numbers, velocity, strum=0.0, loose=0.008):
        """A chord, struck from its first note to its last over `strum` beats."""
        for index, number in enumerate(numbers):
            self.note(channel, beat + strum * index, length - strum * index, number, velocity, loose)

    def write(self, path):
        data, last = bytearray(), 0
        for tick, _, event in sorted(self.events, key=lambda item: (item[0], item[1])):
            delta, chunk = tick - last, [(tick - last) & 0x7F]
            while delta := delta >> 7:
                chunk.append(0x80 | (delta & 0x7F))
            data += bytes(reversed(chunk)) + event
            last = tick
        data += b"\x00\xff\x2f\x00"
        header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
        path.write_bytes(header + b"MTrk" + struct.pack(">I", len(data)) + data)


def rain(score):
    """Calm and sad: the theme alone, over triplets that never quite settle."""
    piano, cello, strings, harp = 0, 1, 2, 3
    score.voice(RAIN, piano, 0, 122, pan=58, reverb=70)
    score.voice(RAIN, cello, 42, 110, pan=76, reverb=80)
    score.voice(RAIN, strings, 49, 64, pan=50, reverb=90)
    score.voice(RAIN, harp, 46, 92, pan=40, reverb=90)

    # Time breathes: a little held back at the end of each phrase.
    for beat, bend in enumerate([0.97, 1.0, 1.02, 1.0, 1.0, 1.02, 1.01, 0.98] * 2):
        score.tempo(RAIN + beat, RAIN_TEMPO * bend)

    # Each bar: the left hand's bass, then the notes that its triplets climb and fall through.
    bars = [
        ("D2 A2", "D3 A3 E4 F4 E4 A3 D3 A3 D4 F4 E4 A3"),
        ("Bb1 F2", "Bb2 F3 A3 D4 C4 A3 Bb2 F3 A3 D4 F4 D4"),
        ("G1 D2", "G2 D3 Bb3 A3 D4 A3 G2 D3 Bb3 D4 F4 D4"),
        ("A1 E2", "A2 E3 A3 D4 G3 D4 A2 E3 G3 C#4 Bb3 C#4"),
    ]
    for bar, (bass, figure) in enumerate(bars):
        start = RAIN + 4 * bar
        score.pedal(piano, start + 0.02, start + 1.97)
        score.pedal(piano, start + 2.02, start + 3.95)
        score.block(piano, start, 3.8, chord(bass), 60, strum=0.02)
        for step, number in enumerate(chord(figure)):
            accent = 8 if step % 3 == 0 else 0
            arch = 6 * (1 - abs(step - 5.5) / 5.5)
            score.note(piano, start + step / 3, 0.5, number, 48 + accent + arch + 2 * bar, 0.014, 4)

    theme = [
        ("A3", 1), ("D4", 1), ("E4", 2 / 3), ("F4", 4 / 3),
        ("F4", 1), ("E4", 1 / 3), ("D4", 5 / 3), ("A3", 1),
        ("Bb3", 1), ("D4", 1), ("F4", 1), ("A4", 1),
        ("G4", 4 / 3), ("F4", 2 / 3), ("E4", 2),
    ]
    score.line(cello, RAIN, theme, 90, legato=1.04, loose=0.02)
    for bar, (low, high) in enumerate([(62, 100), (96, 66), (64, 118), (118, 88)]):
        score.swell(cello, RAIN + 4 * bar, RAIN + 4 * bar + 3.9, low, high)

    # Strings: common tones are held, the other voices move by step.
    for bar, voicing in enumerate(["D3 A3 F4", "D3 Bb3 F4", "D3 Bb3 G4", "D3 A3 G4"]):
        length = 2 if bar == 3 else 4.05
        score.block(strings, RAIN + 4 * bar, length, chord(voicing), 52, loose=0)
    score.block(strings, RAIN + 14, 2.02, chord("C#3 A3 G4"), 58, loose=0)
    score.swell(strings, RAIN, RAIN + 4, 20, 72)
    score.swell(strings, RAIN + 4, RAIN + 13, 72, 84)
    score.swell(strings, RAIN + 13, RAIN + 16, 84, 124, 1.6)

    # The sun is announced: a harp runs up the dominant, a cymbal breathes in.
    run = chord("A4 B4 C#5 D5 E5 F#5 G5 A5 B5 C#6 D6 E6")
    for step, number in enumerate(run):
        score.note(harp, RAIN + 14 + step / 6, 0.6, number, 52 + 3 * step, 0.006, 3)


def sun(score):
    """Serene, then happy: one instrument more in each pair of bars."""
    guitar, marimba, flute, strings, bass, bells, pad = 3, 4, 5, 2, 6, 7, 8
    score.tempo(SUN, SUN_TEMPO)
    score.voice(SUN - 0.1, bass, 33, 96, pan=64, reverb=12)
    score.voice(SUN - 0.1, marimba, 12, 88, pan=84, reverb=40)
    score.voice(SUN - 0.1, guitar, 25, 84, pan=36, reverb=30, chorus=20)
    score.voice(SUN - 0.1, flute, 73, 92, pan=64, reverb=60)
    score.voice(SUN - 0.1, bells, 9, 62, pan=78, reverb=60)
    score.voice(SUN - 0.1, strings, 48, 62, pan=54, reverb=70)
    score.voice(SUN - 0.1, pad, 89, 58, pan=64, reverb=60, chorus=40)
    score.voice(SUN - 0.1, DRUMS, 0, 100, reverb=22)

    # Two chords a bar: bass note, guitar voicing, marimba's four notes.
    changes = [
        ("D2", "D3 A3 D4 F#4 A4", "D4 A4 E5 F#5"), ("D2", "D3 A3 E4 F#4 A4", "D4 A4 E5 F#5"),
        ("C#2", "E3 A3 C#4 E4 A4", "C#4 A4 E5 A5"), ("C#2", "E3 A3 C#4 E4 A4", "C#4 A4 E5 A5"),
        ("B1", "D3 A3 B3 F#4 A4", "D4 A4 B4 F#5"), ("B1", "D3 A3 B3 F#4 A4", "D4 A4 B4 F#5"),
        ("G1", "D3 G3 B3 F#4 A4", "B3 G4 A4 F#5"), ("G1", "D3 G3 B3 F#4 A4", "B3 G4 A4 F#5"),
        ("E2", "E3 B3 D4 G4 B4", "E4 B4 D5 G5"), ("F#2", "F#3 A3 D4 F#4 A4", "D4 A4 D5 F#5"),
        ("G1", "G3 B3 D4 G4 B4", "D4 B4 D5 G5"), ("A1", "A3 C#4 E4 A4 C#5", "E4 C#5 E5 A5"),
    ]
    for half, (root, voicing, figure) in enumerate(changes):
        start, grown = SUN + 2 * half, half / (len(changes) - 1)
        low, strings_up, climb = pitch(root), chord(voicing), chord(figure)
        # Bass: the root on the beat, its octave off the beat, a step to what comes next.
        score.note(bass, start, 0.7, low, 92, 0.006)
        score.note(bass, start + 0.75, 0.22, low, 74, 0.006)
        score.note(bass, start + 1.0, 0.4, low + 12, 84, 0.006)
        score.note(bass, start + 1.5, 0.45, low + 7, 80, 0.006)
        # Guitar: down, down-up, up.
        for offset, length, velocity, upward in (
            (0, 0.6, 74, False), (0.75, 0.24, 56, True), (1.0, 0.45, 70, False), (1.5, 0.4, 60, True),
        ):
            numbers = strings_up[::-1][:4] if upward else strings_up
            score.block(guitar, start + offset, length, numbers, velocity + 10 * grown, 0.018)
        # Marimba: sixteenths whose accents fall in threes.
        for step in range(8):
            number = climb[(0, 2, 1, 3, 2, 1, 3, 2)[step]]
            accent = 16 if (step + 8 * half) % 3 == 0 else 0
            score.note(marimba, start + step / 4, 0.3, number, 52 + accent + 16 * grown, 0.006, 5)

    tune = [
        ("A4", 0.5), ("D5", 0.5), ("E5", 0.5), ("F#5", 1.0), ("E5", 0.5), ("D5", 0.5), ("E5", 0.5),
        ("E5", 1.5), ("C#5", 0.5), ("A4", 1), ("B4", 0.5), ("C#5", 0.5),
        ("B4", 0.5), ("D5", 0.5), ("F#5", 0.5), ("A5", 1.0), ("F#5", 0.5), ("E5", 0.5), ("F#5", 0.5),
        ("D5", 1.5), ("B4", 0.5), ("D5", 1), ("E5", 0.5), ("F#5", 0.5),
        ("G5", 1), ("F#5", 0.5), ("E5", 0.5), ("A5", 1), ("F#5", 0.5), ("A5", 0.5),
        ("B5", 1.5), ("A5", 0.5), ("A5", 0.5), ("B5", 0.5), ("C#6", 1),
    ]
    score.line(flute, SUN, tune, 84, legato=0.96, loose=0.01)
    beat = SUN
    for name, length in tune:  # bells double it from the third bar on
        if beat >= SUN + 8:
            score.note(bells, beat, length, pitch(name) + 12, 66, 0.006)
        beat += length

    # Pad and strings: close voices that move by step and rise at the end.
    voices = ["A3 D4 F#4", "A3 C#4 E4", "A3 B3 F#4", "B3 D4 F#4", "B3 E4 G4", "B3 D4 G4"]
    for bar, voicing in enumerate(voices):
        length = 2 if bar == 5 else 4.05
        score.block(pad, SUN + 4 * bar, length, chord(voicing), 60, loose=0)
        if bar >= 2:
            score.block(strings, SUN + 4 * bar, length, [n + 12 for n in chord(voicing)], 70, loose=0)
    score.block(pad, SUN + 22, 2, chord("C#4 E4 A4"), 66, loose=0)
    score.block(strings, SUN + 22, 2, [n + 12 for n in chord("C#4 E4 A4 Bb4")], 80, loose=0)
    score.swell(pad, SUN, SUN + 24, 60, 110)
    score.swell(strings, SUN + 8, SUN + 24, 48, 127, 1.3)

    for bar in range(6):
        start = SUN + 4 * bar
        if bar == 0:
            score.note(DRUMS, start, 1, CRASH, 62)
        for step in range(16):
            where = start + step / 4
            if bar == 5 and step >= 8:
                break
            if step % 4 == 0:
                score.note(DRUMS, where, 0.2, KICK, 104 if step == 0 else 96, 0.004, 3)
            if step in (4, 12):
                score.note(DRUMS, where, 0.2, SNARE if bar >= 2 else SIDE_STICK, 84 + 3 * bar, 0.005, 3)
                if bar >= 2:
                    score.note(DRUMS, where, 0.2, CLAP, 62 + 4 * bar, 0.006, 3)
            if step % 4 == 2:
                score.note(DRUMS, where, 0.2, OPEN_HAT if bar >= 2 else PEDAL_HAT, 62 + 3 * bar, 0.005, 4)
            elif bar >= 1:
                score.note(DRUMS, where, 0.1, CLOSED_HAT, (56 if step % 4 == 0 else 34) + 2 * bar, 0.005, 4)
            score.note(DRUMS, where, 0.1, SHAKER, 44 if step % 2 else 30, 0.006, 4)
    # The last two beats: the snare rolls in sixteenths, then triplets at the storm's pace.
    fill = SUN + 22
    for step in range(4):
        score.note(DRUMS, fill + step / 4, 0.2, SNARE, 68 + 8 * step, 0.004, 3)
        score.note(DRUMS, fill + step / 4, 0.2, HIGH_TOM if step < 2 else MID_TOM, 80 + 4 * step, 0.004, 3)
    for step in range(6):
        score.note(DRUMS, fill + 1 + step / 6, 0.2, SNARE, 90 + 5 * step, 0.003, 3)
        score.note(DRUMS, fill + 1 + step / 6, 0.2, MID_TOM if step < 3 else LOW_TOM, 96 + 4 * step, 0.003, 3)
    for step in (0, 1):
        score.note(DRUMS, fill + step, 0.2, KICK, 104, 0.003, 3)


def storm(score):
    """Wild and tense: the rain's theme at twice its pace, in brass, over a riff in 3+3+2."""
    guitar, guitar_two, brass, horns, choir = 3, 4, 5, 7, 8
    strings, bass, timpani, lead, hit = 2, 6, 1, 10, 11
    score.tempo(STORM, STORM_TEMPO)
    before = STORM - 0.06
    score.voice(before, guitar, 30, 52, pan=18, reverb=16)
    score.voice(before, guitar_two, 30, 52, pan=110, reverb=16)
    score.voice(before, brass, 61, 80, pan=72, reverb=50)
    score.voice(before, horns, 57, 73, pan=50, reverb=50)
    score.voice(before, choir, 52, 62, pan=64, reverb=80)
    score.voice(before, strings, 48, 71, pan=44, reverb=50)
    score.voice(before, bass, 34, 77, pan=64, reverb=6)
    score.voice(before, timpani, 47, 77, pan=60, reverb=50)
    score.voice(before, lead, 81, 33, pan=66, reverb=40, chorus=50)
    score.voice(before, hit, 55, 64, pan=64, reverb=60)
    score.voice(before, DRUMS, 0, 87, reverb=20)

    # Root by half bar. The Neapolitan (Eb) and the dominant's diminished run make the dread.
    roots = ["D2", "D2", "Bb1", "Bb1", "G1", "G1", "A1", "A1",
             "D2", "F2", "Eb2", "Eb2", "E2", "G2", "A1", "A1"]
    for half, root in enumerate(roots):
        start, low = STORM + 2 * half, pitch(root)
        # A bar's accents fall on eighths 0, 3, 6: three, three and two.
        for step in range(4):
            eighth = 4 * (half % 2) + step
            accent = eighth in (0, 3, 6)
            where = start + step / 2
            power = [low + 12, low + 19, low + 24] if accent else [low + 12, low + 19]
            length = 0.46 if accent else 0.2
            for channel in (guitar, guitar_two):
                score.block(channel, where, length, power, 112 if accent else 88, 0.004, 0.006)
            score.note(bass, where, 0.42, low, 112 if accent else 94, 0.004, 4)
            if not accent:
                score.note(bass, where + 0.25, 0.2, low, 84, 0.004, 4)
        score.note(timpani, start, 0.9, low + 12 if low < 41 else low, 112 if half % 2 == 0 else 88, 0.004)

    theme = [
        ("A4", 1), ("D5", 1), ("E5", 0.5), ("F5", 1.5),
        ("F5", 1), ("E5", 0.5), ("D5", 1.5), ("A4", 1),
        ("Bb4", 1), ("D5", 1), ("F5", 1), ("A5", 1),
        ("G5", 1), ("F5", 1), ("E5", 1), ("C#5", 1),
        ("D5", 0.5), ("E5", 0.5), ("F5", 1), ("A5", 1.5), ("F5", 0.5),
        ("Bb5", 1.5), ("G5", 0.5), ("Eb5", 1), ("G5", 1),
        ("Bb5", 1), ("G5", 0.5), ("E5", 0.5), ("C#5", 1), ("Bb5", 1),
        ("A5", 2), ("C#6", 2),
    ]
    score.line(brass, STORM, theme, 108, legato=0.9, loose=0.006, shape=False)
    score.line(horns, STORM, theme, 100, transpose=-12, legato=0.9, loose=0.006, shape=False)
    score.line(lead, STORM + 16, theme[16:], 92, transpose=12, legato=0.95, loose=0.004, shape=False)

    # Strings: sixteenths that circle each chord's notes, half a step below and back.
    circles = ["D5 F5 A5", "D5 F5 Bb5", "D5 G5 Bb5", "C#5 E5 A5",
               "D5 F5 A5", "Eb5 G5 Bb5", "E5 G5 Bb5", "C#5 E5 G5"]
    for bar, notes in enumerate(circles):
        triad = chord(notes)
        for step in range(16):
            target = triad[(step // 4 + bar) % 3] + (12 if bar >= 4 and step >= 8 else 0)
            number = target + (0, -1, 0, 2)[step % 4]
            if bar == 7 and step >= 4:  # the last bar climbs a diminished ladder
                number = pitch("C#5") + (0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16)[step - 4]
            velocity = 84 + (14 if step % 4 == 0 else 0) + 2 * bar
            score.note(strings, STORM + 4 * bar + step / 4, 0.24, number, velocity, 0.004, 4)

    for bar, notes in enumerate(["D4 A4 D5", "D4 Bb4 D5", "D4 Bb4 D5", "C#4 A4 E5",
                                 "D4 A4 F5", "Eb4 Bb4 G5", "E4 Bb4 G5", "E4 C#5 A5"]):
        score.block(choir, STORM + 4 * bar, 4.02, chord(notes), 88 + 4 * bar, loose=0)
        score.swell(choir, STORM + 4 * bar, STORM + 4 * bar + 3.8, 84, 116 if bar < 6 else 127)

    for beat, notes in ((0, "D3 A3 D4"), (16, "D3 A3 D4"), (20, "Eb3 Bb3 Eb4"), (32, "D3 A3 D4 F4")):
        score.block(hit, STORM + beat, 1.2, chord(notes), 104, loose=0)

    for bar in range(8):
        start = STORM + 4 * bar
        if bar % 2 == 0 or bar >= 4:
            score.note(DRUMS, start, 1, CRASH if bar % 2 == 0 else CHINA, 108, 0.003, 4)
        for step in range(16):
            where = start + step / 4
            if bar in (3, 7) and step >= 12:
                drum = (HIGH_TOM, HIGH_TOM, MID_TOM, LOW_TOM)[step - 12]
                score.note(DRUMS, where, 0.2, drum, 104 + 4 * (step - 12), 0.003, 3)
                score.note(DRUMS, where, 0.2, SNARE, 84 + 6 * (step - 12), 0.003, 3)
            elif step in (4, 12):
                score.note(DRUMS, where, 0.2, SNARE, 120, 0.003, 3)
            elif step in (7, 9) and bar % 2:
                score.note(DRUMS, where, 0.1, SNARE, 48, 0.004, 4)
            # Kick on each beat's head, with the riff, and doubled in the second half.
            if step % 4 == 0 or step in (6, 10) or (bar >= 4 and step % 2 == 0):
                score.note(DRUMS, where, 0.2, KICK, 116 if step % 4 == 0 else 98, 0.003, 3)
            if step % 2 == 0:
                cymbal = RIDE if bar >= 4 else OPEN_HAT if step % 4 == 0 else CLOSED_HAT
                score.note(DRUMS, where, 0.2, cymbal, 96 if step % 4 == 0 else 76, 0.004, 4)

    # The last stroke, and what it leaves behind: the rain's piano, far away.
    for channel in (guitar, guitar_two):
        score.block(channel, END, 1.6, chord("D3 A3 D4"), 118, 0.004)
    score.block(brass, END, 0.7, chord("A4 D5 F5"), 118, loose=0)
    score.block(horns, END, 0.7, chord("D4 F4 A4"), 112, loose=0)
    score.block(choir, END, 1.4, chord("D4 A4 D5 F5"), 112, loose=0)
    score.block(strings, END, 0.8, chord("D4 A4 D5 A5"), 110, loose=0)
    score.note(bass, END, 1.6, pitch("D2"), 118, 0)
    score.note(timpani, END, 2.0, pitch("D2"), 124, 0)
    for drum in (KICK, SNARE, CRASH, CRASH_TWO):
        score.note(DRUMS, END, 2.0, drum, 122, 0.002, 2)
    score.voice(END + 1.9, 0, 0, 92, pan=58, reverb=90)
    score.pedal(0, END + 2, END + 6.5)
    for step, number in enumerate(chord("D4 A4 E5 F5")):
        score.note(0, END + 2 + 2 * step / 3, 3, number, 64 - 5 * step, 0.01, 2)


def run(*command):
    """Runs a program; its error output comes back, and stops this script when it fails."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not installed; see the top of {pathlib.Path(__file__).name}.")
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr.strip()}")
    return done.stderr


def measured(wav, filters):
    """Integrated loudness (LUFS) and true peak (dBTP) of `wav` behind `filters`."""
    report = run("ffmpeg", "-hide_banner", "-i", wav, "-af",
                 f"{filters}loudnorm=print_format=json", "-f", "null", "-")
    values = json.loads(report[report.rindex("{"):])
    return float(values["input_i"]), float(values["input_tp"])


def main():
    parser = argparse.ArgumentParser(description="Composes and renders the demo track.")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=HERE / "three-weathers.ogg")
    parser.add_argument("--midi", type=pathlib.Path, help="also keep the notes as a MIDI file")
    parser.add_argument("--soundfont", type=pathlib.Path, default=SOUNDFONT)
    arguments = parser.parse_args()
    if not arguments.soundfont.is_file():
        sys.exit(f"There is no sound font at {arguments.soundfont}; give one with --soundfont.")

    score = Score(SEED)
    rain(score)
    sun(score)
    storm(score)

    with tempfile.TemporaryDirectory() as folder:
        midi, wav = pathlib.Path(folder, "demo.mid"), pathlib.Path(folder, "demo.wav")
        score.write(midi)
        if arguments.midi:
            arguments.midi.write_bytes(midi.read_bytes())
        run("fluidsynth", "-q", "-n", "-i", "-g", "0.35", "-r", "48000", "-O", "float", "-T", "wav",
            "-o", "synth.reverb.room-size=0.7", "-o", "synth.reverb.damp=0.3",
            "-o", "synth.reverb.width=0.9", "-o", "synth.reverb.level=0.6",
            "-o", "synth.polyphony=512", "-F", wav, arguments.soundfont, midi)
        # A highpass for what no loudspeaker plays; gain and limiter are found together, because
        # limiting the storm's peaks takes loudness away.
        gain = 0.0
        for _ in range(6):
            chain = (f"highpass=f=28,volume={gain:.3f}dB,"
                     f"alimiter=limit={10 ** ((TRUE_PEAK_DB - 0.7) / 20):.4f}:attack=4:release=60:level=0,")
            loudness, peak = measured(wav, chain)
            gain += TARGET_LUFS - loudness
        run("ffmpeg", "-y", "-hide_banner", "-i", wav, "-af",
            f"{chain}afade=t=out:st=43.0:d=1.6,atrim=end=44.6", "-ar", "44100", "-c:a", "libvorbis", "-q:a", "5",
            "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
            "-metadata", "title=Three Weathers", "-metadata", "artist=Synopsia",
            arguments.output)
    size = arguments.output.stat().st_size
    print(f"{arguments.output}: {size / 1e6:.2f} MB, {loudness:.1f} LUFS, true peak {peak:.1f} dB")


if __name__ == "__main__":
    main()
