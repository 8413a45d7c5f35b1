"""What the network hears of a hop, from what the analyser does (examples/hops.rs): [hops, 54] to [hops, INPUTS]."""

import numpy as np

PARTS, CHROMA, BANDS = 32, 12, 8
HOP = 0.4 / 34  # seconds
PEAK_SECONDS, PEAK_FLOOR, LEAK, COMPRESSION = 8.0, 1e-9, 1e-5, 1000.0  # as of crates/signal/src/onset.rs
RISE = 2  # hops over which a rise is taken
HEARD = PARTS + CHROMA + BANDS + 2
INPUTS = HEARD + PARTS


def compressed(power):
    """Powers of the parts [hops, 32] against their own recent peaks, on a logarithmic scale, 0 to 6.9."""
    decay = np.float32(np.exp(-HOP / PEAK_SECONDS))
    peaks, out = np.full(PARTS, PEAK_FLOOR, np.float32), np.empty_like(power)
    for hop, now in enumerate(power):
        peaks = np.maximum(np.maximum(peaks * decay, now), np.float32(PEAK_FLOOR))
        out[hop] = now / np.maximum(peaks, LEAK * peaks.max())
    return np.log1p(COMPRESSION * out)


def heard(hops):
    """The parts compressed, and the rest: [hops, HEARD]."""
    return np.concatenate([compressed(hops[:, :PARTS]), hops[:, PARTS:]], 1).astype(np.float32)


def with_rises(heard):
    """The inputs of the network, 32-bit floats [hops, INPUTS]."""
    parts, rest = heard[:, :PARTS], heard[:, PARTS:]
    before = np.concatenate([np.zeros((RISE, PARTS), np.float32), parts[:-RISE]])
    return np.concatenate([parts / 3, np.maximum(parts - before, 0) / 2, rest], 1).astype(np.float32)


def inputs(hops):
    return with_rises(heard(hops))
