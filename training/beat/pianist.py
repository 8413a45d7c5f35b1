"""How a pianist plays what is written: a tempo that breathes, hands that are not together, dynamics, the pedal.

Expression follows what is known of performances: arcs and final ritardandi of phrases (Todd, JASA 1992; Friberg and
Sundberg, JASA 1999), downbeats that are lengthened, a melody that is ahead of its accompaniment by 10 to 30 ms
(Goebl, JASA 2001) and louder. How much there is of each is drawn by lot.
"""

from dataclasses import dataclass

import numpy as np

from music.chance import between, pick

STEP = 0.25  # quarters between two points of the tempo's curve


@dataclass(frozen=True)
class Manner:
    """How one pianist plays one piece."""

    depth: float  # how far the tempo goes, as a share of it
    ritardando: float  # by what share it slows down at the end of a section
    agogic: float  # by what share a downbeat is longer
    uneven: float  # standard deviation of a beat's length, as a share
    phrase: int  # bars
    lead: float  # seconds by which the melody is ahead
    loose: float  # standard deviation of a note's place, seconds
    arpeggios: float  # share of wide chords that are broken
    pedal: str  # none, bar or half of one
    legato: float  # share of its length for which a note is held
    force: float  # 0 to 1
    accents: float  # how much the metre is heard in the dynamics
    contour: float  # how much louder what is higher is

    @staticmethod
    def draw(random):
        depth = between(random, (0.15, 0.35)) if random.random() < 0.2 else between(random, (0.03, 0.15))
        return Manner(
            depth, between(random, (0.05, 0.4)), between(random, (0, 0.06)), between(random, (0.004, 0.03)),
            pick(random, (2, 4, 4, 4, 8)), between(random, (-0.01, 0.03)), between(random, (0.003, 0.01)),
            between(random, (0, 0.6)), pick(random, {"none": 3, "bar": 5, "half": 3}), between(random, (0.7, 1.0)),
            between(random, (0.3, 0.65)), between(random, (0, 0.12)), between(random, (0, 0.2)))


def slow(count, every, random):
    """A random curve [count] that is smooth over so many points, about -1 to 1."""
    knots = np.clip(0.6 * random.standard_normal(int(count / every) + 3), -1.2, 1.2)
    place = np.arange(count) / every + random.random()
    turn = (1 - np.cos(np.pi * (place % 1))) / 2
    return knots[place.astype(int)] * (1 - turn) + knots[place.astype(int) + 1] * turn


class Time:
    """When each quarter of a score is played."""

    def __init__(self, score, tempo, beat, manner, random):
        """At `tempo` quarters a minute where the score has its first mark; a beat is `beat` quarters."""
        end = float(score.bars[-1].start + score.bars[-1].length)
        self.quarters = np.arange(0, end + STEP, STEP)
        count, bar = len(self.quarters), float(score.bars[0].whole)
        curve = manner.depth * (0.6 * slow(count, 2 * bar / STEP, random) + 0.4 * slow(count, 5 * bar / STEP, random))
        curve += self.phrases(score.bars, manner, random)
        unevenness = manner.uneven * random.standard_normal(int(end / beat) + 2)
        curve += unevenness[(self.quarters / beat).astype(int)]
        for at, mark in score.tempos[1:]:
            curve[self.quarters >= float(at)] += np.log(mark / score.tempos[0][1]) - self.mark_before(score.tempos, at)
        for note in (note for part in score.parts for note in part if "fermata" in note.marks):
            inside = (self.quarters >= float(note.start)) & (self.quarters < float(note.start + note.length))
            curve[inside] = np.minimum(curve[inside], np.log(0.5))
        lengths = 60 * STEP / (tempo * np.exp(np.clip(curve, np.log(0.35), np.log(2.0))))
        self.times = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])

    @staticmethod
    def mark_before(tempos, at):
        """Logarithm of the tempo before a mark, by the first one."""
        return np.log([mark for where, mark in tempos if where < at][-1] / tempos[0][1])

    def phrases(self, bars, manner, random):
        """The arcs of the phrases, and the ends of sections; and what downbeats have more."""
        curve = np.zeros(len(self.quarters))
        for number, bar in enumerate(bars):
            first = (self.quarters >= float(bar.start)) & (self.quarters < float(bar.start) + 1)
            curve[first] -= manner.agogic if not bar.offset else 0.0
        edges = [float(bar.start) for bar in bars[:: manner.phrase]] + [self.quarters[-1] + STEP]
        for begin, end in zip(edges, edges[1:]):
            inside = (self.quarters >= begin) & (self.quarters < end)
            share = (self.quarters[inside] - begin) / (end - begin)
            curve[inside] -= manner.depth * 0.5 * random.random() * (2 * share - 1) ** 2
            section = end == edges[-1] or random.random() < 0.3
            ending = np.maximum(0, 1 - (end - self.quarters[inside]) / between(random, (1.0, 4.0)))
            curve[inside] += np.log(1 - (manner.ritardando if section else 0.4 * manner.depth)) * ending**2
        return curve

    def __call__(self, quarters):
        """Seconds from the score's beginning."""
        return np.interp(quarters, self.quarters, self.times)


