"""Makes the sound font that comes with the program: a few instruments, synthesised here, so that they are ours.

    python soundfont.py ../../plugin-assets/instruments/synopsia.sf2
"""

import argparse
import struct
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

RATE = 22050
RANDOM = np.random.default_rng(7)


def partials(pitch, seconds, levels, decays, stretch=0.0, attack=0.002):
    """A tone of partials of these levels, each dying in so many seconds (to 1/e)."""
    base = 440 * 2 ** ((pitch - 69) / 12)
    t = np.arange(int(seconds * RATE)) / RATE
    out = np.zeros(len(t))
    for k, (level, decay) in enumerate(zip(levels, decays), 1):
        hertz = base * k * np.sqrt(1 + stretch * k * k)
        if hertz < 0.45 * RATE:
            out += level * np.exp(-t / decay) * np.sin(2 * np.pi * hertz * t + RANDOM.uniform(0, 6.28))
    return out * np.minimum(1, t / attack)


def looped(pitch, seconds, levels, detune=0.0):
    """A tone that stands still and loops without a joint: partials on whole cycles of the loop; noise-free, with
    `detune` spread over neighbouring bins, as an ensemble has it."""
    base = 440 * 2 ** ((pitch - 69) / 12)
    length = int(round(round(seconds * base) / base * RATE))
    t = np.arange(length)
    out = np.zeros(length)
    bins = base * length / RATE
    for k, level in enumerate(levels, 1):
        if k * base > 0.45 * RATE:
            break
        reach = int(round(detune * k * bins / 1000)) if detune else 0
        near = range(-reach, reach + 1)
        for d in near:
            weight = level / np.sqrt(len(near)) * (RANDOM.uniform(0.5, 1) if reach else 1)
            out += weight * np.sin(2 * np.pi * (round(k * bins) + d) * t / length + RANDOM.uniform(0, 6.28))
    return out


def piano(pitch):
    n = np.arange(1, 25)
    levels = np.exp(-n / (9 - 5 * (pitch - 36) / 60)) * (1 - 0.7 * (n % 8 == 0)) / n ** 0.35
    decays = 2.6 * 2 ** ((55 - pitch) / 18) / (1 + 0.25 * (n - 1))
    tone = partials(pitch, 1.2, levels, decays, 4e-4 * 2 ** ((pitch - 60) / 24))
    thump = lfilter([0.06], [1, -0.94], RANDOM.normal(0, 1, len(tone))) * np.exp(-np.arange(len(tone)) / (0.018 * RATE))
    return tone + 0.25 * thump * levels.sum()


def pluck(pitch):
    """A string (Karplus and Strong 1983, with the partials of its sum)."""
    n = np.arange(1, 31)
    levels = np.abs(np.sin(np.pi * n * 0.21)) / n ** 0.9
    return partials(pitch, 0.8, levels, 1.5 * 2 ** ((55 - pitch) / 20) / (1 + 0.12 * n * n ** 0.35), 5e-5, 0.001)


def bell(pitch):
    base = 440 * 2 ** ((pitch - 69) / 12)
    t = np.arange(int(1.2 * RATE)) / RATE
    out = np.zeros(len(t))
    for ratio, level, decay in (1, 1, 0.9), (2.0, 0.25, 0.6), (3.93, 0.35, 0.25), (6.8, 0.12, 0.12):
        if base * ratio < 0.45 * RATE:
            out += level * np.exp(-t / decay) * np.sin(2 * np.pi * base * ratio * t)
    return out * np.minimum(1, t / 0.001)


def bass(pitch):
    n = np.arange(1, 17)
    return partials(pitch, 0.8, np.exp(-n / 3.5) / n ** 0.2, 1.4 / (1 + 0.35 * (n - 1)), 1e-5, 0.004)


def strings(pitch):
    n = np.arange(1, 33)
    return looped(pitch, 0.75, 1 / n ** 1.3 * np.exp(-n / 14), 6)


def choir(pitch):
    base = 440 * 2 ** ((pitch - 69) / 12)
    n = np.arange(1, 33)
    formants = sum(a * np.exp(-((n * base - f) / w) ** 2) for f, a, w in ((650, 1, 250), (1080, 0.5, 250), (2600, 0.12, 500)))
    return looped(pitch, 0.75, (formants + 0.15 / n) / n ** 0.4, 7)


