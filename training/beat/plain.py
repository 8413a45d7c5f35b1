"""Sounds at both ends of music: metronomes and bare drum loops, and what has no beat at all.

    python plain.py OUT --count 400

OUT/audio/ID.ogg and OUT/beats/ID.beats, as `python -m music render` writes them. Half of them beat: clicks, blips and
kicks with hats, with and without an accent on the bar, at 40 to 240 a minute; kicks and snares by turns, in half of them
with a chord for each bar, many of these fast. Half do not: noises, rain, applause, speech, held chords, wandering tones,
silence.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import lfilter

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the package `music`

from music.chance import between, pick, stream

RATE, SECONDS = 44_100, 40.0
SHORTEST_LOOP = 0.29  # seconds of a beat
FAST = (155, 205)  # beats a minute of backbeats that are easily counted at half of that


def noise(count, random, tilt):
    """Noise whose power falls by `tilt` powers of frequency; its deviation is 1."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum *= np.maximum(np.arange(len(spectrum)), 20) ** (-tilt / 2)
    sound = np.fft.irfft(spectrum, count)
    return sound / sound.std()


def slow(count, random, seconds):
    """A curve that wanders between 0 and 1."""
    knots = random.random(max(2, int(count / RATE / seconds)) + 2)
    return np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)


def add(sound, at, stroke, level=1.0):
    begin = int(at * RATE)
    part = stroke[: max(0, len(sound) - begin)]
    sound[begin : begin + len(part)] += level * part


def strokes(random):
    """A few short sounds: what a metronome, or a drum loop, is made of."""
    t = np.arange(int(0.25 * RATE)) / RATE
    pitch = 2 ** between(random, (8.6, 11.3))
    click = np.sin(2 * np.pi * pitch * t) * np.exp(-t * between(random, (40, 200)))
    burst = random.standard_normal(len(t)) * np.exp(-t * between(random, (80, 400)))
    kick = np.sin(2 * np.pi * (45 * t + 6 * (1 - np.exp(-30 * t)))) * np.exp(-t * between(random, (8, 20)))
    snare = (0.5 * np.sin(2 * np.pi * 190 * t) + 0.5 * random.standard_normal(len(t))) * np.exp(-t * between(random, (14, 30)))
    return {"click": click, "burst": burst, "kick": kick, "snare": snare, "hat": 0.4 * burst}


def chords(random, sound, times):
    """Adds a chord from each of the times to the next, four of them by turns."""
    root, level, overtone = 2 ** between(random, (6.3, 7.6)), between(random, (0.03, 0.15)), between(random, (0.02, 0.3))
    steps = random.permutation((0, 2, 4, 5, 7, 9))[:4]
    for k, (begin, end) in enumerate(zip(times, times[1:])):
        t = np.arange(int((end - begin) * RATE)) / RATE
        edge = np.clip(np.minimum(t, t[-1] - t) / 0.03, 0, 1) if len(t) else t
        for interval in (0, 4, 7):
            turn = 2 * np.pi * root * 2 ** ((steps[k % 4] + interval) / 12) * t
            add(sound, begin, level * edge * (np.sin(turn) + overtone * np.sin(3 * turn)))


def beating(random, sound):
    """Adds a pulse; times and places in the bar, 0 where nothing tells them."""
    kind = pick(random, ("even", "accent", "accent", "loop", "loop", "fast loop", "fast loop"))
    tempos = FAST if kind == "fast loop" else (40, 240)
    period = 60 / np.exp(between(random, np.log(tempos)))
    metre, parts = 4 if kind == "fast loop" else int(pick(random, (2, 3, 4, 4, 4, 5, 6, 7))), strokes(random)
    first = int(random.integers(metre))
    times = between(random, (0, 2 * period)) + period * np.arange(int(SECONDS / period))
    times = times[times < SECONDS - 0.05]
    places = (first + np.arange(len(times))) % metre + 1
    if kind == "loop" and period < SHORTEST_LOOP:
        kind = "accent"
    voice, halves = pick(random, ("click", "burst", "kick")), kind == "fast loop" or random.random() < 0.5
    if kind.endswith("loop") and random.random() < 0.6:
        chords(random, sound, [*times[places == 1], SECONDS])
    higher = parts["click"][::2]  # an octave up
    for k, (at, place) in enumerate(zip(times, places)):
        at = at + 0.002 * random.standard_normal()
        if kind.endswith("loop"):
            add(sound, at, parts["kick" if place % 2 == 1 or metre == 3 and place == 1 else "snare"], 1.2 if place == 1 else 1.0)
            add(sound, at, parts["hat"], 0.6)
            if halves:
                add(sound, at + period / 2, parts["hat"], 0.5)
        else:
            accent = kind == "accent" and place == 1
            add(sound, at, higher if accent and voice == "click" else parts[voice], 1.6 if accent else 0.9)
    return times, places if kind != "even" else 0 * places