def metrical(quarters, bars):
    """How strong each place is in its bar: 1 a downbeat, a half another quarter, 0 what is between."""
    starts = np.array([float(bar.start - bar.offset) for bar in bars])
    places = quarters - starts[np.searchsorted(starts, quarters + 1e-6, "right") - 1]
    return np.where(places < 1e-6, 1.0, np.where(np.abs(places - np.round(places)) < 1e-6, 0.5, 0.0))


def play(notes, bars, time, manner, random, pedal=True, melody=True):
    """The notes of a hand or a voice as they are played, [n, 4]: start, end, pitch, force. With `melody`, the highest of
    what begins together is that."""
    if not notes:
        return np.zeros((0, 4))
    notes = sorted(notes, key=lambda note: (note.start, note.pitch))
    start = np.array([float(note.start) for note in notes])
    end = np.array([float(note.start + note.length * (1 if note.length > 2 else manner.legato)) for note in notes])
    short = np.array(["staccato" in note.marks for note in notes])
    end[short] = start[short] + 0.4 * (end - start)[short]
    pitch = np.array([note.pitch for note in notes])
    last = np.append(np.diff(start) > 1e-6, True)  # of those that begin together, which are sorted by pitch
    top = last if melody else np.zeros(len(notes), bool)

    seconds = time(start) + manner.loose * random.standard_normal(len(notes)).clip(-2, 2)
    seconds += np.where(top, -0.5, 0.5) * manner.lead
    seconds += arpeggios(notes, last, manner, random)
    ends = np.maximum(time(end), seconds + 0.05)
    if pedal and manner.pedal != "none":
        ends = np.maximum(ends, time(pedalled(start, bars, manner.pedal)))

    force = manner.force + 0.12 * slow(len(notes), 12, random) + manner.accents * metrical(start, bars)
    around = np.array([pitch[max(0, i - 4) : i + 5].mean() for i in range(len(pitch))])
    force += manner.contour * (pitch - around) / 12
    force += np.where(top, 0.1, 0.0) + np.array([0.12 * ("accent" in note.marks) for note in notes])
    force += 0.03 * random.standard_normal(len(notes))
    return struck_again(np.stack([seconds, ends, pitch, np.clip(force, 0.08, 1.0)], 1))


def arpeggios(notes, last, manner, random):
    """By how many seconds each note of a broken chord is later: its lowest is before the beat, its highest after."""
    late, first = np.zeros(len(notes)), 0
    for end in np.flatnonzero(last) + 1:
        chord = notes[first:end]
        wide = len(chord) > 2 and chord[-1].pitch - chord[0].pitch > 12
        if any("arpeggiate" in note.marks for note in chord) or (wide and random.random() < manner.arpeggios):
            late[first:end] = np.linspace(-0.3, 0.7, len(chord)) * between(random, (0.02, 0.05)) * len(chord)
        first = end
    return late


def pedalled(start, bars, kind):
    """Until where the pedal holds what begins there, in quarters: the end of the bar, or of its half."""
    edges = [float(bar.start) for bar in bars] + [float(bars[-1].start + bars[-1].length)]
    if kind == "half":
        edges = np.sort(np.concatenate([edges, [float(bar.start + bar.length / 2) for bar in bars]]))
    return np.asarray(edges)[np.searchsorted(edges, start + 1e-6, "right").clip(max=len(edges) - 1)]


def struck_again(notes):
    """A key that is struck again while it sounds ends before."""
    notes = notes[np.lexsort((notes[:, 0], notes[:, 2]))]
    same = notes[1:, 2] == notes[:-1, 2]
    notes[:-1, 1] = np.where(same, np.minimum(notes[:-1, 1], notes[1:, 0] - 0.005), notes[:-1, 1])
    return notes[(notes[:, 1] > notes[:, 0]) & (notes[:, 0] >= 0)]
