"""Reads scores in MusicXML: notes, bars and tempos, in quarters from the score's first note or rest.

Grace notes and cues are skipped, repeats are not followed. A score whose bars do not add up is refused by `Unclear`.
"""

import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

STEPS = dict(C=0, D=2, E=4, F=5, G=7, A=9, B=11)


class Unclear(ValueError):
    """What a score does not say, or says twice."""


@dataclass(frozen=True)
class Bar:
    """A bar, or a part of one: an upbeat, or what a repeat's sign divides."""

    start: Fraction  # quarters
    length: Fraction
    metre: tuple[int, int]  # as written: 6, 8
    offset: Fraction = Fraction(0)  # quarters of its bar that are before it

    @property
    def whole(self):
        """Quarters of the whole bar."""
        return Fraction(4 * self.metre[0], self.metre[1])


@dataclass
class Note:
    start: Fraction  # quarters
    length: Fraction
    pitch: int  # MIDI
    staff: int  # from 1
    voice: str
    marks: frozenset = frozenset()  # staccato, accent, arpeggiate, fermata


@dataclass
class Score:
    bars: list[Bar]
    parts: list[list[Note]]
    tempos: list[tuple[Fraction, float]] = field(default_factory=list)  # from where on, quarters a minute

    def piano(self):
        """The notes of the part on two staves."""
        found = [part for part in self.parts if {note.staff for note in part} == {1, 2}]
        if len(found) != 1:
            raise Unclear(f"{len(found)} parts on two staves")
        return found[0]

    def singer(self):
        """The notes of the first part on one staff; none where there is no such part."""
        return next((part for part in self.parts if part and {note.staff for note in part} == {1}), [])


def root_of(path):
    """The score in a compressed file."""
    with zipfile.ZipFile(path) as archive:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        return ElementTree.fromstring(archive.read(container.find(".//rootfile").get("full-path")))


class Reader:
    """One part: its notes, and of each measure the metre and how long it is."""

    def __init__(self, part):
        self.divisions, self.metre, self.shift = 1, None, 0
        self.notes, self.measures, self.tempos, self.tied = [], [], [], {}
        start = Fraction(0)
        for measure in part.iter("measure"):
            length = self.measure(measure, start)
            self.measures.append((self.metre, length))
            start += length

    def quarters(self, element):
        return Fraction(int(element.findtext("duration")), self.divisions)

    def measure(self, measure, start):
        """Reads a measure from there on and gives its length."""
        at = longest = onset = Fraction(0)
        for element in measure:
            if element.tag == "attributes":
                self.attributes(element)
            elif element.tag in ("direction", "sound"):
                for sound in element.iter("sound"):
                    if sound.get("tempo") and float(sound.get("tempo")) > 0:
                        self.tempos.append((start + at, float(sound.get("tempo"))))
            elif element.tag == "backup":
                at -= self.quarters(element)
            elif element.tag == "forward":
                at += self.quarters(element)
            elif element.tag == "note" and element.find("grace") is None and element.find("cue") is None:
                length = self.quarters(element)
                if element.find("chord") is None:
                    onset, at = at, at + length
                if element.find("pitch") is not None:
                    self.note(element, start + onset, length)
            if at < 0:
                raise Unclear("a note before its bar")
            longest = max(longest, at)
        return longest

    def attributes(self, element):
        self.divisions = int(element.findtext("divisions") or self.divisions)
        if element.find("transpose") is not None:
            self.shift = int(element.findtext("transpose/chromatic")) + 12 * int(
                element.findtext("transpose/octave-change") or 0
            )
        if element.find("time") is not None:
            beats, kind = element.findtext("time/beats"), element.findtext("time/beat-type")
            if not (beats or "").isdigit() or len(element.findall("time/beats")) != 1:
                raise Unclear("a metre that is none, or two")
            self.metre = int(beats), int(kind)

    def note(self, element, start, length):
        pitch = STEPS[element.findtext("pitch/step")] + 12 * (int(element.findtext("pitch/octave")) + 1)
        pitch += round(float(element.findtext("pitch/alter") or 0)) + self.shift
        staff = int(element.findtext("staff") or 1)
        ties = {tie.get("type") for tie in element.findall("tie")}
        before = self.tied.pop((pitch, staff), None)
        if "stop" in ties and before and before.start + before.length == start:
            before.length += length
            note = before
        else:
            found = {mark for mark in ("staccato", "accent", "arpeggiate", "fermata") if element.find(f".//{mark}") is not None}
            note = Note(start, length, pitch, staff, element.findtext("voice") or "1", frozenset(found))
            self.notes.append(note)
        if "start" in ties:
            self.tied[pitch, staff] = note


def bars_of(measures):
    """Bars of measures, each a metre and a length: full, or the first and an upbeat, or two that make one."""
    bars, start, missing = [], Fraction(0), Fraction(0)
    for number, (metre, length) in enumerate(measures):
        if metre is None or length == 0:
            raise Unclear("a bar without a metre, or without anything")
        whole = Fraction(4 * metre[0], metre[1])
        if missing:
            if length != missing:
                raise Unclear("bars that do not add up")
            offset, missing = whole - length, Fraction(0)
        elif number == 0:
            offset = whole - length
        else:
            offset, missing = Fraction(0), whole - length
        if length > whole:
            raise Unclear("a bar that is too long")
        bars.append(Bar(start, length, metre, offset))
        start += length
    return bars  # the last may be short: an upbeat takes it


def read(path):
    """The score of a file."""
    readers = [Reader(part) for part in root_of(path).iter("part")]
    measures = {tuple(reader.measures) for reader in readers}
    if len(measures) != 1:
        raise Unclear("parts whose bars differ")
    tempos = sorted({at: tempo for reader in readers for at, tempo in reader.tempos}.items())
    return Score(bars_of(measures.pop()), [reader.notes for reader in readers], tempos)


def beats_of(bars, unit):
    """Where beats are, in quarters, and their places in the bar; `unit(metre)` is the quarters of one."""
    where, places = [], []
    for bar in bars:
        each = unit(bar.metre)
        if bar.whole % each:
            raise Unclear("a bar that is not of whole beats")
        for number in range(int(bar.whole / each)):
            if bar.offset <= number * each < bar.offset + bar.length:
                where.append(float(bar.start + number * each - bar.offset))
                places.append(number + 1)
    return np.array(where), np.array(places, int)
