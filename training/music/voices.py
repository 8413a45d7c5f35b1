"""A small synthesizer: drum machines, basses, leads, pads, and a singer without words.

Each voice is a function from pitch (Hz), length (seconds), and a random generator to a sound, float
[samples] of about full scale at 44.1 kHz. `VOICES` and `DRUMS` name them.
"""

import numpy as np
from scipy.signal import butter, sosfilt

RATE = 44100


def filtered(x: np.ndarray, kind: str, hertz, order: int = 2) -> np.ndarray:
    return sosfilt(butter(order, np.clip(hertz, 20, 0.45 * RATE), kind, fs=RATE, output="sos"), x)


def decay(n: int, attack: float, fall: float, floor: float = 0.0) -> np.ndarray:
    """An envelope: linear attack, exponential fall (time constants in seconds) to a floor."""
    time = np.arange(n) / RATE
    return np.minimum(1, time / max(attack, 1e-4)) * (floor + (1 - floor) * np.exp(-time / fall))


def released(x: np.ndarray, seconds: float) -> np.ndarray:
    """Faded out at its end."""
    n = min(len(x), int(seconds * RATE))
    x[len(x) - n :] *= np.linspace(1, 0, n)
    return x


def saw(hertz, n: int, phase: float = 0.0) -> np.ndarray:
    """A sawtooth without audible aliases (polyBLEP); `hertz` a number or an array [n]."""
    step = np.broadcast_to(np.asarray(hertz, float) / RATE, (n,))
    place = (phase + np.cumsum(step)) % 1.0
    wave = 2 * place - 1
    low, high = place < step, place > 1 - step
    t = place[low] / step[low]
    wave[low] -= 2 * t - t * t - 1
    t = (place[high] - 1) / step[high]
    wave[high] -= t * t + 2 * t + 1
    return wave


def sine(hertz, n: int) -> np.ndarray:
    return np.sin(2 * np.pi * np.cumsum(np.broadcast_to(np.asarray(hertz, float) / RATE, (n,))))


def drop(n: int, high: float, low: float, time: float) -> np.ndarray:
    """A sine that falls from `high` to `low` Hz: a drum's skin."""
    return sine(low + (high - low) * np.exp(-np.arange(n) / RATE / time), n)


def samples(seconds: float) -> int:
    return max(64, int(seconds * RATE))


# Drum machines: parameters of kick (start, end, fall, length, drive), snare (tone, noise, length).
MACHINES = {
    "909": dict(kick=(240, 50, 0.03, 0.17, 1.2), snare=(190, 0.6, 0.1), hat=7000),
    "808": dict(kick=(130, 45, 0.05, 0.35, 1.0), snare=(175, 0.5, 0.08), hat=6000),
    "hard": dict(kick=(330, 48, 0.03, 0.16, 3.0), snare=(200, 0.7, 0.09), hat=8000),
    "dnb": dict(kick=(270, 60, 0.025, 0.1, 2.0), snare=(220, 0.7, 0.12), hat=7500),
    "lofi": dict(kick=(160, 55, 0.04, 0.15, 1.5), snare=(165, 0.6, 0.09), hat=5000),
}


