"""Bars and beats, and when in seconds each of them falls."""

from dataclasses import dataclass, replace

import numpy as np

from .chance import between, pick, stream


@dataclass(frozen=True)
class Metre:
    """A bar of `beats` beats, each of which parts into `division` (2 or 4: binary, 3: triplets).
    `groups` are the beats between its strong ones."""

    name: str
    beats: int
    division: int
    groups: tuple[int, ...]

    @property
    def strong(self) -> tuple[int, ...]:
        """The beats that begin a group; the first is 0."""
        return tuple(int(s) for s in np.cumsum((0, *self.groups[:-1])))


METRES = {
    m.name: m
    for m in (
        Metre("2/4", 2, 4, (2,)),
        Metre("3/4", 3, 4, (3,)),
        Metre("4/4", 4, 4, (2, 2)),
        Metre("5/4", 5, 4, (3, 2)),
        Metre("6/4", 6, 4, (3, 3)),
        Metre("7/4", 7, 4, (4, 3)),
        Metre("5/8", 5, 2, (3, 2)),
        Metre("7/8", 7, 2, (2, 2, 3)),
        Metre("6/8", 2, 3, (1, 1)),
        Metre("9/8", 3, 3, (1, 1, 1)),
        Metre("12/8", 4, 3, (2, 2)),
    )
}


@dataclass(frozen=True)
class Bar:
    metre: Metre
    first: int  # number of its first beat, counted from the piece's first
    section: int  # number of the section it belongs to
    place: int  # number of the bar in its section
    length: int  # bars of that section

    @property
    def last(self) -> bool:
        return self.place == self.length - 1


class Clock:
    """When beats fall. `times` has the second of every beat and of the one after the last."""

    def __init__(self, tempos: np.ndarray, swing: float, swung: int, start: float):
        """`tempos` [beats] in beats a minute; `swing` is where in a pair the second note of `swung`
        notes a beat falls, 0.5 being even; `start` is the second of the first beat."""
        self.times = start + np.concatenate([[0.0], np.cumsum(60 / tempos)])
        self.swing, self.swung = swing, swung

    def seconds(self, beats) -> np.ndarray:
        """Seconds of positions in beats, swung."""
        beats = np.asarray(beats, float)
        pair = beats * self.swung / 2
        whole, part = np.floor(pair), pair % 1.0
        warped = np.where(part < 0.5, part * 2 * self.swing, self.swing + (part - 0.5) * 2 * (1 - self.swing))
        return self.even((whole + warped) * 2 / self.swung)

    def even(self, beats) -> np.ndarray:
        """Seconds of positions in beats as they are written."""
        beats = np.asarray(beats, float)
        last = len(self.times) - 1
        step = self.times[1] - self.times[0], self.times[-1] - self.times[-2]
        inside = np.interp(beats, np.arange(last + 1), self.times)
        return np.where(
            beats < 0,
            self.times[0] + beats * step[0],
            np.where(beats > last, self.times[-1] + (beats - last) * step[1], inside),
        )


def tempo_course(kind: str, tempo: float, bars: list[Bar], seed: int) -> np.ndarray:
    """Tempo of every beat, by how it goes: `steady` as by a machine, `human` (wanders by one or two
    per cent), `rubato` (breathes with the phrases), `ramp` (faster or slower all along), `change`
    (another tempo from one section on), `ritardando` (slows down at the end of a section)."""
    rng = stream(seed, "tempo course")
    beats = bars[-1].first + bars[-1].metre.beats
    tempos = np.full(beats, float(tempo))
    place = np.arange(beats)
    if kind in ("human", "ritardando"):
        walk = np.cumsum(rng.standard_normal(beats)) * 0.003
        tempos *= np.exp(np.clip(walk - np.linspace(0, walk[-1], beats), -0.03, 0.03))
        tempos *= np.exp(rng.standard_normal(beats) * 0.004)
    if kind == "rubato":
        depth, phrase = between(rng, (0.05, 0.16)), 4 * bars[0].metre.beats
        arch = np.sin(np.pi * (place % phrase + 0.5) / phrase)
        tempos *= 1 + depth * (arch - 0.6) + rng.standard_normal(beats) * depth * 0.25
    if kind == "ramp":
        ratio = pick(rng, (0.75, 0.85, 1.15, 1.3))
        tempos *= np.linspace(1, ratio, beats)
    if kind in ("change", "ritardando"):
        cuts = [bar.first for bar in bars if bar.place == 0][1:]
        for cut in cuts[:1] if kind == "change" else cuts:
            if kind == "change":
                tempos[cut:] *= pick(rng, (0.75, 0.85, 1.2, 4 / 3))
            else:
                slow = min(cut, 4)
                tempos[cut - slow : cut] *= np.linspace(0.95, 0.7, slow)
    return np.clip(tempos, 30, 260)


def relabel(bars: list[Bar], metre: Metre, after: int) -> list[Bar]:
    """The bars with another metre from section `after` on."""
    out, first = [], 0
    for bar in bars:
        bar = replace(bar, metre=metre if bar.section >= after else bar.metre, first=first)
        first += bar.metre.beats
        out.append(bar)
    return out
