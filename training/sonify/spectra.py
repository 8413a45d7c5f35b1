"""Sound as bands of a quarter tone, and what is told of it: presence by octave, pitch classes, onsets."""

import numpy as np

RATE = 44100
WINDOW = 6144  # samples: semitones from about 400 Hz on stand apart
HOP = 1536  # samples between frames of the network
BANDS = 192  # quarter tones from A1 on
PER_OCTAVE = 24
OCTAVES = BANDS // PER_OCTAVE
LOWEST = 55.0  # Hz
MIDDLE, SPREAD = -50.0, 25.0  # decibels: what the network's 0 and 1 are
FLOOR = -100.0  # decibels
SMOOTH = 9  # frames over which presence is smoothed
HARMONY = 29  # frames over which pitch classes are gathered, about a second


def bands(sound):
    """Decibels [frames, BANDS] of mono sound; a sine of full scale is 0."""
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    count = 1 + (len(sound) - WINDOW) // HOP
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[:: HOP][:count]
    spectrum = np.abs(np.fft.rfft(frames * window, axis=1)).astype(np.float32) * 2 / window.sum()
    centres = LOWEST * 2 ** (np.arange(BANDS) / PER_OCTAVE) * WINDOW / RATE
    low = centres.astype(int)
    share = (centres - low).astype(np.float32)
    out = spectrum[:, low] * (1 - share) + spectrum[:, low + 1] * share
    for band, centre in enumerate(centres):  # high bands have several bins, of which the strongest counts
        first, last = np.ceil(centre * 2 ** (-1 / 48)), np.floor(centre * 2 ** (1 / 48))
        if last >= first:
            strongest = spectrum[:, int(first) : int(last) + 1].max(1)
            out[:, band] = np.maximum(out[:, band], strongest)
    return np.maximum(20 * np.log10(out + 1e-9), FLOOR)


def smooth(x, width):
    """Mean over `width` frames of [frames, n]."""
    padded = np.pad(x, ((width // 2, width // 2), (0, 0)), mode="edge")
    total = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), 0)
    return (total[width:] - total[:-width]) / width


def presence(decibels):
    """Mean level of each octave [frames, OCTAVES], decibels."""
    return smooth(decibels.reshape(len(decibels), OCTAVES, PER_OCTAVE).mean(2), SMOOTH)


def pitch_classes(decibels):
    """Which of the twelve, from A on, sound within a second: [frames, 12] of 0 and 1."""
    amplitude = 10 ** (decibels[:, : 5 * PER_OCTAVE] / 20)
    semitones = amplitude[:, ::2].reshape(len(decibels), 5, 12).sum(1)
    chroma = smooth(semitones, HARMONY)
    return (chroma > 0.45 * chroma.max(1, keepdims=True) + 1e-6).astype(np.float32)


def onsets(decibels):
    """How strongly something begins at each frame, where it does: [frames]; 1 is strong."""
    rise = np.maximum(np.diff(np.maximum(decibels, -70), axis=0, prepend=decibels[:1]), 0).mean(1)
    strength = rise / (np.percentile(rise, 95) + 1.0)
    around = np.maximum(np.roll(strength, 1), np.roll(strength, -1))
    return np.where(strength >= around, np.minimum(strength, 1.5), 0).astype(np.float32)
