"""What is known of a piece, because it was composed: beats, sections, chords, and its factors, both as
they were meant and as they came out, for the whole and for every second."""

import numpy as np

from .compose import Piece
from .perform import Played
from .theory import harshness, is_major
from .voices import RATE

STEP = 0.25  # seconds between two looks at which notes sound together


def beats(piece: Piece) -> list[tuple[float, int]]:
    """Second of every beat within the recording, and its place in the bar (1 is the downbeat); none for
    music without a beat."""
    if not piece.genre.beat:
        return []
    out = []
    for bar in piece.plan.bars:
        for place in range(bar.metre.beats):
            second = float(piece.clock.even(bar.first + place))
            if 0 <= second < piece.recipe.seconds:
                out.append((round(second, 4), place + 1))
    return out


def sections(piece: Piece) -> list[dict]:
    """Name, energy, begin and end in seconds of what is heard of each section."""
    firsts = [bar.first for bar in piece.plan.bars if bar.place == 0]
    last = piece.plan.bars[-1]
    edges = piece.clock.even([*firsts, last.first + last.metre.beats])
    out = []
    for section, begin, end in zip(piece.plan.sections, edges, edges[1:]):
        begin, end = max(0.0, float(begin)), min(piece.recipe.seconds, float(end))
        if begin < end:
            out.append(
                dict(name=section.name, begin=round(begin, 3), end=round(end, 3), energy=section.energy)
            )
    return out


def chords(piece: Piece) -> list[dict]:
    """Begin in seconds, root and pitch classes of each chord that is heard."""
    plan, out = piece.plan, []
    for harmony in plan.harmony:
        begin = float(piece.clock.even(harmony.start))
        end = float(piece.clock.even(harmony.start + harmony.length))
        if end > 0 and begin < piece.recipe.seconds:
            out.append(
                dict(
                    begin=round(max(0.0, begin), 3),
                    root=harmony.chord.root,
                    classes=list(harmony.chord.classes),
                )
            )
    return out


def measured(piece: Piece, parts: list[Played], sound: np.ndarray) -> dict:
    """How the factors came out, for every second: level (RMS, decibels), brightness (centre of the power
    spectrum, Hz), density (notes a second), register (mean MIDI pitch, weighted by length and force),
    dissonance (mean harshness of what sounds together, of theory.harshness), articulation (how much of
    the time from one note to the part's next it sounds), drums (strokes a second)."""
    count = int(piece.recipe.seconds)
    mono = sound.mean(1)[: count * RATE].reshape(count, RATE)
    level = 10 * np.log10((mono**2).mean(1) + 1e-10)
    power = np.abs(np.fft.rfft(mono * np.hanning(RATE), axis=1)) ** 2
    hertz = np.fft.rfftfreq(RATE, 1 / RATE)
    brightness = (power @ hertz) / (power.sum(1) + 1e-9)

    tonal = [p for p in parts if p.part.role != "drums" and len(p.start)]
    start, end, pitch, force = (
        np.concatenate([getattr(p, n) for p in tonal] or [np.zeros(0)])
        for n in ("start", "end", "pitch", "velocity")
    )
    drums = np.concatenate([p.start for p in parts if p.part.role == "drums"] or [np.zeros(0)])
    per_second = lambda x: np.bincount(x.astype(int), minlength=count)[:count]
    edges = np.arange(count)[:, None]
    overlap = np.clip(np.minimum(end, edges + 1) - np.maximum(start, edges), 0, 1) * force
    register = (overlap @ pitch) / (overlap.sum(1) + 1e-9)
    looks = np.arange(0, count, STEP) + STEP / 2
    harsh = np.array([harshness(pitch[(start <= t) & (end > t)].astype(int).tolist()) for t in looks])
    shares = np.array([ratio for p in tonal for ratio in spans(p)] or [(0.0, 1.0)])
    slot = np.clip(shares[:, 0].astype(int), 0, count - 1)
    total = np.bincount(slot, shares[:, 1], count)[:count]
    curves = dict(
        level=level,
        brightness=brightness,
        density=per_second(start),
        register=register,
        dissonance=harsh.reshape(count, -1).mean(1),
        drums=per_second(drums),
        articulation=total / np.maximum(1, np.bincount(slot, minlength=count)[:count]),
    )
    return {name: [round(float(v), 3) for v in values] for name, values in curves.items()}


def spans(played: Played) -> list[tuple[float, float]]:
    """Begin of each note, and its length as a share of the time to the part's next onset, at most 1.5."""
    order = np.argsort(played.start, kind="stable")
    start, end = played.start[order], played.end[order]
    fresh = np.concatenate([np.diff(start) > 0.02, [False]])
    onsets = np.flatnonzero(fresh)
    return [
        (float(start[i]), float(min(1.5, (end[i] - start[i]) / (start[i + 1] - start[i])))) for i in onsets
    ]


def label(piece: Piece, parts: list[Played], sound: np.ndarray) -> dict:
    """Everything, as the file of a piece holds it."""
    curves = measured(piece, parts, sound)
    whole = {name: round(float(np.mean(values)), 3) for name, values in curves.items()}
    metres = sorted({bar.metre.name for bar in piece.plan.bars})
    gaps = 60 / np.diff(piece.clock.times)
    return dict(
        factors=piece.summary(),
        tonic=piece.plan.key.tonic,
        major=is_major(piece.plan.key.mode),
        metres=metres,
        seconds=piece.recipe.seconds,
        tempo_span=[round(float(gaps.min()), 2), round(float(gaps.max()), 2)],
        voices=[p.part.voice for p in parts],
        beats=len(beats(piece)),
        sections=sections(piece),
        chords=chords(piece),
        measured=whole,
        curves=curves,
    )