def beatless(random, sound):
    """Adds something without a pulse."""
    count, kind = len(sound), pick(random, ("noise", "rain", "applause", "speech", "chord", "tones", "silence", "crackle"))
    t = np.arange(count) / RATE
    if kind == "noise":
        sound += 0.3 * noise(count, random, between(random, (0, 2))) * (0.2 + slow(count, random, between(random, (0.5, 8))))
    elif kind in ("rain", "applause", "crackle"):
        rate = {"rain": (40, 300), "applause": (20, 120), "crackle": (1, 8)}[kind]
        parts = strokes(random)
        density = between(random, rate)
        for at in np.sort(random.uniform(0, SECONDS, int(density * SECONDS))):
            add(sound, at, parts["burst"][: int(0.04 * RATE)], between(random, (0.02, 0.3)))
    elif kind == "speech":
        voice = noise(count, random, 1.0) * 0.1
        pitch = between(random, (90, 240)) * 2 ** (0.3 * (slow(count, random, 0.6) - 0.5))
        voiced = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE)) * 0.5
        at = between(random, (0, 0.5))
        while at < SECONDS:
            length = between(random, (0.06, 0.35))
            span = slice(int(at * RATE), int((at + length) * RATE))
            part = (voiced if random.random() < 0.75 else voice * 4)[span]
            formant, width = between(random, (300, 2500)), 0.97
            part = lfilter([1 - width], [1, -2 * width * np.cos(2 * np.pi * formant / RATE), width**2], part)
            sound[span][: len(part)] += part * np.hanning(len(part) + 2)[1:-1] * 2
            at += length + (between(random, (0.0, 0.12)) if random.random() < 0.85 else between(random, (0.3, 1.4)))
    elif kind == "chord":
        for _ in range(int(random.integers(2, 7))):
            pitch, swell = 2 ** between(random, (6, 10)), slow(count, random, between(random, (2, 12)))
            sound += 0.1 * swell * np.sin(2 * np.pi * pitch * t * (1 + 0.002 * np.sin(t))) 
    elif kind == "tones":
        at = 0.0
        while at < SECONDS:
            length = between(random, (0.3, 5))
            tone = np.sin(2 * np.pi * 2 ** between(random, (7, 10)) * t[: int(length * RATE)])
            add(sound, at, tone * np.hanning(len(tone)) * 0.3)
            at += random.exponential(1.2)
    return np.array([]), np.array([], int)


def piece(number):
    random = stream(number, "plain")
    sound = np.zeros(int(SECONDS * RATE))
    times, places = (beating if number % 2 else beatless)(random, sound)
    if random.random() < 0.4:
        sound += 10 ** between(random, (-3.5, -1.8)) * noise(len(sound), random, between(random, (0, 1.5)))
    peak = max(1e-9, np.abs(sound).max())
    return sound / peak * 10 ** between(random, (-1.3, -0.05)), times, places


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--beating", action="store_true", help="only what beats")
    args = parser.parse_args()
    for name in ("audio", "beats"):
        (args.out / name).mkdir(parents=True, exist_ok=True)
    for number in range(args.beating, args.count, 1 + args.beating):
        name = f"plain_{number:05d}"
        if (args.out / "beats" / f"{name}.beats").exists():
            continue
        sound, times, places = piece(number)
        soundfile.write(args.out / "audio" / f"{name}.ogg", sound, RATE, format="OGG", subtype="VORBIS")
        rows = "".join(f"{t:.4f}\t{p}\n" for t, p in zip(times, places))
        (args.out / "beats" / f"{name}.beats").write_text(rows)


if __name__ == "__main__":
    main()