def drum(machine: str, name: str, rng: np.random.Generator) -> np.ndarray:
    """One stroke of a drum, by its name in drums.KEYS."""
    m = MACHINES[machine]
    noise = lambda n: rng.standard_normal(n)
    if name in ("kick", "bass_drum"):
        high, low, time, fall, drive = m["kick"]
        n = samples(3 * fall + 0.1)
        click = 0.2 * filtered(noise(n), "high", 2000) * decay(n, 0.0003, 0.004)
        return np.tanh(drive * drop(n, high, low, time) * decay(n, 0.001, fall)) + click
    if name in ("snare", "rim", "timbale"):
        tone, share, fall = m["snare"]
        tone, fall = (tone, fall) if name == "snare" else (3 * tone, 0.02)
        n = samples(5 * fall)
        body = drop(n, 1.7 * tone, tone, 0.012) * decay(n, 0.0008, 0.6 * fall)
        sound = (1 - share) * body + share * filtered(noise(n), "high", 1200) * decay(n, 0.001, fall)
        return filtered(1.3 * np.tanh(1.5 * sound), "low", 4500 if machine == "lofi" else 14000)
    if name == "clap":
        n = samples(0.3)
        bursts = sum(
            np.pad(decay(n, 0.0005, f), (d, 0))[:n] for d, f in ((0, 0.01), (480, 0.01), (980, 0.07))
        )
        return 0.8 * filtered(noise(n), "band", (900, 5500)) * bursts
    if name in ("hat", "pedal", "shaker", "cabasa", "tambourine"):
        fall = dict(hat=0.025, pedal=0.018, shaker=0.04, cabasa=0.03, tambourine=0.06)[name]
        n = samples(6 * fall)
        return 0.5 * filtered(noise(n), "high", m["hat"]) * decay(n, 0.001 if name == "hat" else 0.008, fall)
    if name in ("open", "ride", "bell", "crash", "splash"):
        fall = dict(open=0.18, ride=0.3, bell=0.4, crash=0.7, splash=0.35)[name]
        n = samples(3 * fall)
        metal = sum(np.sign(sine(f, n)) for f in (3271, 4417, 5333, 6221)) / 4
        return 0.4 * filtered(0.6 * noise(n) + metal, "high", 0.8 * m["hat"]) * decay(n, 0.001, fall)
    hertz = dict(
        tom1=190,
        tom2=140,
        tom3=100,
        conga=330,
        conga2=300,
        conga3=220,
        bongo=420,
        bongo2=520,
        cowbell=560,
        agogo=900,
        agogo2=650,
        claves=2500,
        triangle=4200,
        timpani=80,
    ).get(name, 300)
    n = samples(0.35)
    if name in ("cowbell", "agogo", "agogo2"):
        return 0.4 * (np.sign(sine(hertz, n)) + np.sign(sine(1.48 * hertz, n))) * decay(n, 0.001, 0.07)
    return drop(n, 1.5 * hertz, hertz, 0.02) * decay(n, 0.001, 0.09)


def sub(f, s, rng):
    n = samples(s)
    return released((sine(f, n) + 0.25 * sine(2 * f, n)) * decay(n, 0.006, 1.5, 0.5), 0.02)


def long_kick(f, s, rng):
    n = samples(max(s, 0.4))
    return released(
        np.tanh(1.8 * sine(f * (1 + 2 * np.exp(-np.arange(n) / RATE / 0.03)), n) * decay(n, 0.002, 0.8)), 0.03
    )


def saw_bass(f, s, rng):
    n = samples(s)
    return released(
        0.7 * filtered(saw(f, n) + saw(1.006 * f, n, 0.3), "low", 700 + 4 * f) * decay(n, 0.003, 0.3, 0.3),
        0.02,
    )


def acid(f, s, rng):
    n = samples(s)
    wave, close = saw(f, n), decay(n, 0.003, 0.08)
    bright = filtered(wave, "low", 2600) + 0.8 * filtered(wave, "band", (1500, 2600))
    return released(
        0.7 * (bright * close + filtered(wave, "low", 350) * (1 - close)) * decay(n, 0.002, 0.4, 0.3), 0.02
    )


def reese(f, s, rng):
    n = samples(s)
    return released(
        0.5 * filtered(sum(saw(f * d, n, p) for d, p in ((1, 0), (1.013, 0.2), (0.988, 0.7))), "low", 750),
        0.03,
    )


def wobble(f, s, rng):
    n = samples(s)
    rate = rng.choice([2.33, 3.5, 4.67, 7.0])
    open_ = 0.5 - 0.5 * np.cos(2 * np.pi * rate * np.arange(n) / RATE)
    wave = saw(f, n) + saw(1.01 * f, n, 0.4) + 0.6 * saw(f / 2, n)
    return released(
        0.5 * np.tanh(1.5 * (filtered(wave, "low", 220) * (1 - open_) + filtered(wave, "low", 2600) * open_)),
        0.02,
    )


def stab(f, s, rng):
    n = samples(min(s, 0.5))
    return released(
        0.5 * filtered(saw(f, n) + saw(1.007 * f, n, 0.5), "low", 2500) * decay(n, 0.004, 0.14), 0.02
    )


def pluck(f, s, rng):
    n = samples(0.6)
    wave, close = saw(f, n), decay(n, 0.002, 0.06)
    return released(
        0.6
        * (filtered(wave, "low", 500) * (1 - close) + filtered(wave, "low", 5000) * close)
        * decay(n, 0.002, 0.18),
        0.05,
    )


def vibrato(f, n: int, depth: float, rng) -> np.ndarray:
    time = np.arange(n) / RATE
    return f * (1 + depth * np.sin(2 * np.pi * (5.3 * time + rng.random())) * np.minimum(1, time / 0.3))


