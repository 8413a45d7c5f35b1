"""From parts in beats to notes in seconds: swing, strums, a player's inexact hand."""

from dataclasses import dataclass

import numpy as np

from .chance import stream
from .compose import Piece
from .score import Part

SHORTEST = 0.03  # seconds of a note


@dataclass
class Played:
    """A part as it sounds: notes [n] by start and end in seconds, pitch and velocity (0 to 1)."""

    part: Part
    start: np.ndarray
    end: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray


def perform(piece: Piece) -> list[Played]:
    """All parts in time; notes outside of the recording are dropped."""
    seconds = piece.recipe.seconds
    force = 0.55 + 0.6 * piece.factors.dynamics
    out = []
    for number, part in enumerate(piece.parts):
        if not part.notes:
            continue
        rng = stream(piece.plan.seed, "hand", number)
        starts = np.array([n.start for n in part.notes])
        ends = np.array([n.start + n.length for n in part.notes])
        lag = np.array([n.lag for n in part.notes])
        jitter = rng.standard_normal(len(starts)) * piece.plan.human
        start = piece.clock.seconds(starts) + lag + np.clip(jitter, -0.03, 0.03)
        end = np.maximum(piece.clock.seconds(ends) + lag, start + SHORTEST)
        velocity = np.array([n.velocity for n in part.notes]) * force
        velocity *= np.exp(rng.standard_normal(len(starts)) * 0.08)
        pitch = np.array([n.pitch for n in part.notes])
        if part.role != "drums":
            pitch = np.where(pitch < 24, pitch + 12, np.where(pitch > 108, pitch - 12, pitch))
        keep = (end > 0) & (start < seconds)
        late = keep & (start < 0)  # already sounding where the excerpt begins
        keep &= ~late | (end > 0.15)
        start = np.maximum(start, 0.0)
        if part.role == "drums":
            keep &= ~late
        out.append(
            Played(
                part,
                start[keep],
                np.minimum(end, seconds)[keep],
                pitch[keep],
                np.clip(velocity, 0.03, 1.0)[keep],
            )
        )
    return out