def organ(pitch):
    levels = np.zeros(16)
    levels[[0, 1, 2, 3, 5, 7]] = 1, 0.8, 0.5, 0.4, 0.2, 0.25
    return looped(pitch, 0.15, levels)


def brass(pitch):
    n = np.arange(1, 33)
    return looped(pitch, 0.5, 1 / n ** 0.75 * np.exp(-n / 12), 3)


def lead(pitch):
    n = np.arange(1, 41)
    return looped(pitch, 0.5, 1 / n * np.exp(-n / 30), 4)


def overdrive(pitch):
    """A string's partials through a valve: what it adds between them is loud."""
    n = np.arange(1, 25)
    tone = looped(pitch, 0.6, 1 / n ** 0.8, 1)
    return np.tanh(5 * tone / tone.std() * (1 + 0.15 * np.cos(2 * np.pi * np.arange(len(tone)) * 3 / len(tone))))


def kick():
    t = np.arange(int(0.28 * RATE)) / RATE
    return np.sin(2 * np.pi * (48 * t + 9 * (1 - np.exp(-t / 0.022)) * 0.6)) * np.exp(-t / 0.08) + 0.1 * RANDOM.normal(0, 1, len(t)) * np.exp(-t / 0.003)


def snare():
    t = np.arange(int(0.25 * RATE)) / RATE
    noise = np.diff(RANDOM.normal(0, 1, len(t) + 1))
    return 0.45 * noise * np.exp(-t / 0.06) + 0.7 * np.sin(2 * np.pi * 185 * t) * np.exp(-t / 0.05)


def hat(seconds):
    t = np.arange(int(seconds * RATE)) / RATE
    noise = np.diff(RANDOM.normal(0, 1, len(t) + 3), 3)
    return noise * np.exp(-t / (seconds / 5))


# Name, bank, program, samples' pitches, how each is made, whether it loops, and seconds of attack, decay, release,
# decibels that it falls to while held, reverb in percent, attenuation.
KINDS = [
    ("Piano", 0, 0, (33, 47, 60, 75), piano, False, 0, 3.5, 0.35, 60, 12, 0),
    ("Bells", 0, 9, (67, 81), bell, False, 0, 2.5, 0.9, 60, 25, 0),
    ("Organ", 0, 19, (48, 60, 72), organ, True, 0.02, 0, 0.15, 0, 20, 9),
    ("Plucked", 0, 24, (43, 55, 67, 79), pluck, False, 0, 2.2, 0.25, 60, 12, 0),
    ("Overdrive", 0, 29, (40, 52, 64), overdrive, True, 0.004, 0, 0.1, 0, 12, 13),
    ("Bass", 0, 33, (33, 45), bass, False, 0, 3, 0.12, 40, 4, 0),
    ("Strings", 0, 48, (43, 55, 67, 79), strings, True, 0.12, 0, 0.4, 0, 30, 5),
    ("Choir", 0, 52, (48, 60, 72), choir, True, 0.18, 0, 0.5, 0, 35, 6),
    ("Brass", 0, 61, (43, 55, 67), brass, True, 0.035, 0, 0.12, 0, 15, 6),
    ("Lead", 0, 81, (55, 67, 79), lead, True, 0.008, 0, 0.12, 0, 15, 9),
]
DRUMS = {36: kick(), 38: snare(), 42: hat(0.09), 46: hat(0.35), 49: hat(0.8)}
NAMES = {36: "Kick", 38: "Snare", 42: "Closed hat", 46: "Open hat", 49: "Crash"}


def timecents(seconds):
    return int(round(1200 * np.log2(seconds))) if seconds > 0 else -12000


def tail_loop(tone, pitch):
    """Where the last cycles of a tone that dies begin and end, so that it can go on dying by its envelope alone."""
    period = RATE / (440 * 2 ** ((pitch - 69) / 12))
    cycles = max(1, round(0.03 * RATE / period))
    return len(tone) - int(round(cycles * period)) - 4, len(tone) - 4