def lead(f, s, rng):
    n = samples(s)
    return released(
        0.5 * filtered(saw(vibrato(f, n, 0.006, rng), n), "low", 3800) * decay(n, 0.012, 1, 0.7), 0.04
    )


def square(f, s, rng):
    n = samples(s)
    wave = saw(vibrato(f, n, 0.003, rng), n)
    return released(0.35 * (wave - np.roll(wave, int(RATE / f * 0.5))) * decay(n, 0.004, 0.5, 0.5), 0.02)


def bell(f, s, rng):
    n = samples(max(s, 1.4))
    return released(
        0.5
        * np.sin(2 * np.pi * f * np.arange(n) / RATE + 2.2 * decay(n, 0.001, 0.5) * sine(3.5 * f, n))
        * decay(n, 0.002, 0.6),
        0.1,
    )


def thick(f, s, rng, detunes, cutoff, attack):
    n = samples(s + 0.5)
    wave = sum(saw(f * (1 + d), n, rng.random()) for d in detunes) / len(detunes)
    rise = np.minimum(1, np.arange(n) / (min(attack, s / 2 + 0.01) * RATE))
    return released(0.7 * filtered(wave, "low", cutoff) * rise, 0.5)


def pad(f, s, rng):
    return thick(f, s, rng, (-0.005, 0.0, 0.006), 1200, 0.6)


def supersaw(f, s, rng):
    return thick(f, s, rng, (-0.012, -0.006, 0.0, 0.007, 0.013), 5000, 0.03)


# The first three resonances of a voice, Hz, of the vowels ah, oh, oo, ee, eh (Peterson and Barney 1952,
# means of men and women rounded).
VOWELS = ((790, 1150, 2600), (500, 900, 2600), (340, 900, 2450), (290, 2500, 3100), (570, 2050, 2700))


def sung(f, n: int, vowel, depth: float, rng) -> np.ndarray:
    glide = f * (1 - 0.04 * np.exp(-np.arange(n) / RATE / 0.05))
    wobbled = vibrato(glide, n, depth, rng) * (1 + 0.004 * filtered(rng.standard_normal(n), "low", 8))
    source = filtered(saw(wobbled, n), "low", 900, 1) + 0.02 * rng.standard_normal(n)
    sound = sum(g * filtered(source, "band", (0.93 * c, 1.07 * c), 1) for c, g in zip(vowel, (1, 0.7, 0.4)))
    return 2.2 * sound + 0.3 * filtered(source, "low", 700)


def voice(f, s, rng):
    """A singer: a vowel a note, sometimes with a consonant of noise before it."""
    n = samples(s + 0.06)
    sound = sung(f, n, VOWELS[rng.integers(len(VOWELS))], 0.008, rng) * decay(n, 0.03, 3, 0.6)
    if rng.random() < 0.5:
        k = min(n, samples(0.07))
        sound[:k] += 0.25 * filtered(rng.standard_normal(k), "band", (2500, 7000)) * np.hanning(k)
    return released(sound, 0.06)


def choir(f, s, rng):
    n = samples(s + 0.3)
    vowel = VOWELS[rng.integers(3)]
    sound = sum(sung(f * (1 + d), n, vowel, 0.006, rng) for d in (-0.007, 0.0, 0.008)) / 3
    return released(sound * np.minimum(1, np.arange(n) / (min(0.2, s / 2 + 0.01) * RATE)), 0.3)


def sea(f, s, rng):
    """Wind and waves: noise that swells."""
    n = samples(s + 0.5)
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    return released(0.6 * filtered(rng.standard_normal(n), "low", 1400) * swell, 0.3)


VOICES = {
    "sub": sub,
    "808": long_kick,
    "saw_bass": saw_bass,
    "acid": acid,
    "reese": reese,
    "wobble": wobble,
    "stab": stab,
    "pluck": pluck,
    "lead": lead,
    "square": square,
    "bell": bell,
    "pad": pad,
    "supersaw": supersaw,
    "voice": voice,
    "choir": choir,
    "sea": sea,
}
# How loud the strokes of a drum machine are beside its kick.
DRUM_GAIN = {
    "kick": 1.0,
    "bass_drum": 1.0,
    "snare": 0.8,
    "clap": 0.8,
    "crash": 0.5,
    "open": 0.4,
    "ride": 0.3,
    "bell": 0.3,
    "hat": 0.45,
    "pedal": 0.35,
    "shaker": 0.3,
    "cabasa": 0.3,
    "tambourine": 0.3,
}
