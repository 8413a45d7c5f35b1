"""Random numbers by name: each decision about a piece has a stream of its own, so that changing one
thing about it (its mode, its tempo, its drums) leaves all others as they were."""

import zlib

import numpy as np


def stream(seed: int, *names) -> np.random.Generator:
    """The generator of the decision called `names` in piece `seed`."""
    return np.random.default_rng([seed, *(zlib.crc32(str(name).encode()) for name in names)])


def pick(rng: np.random.Generator, options):
    """One of `options`: a sequence, or a dict from option to weight."""
    if isinstance(options, dict):
        weights = np.array(list(options.values()), float)
        return list(options)[rng.choice(len(options), p=weights / weights.sum())]
    return options[int(rng.integers(len(options)))]


def between(rng: np.random.Generator, span: tuple[float, float]) -> float:
    """Uniform in `span`."""
    return float(rng.uniform(*span))