class Font:
    """Collects samples, instruments and presets, and writes them as a SoundFont 2."""

    def __init__(self):
        self.wave, self.samples, self.instruments, self.presets = [], [], [], []
        self.length = 0

    def sample(self, name, tone, pitch, loop):
        """Adds a sample; its number."""
        data = np.round(tone / np.abs(tone).max() * 30000).astype("<i2")
        first = self.length
        begin, end = loop or (0, len(data) - 1)
        self.samples.append((name, first, first + len(data), first + begin, first + end, pitch))
        self.wave.append(np.r_[data, np.zeros(46, "<i2")])
        self.length += len(data) + 46
        return len(self.samples) - 1

    def save(self, path):
        def chunk(name, data):
            return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

        def text(name):
            return name.encode()[:19].ljust(20, b"\0")

        info = chunk(b"ifil", struct.pack("<HH", 2, 1)) + chunk(b"isng", b"EMU8000\0") + chunk(b"INAM", b"Synopsia\0\0")
        info += chunk(b"ICOP", b"Made by training/compose/soundfont.py of Synopsia; MIT or Apache-2.0\0\0")
        sound = chunk(b"smpl", np.concatenate(self.wave).astype("<i2").tobytes())
        headers, bags, gens = {}, {}, {}
        for kind, things in (b"i", self.instruments), (b"p", self.presets):
            head = bag = gen = b""
            zones = generators = 0
            for thing in things:
                head += text(thing[0]) + (struct.pack("<H", zones) if kind == b"i" else struct.pack("<HHHIII", thing[2], thing[1], zones, 0, 0, 0))
                for zone in thing[-1]:
                    bag += struct.pack("<HH", generators, 0)
                    for number, value in zone:
                        gen += struct.pack("<Hh" if value < 32768 else "<HH", number, value)
                    zones, generators = zones + 1, generators + len(zone)
            head += text("EOI" if kind == b"i" else "EOP") + (struct.pack("<H", zones) if kind == b"i" else struct.pack("<HHHIII", 0, 0, zones, 0, 0, 0))
            headers[kind], bags[kind], gens[kind] = head, bag + struct.pack("<HH", generators, 0), gen + struct.pack("<Hh", 0, 0)
        shdr = b"".join(text(n) + struct.pack("<IIIIIBbHH", a, b, c, d, RATE, pitch, 0, 0, 1) for n, a, b, c, d, pitch in self.samples)
        shdr += text("EOS") + struct.pack("<IIIIIBbHH", 0, 0, 0, 0, 0, 0, 0, 0, 0)
        data = chunk(b"phdr", headers[b"p"]) + chunk(b"pbag", bags[b"p"]) + chunk(b"pmod", bytes(10)) + chunk(b"pgen", gens[b"p"])
        data += chunk(b"inst", headers[b"i"]) + chunk(b"ibag", bags[b"i"]) + chunk(b"imod", bytes(10)) + chunk(b"igen", gens[b"i"]) + chunk(b"shdr", shdr)
        lists = b"".join(chunk(b"LIST", name + body) for name, body in ((b"INFO", info), (b"sdta", sound), (b"pdta", data)))
        Path(path).write_bytes(chunk(b"RIFF", b"sfbk" + lists))


def spread(low, high):
    """Keys or velocities from low to high, as a generator's value."""
    return high << 8 | low


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    font = Font()
    options = parser.parse_args()
    for name, bank, program, pitches, make, loops, attack, decay, release, falls, reverb, softer in KINDS:
        zones = []
        for number, pitch in enumerate(pitches):
            tone = make(pitch)
            loop = (0, len(tone)) if loops else tail_loop(tone, pitch)
            if loops:
                tone = np.r_[tone, tone[:8]]
            at = font.sample(f"{name} {pitch}", tone, pitch, loop)
            low = 0 if number == 0 else (pitches[number - 1] + pitch) // 2 + 1
            high = 127 if number == len(pitches) - 1 else (pitch + pitches[number + 1]) // 2
            zones.append([(43, spread(low, high)), (34, timecents(attack)), (36, timecents(decay)), (37, falls * 10),
                          (38, timecents(release)), (16, reverb * 10), (48, softer * 10), (54, 1), (53, at)])
        font.instruments.append((name, zones))
        font.presets.append((name, bank, program, [[(41, len(font.instruments) - 1)]]))
    zones = []
    for key, tone in DRUMS.items():
        at = font.sample(NAMES[key], tone, key, None)
        zones.append([(43, spread(key, key)), (38, timecents(0.3)), (16, 80), (48, 0 if key < 42 else 80), (57, 1 if key in (42, 46) else 0),
                      (58, key), (53, at)])
    font.instruments.append(("Drums", zones))
    font.presets.append(("Drums", 128, 0, [[(41, len(font.instruments) - 1)]]))
    font.presets.sort(key=lambda preset: preset[1:3])
    font.save(options.out)
    print(f"{options.out.stat().st_size} bytes, {len(font.samples)} samples")


if __name__ == "__main__":
    main()
