"""Songs as the network hears them, where their beats are, and excerpts of them in many guises."""

from pathlib import Path

import numpy as np

from features import CHROMA, COMPRESSION, HOP, PARTS, heard, with_rises
from network import METRES, TEMPOS, tempo_place

DELAY = 0.03  # seconds from a beat to the hop that is to tell of it: the window must have reached it
STRETCH = 0.3  # most that an excerpt is slowed down or sped up, in octaves
LONG_BEAT, SHORT_BEAT = 60 / 30, 60 / 320  # seconds; what lies outside is no tempo


class Song:
    """What is heard of a song, in 16 bits, and its beats."""

    def __init__(self, hops, beats):
        self.name = Path(hops).stem
        self.heard = heard(np.load(hops)).astype(np.float16)
        self.times, self.places = beats_of(beats)

    def __len__(self):
        return len(self.heard)


def beats_of(file):
    """Times and places in the bar of a file of beats; both empty where there is no beat."""
    rows = [line.split() for line in Path(file).read_text().splitlines() if line.strip()]
    return np.array([float(row[0]) for row in rows]), np.array([int(row[1]) for row in rows], int)


def songs_of(hops, beats, known=()):
    """The songs of a folder of hops that have beats, but for those that are known."""
    for file in sorted(Path(hops).glob("*.npy")):
        labels = Path(beats) / f"{file.stem}.beats"
        if file.stem not in known and labels.exists():
            yield Song(file, labels)


def targets(times, places, hops):
    """What is to be told of each hop: beats and downbeats [hops, 2] (1 at the hop of one, a half beside it), the place
    of the tempo among the tempos (-1: there is none) and of the metre among the metres (-1: none, -2: not known)."""
    out = np.zeros((hops, 2), np.float32)
    at = np.round((times + DELAY) / HOP).astype(int) - 1
    for column, which in enumerate((np.ones(len(at), bool), places == 1)):
        for shift, value in ((-1, 0.5), (1, 0.5), (0, 1.0)):
            place = at[which] + shift
            place = place[(place >= 0) & (place < hops)]
            out[place, column] = np.maximum(out[place, column], value)
    tempo, metre = np.full(hops, -1.0, np.float32), np.full(hops, -1, np.int64)
    if len(times) > 2:
        lengths = np.diff(times)
        smooth = np.array([lengths[max(0, k - 1) : k + 2].mean() for k in range(len(lengths))])
        now = (np.arange(hops) + 1) * HOP - DELAY
        beat = np.clip(np.searchsorted(times, now, "right") - 1, 0, len(lengths) - 1)
        inside = (now > times[0] - 2 * smooth[0]) & (now < times[-1] + 2 * smooth[-1])
        inside &= (smooth[beat] < LONG_BEAT) & (smooth[beat] > SHORT_BEAT)
        tempo = np.where(inside, np.clip(tempo_place(60 / smooth[beat]), 0, TEMPOS - 1), -1).astype(np.float32)
        firsts = np.flatnonzero(places == 1)
        counts = np.diff(firsts)
        if len(counts):
            bar = np.clip(np.searchsorted(firsts, beat, "right") - 1, 0, len(counts) - 1)
            kinds = np.array([METRES.index(count) if count in METRES else -2 for count in counts])
            metre = np.where(inside, kinds[bar], -1)
        else:
            metre = np.where(inside, -2, -1)
    return out, tempo, metre


def in_noise(parts, random):
    """Compressed parts with noise in some of them."""
    level = 10 ** random.uniform(-3, -0.3) * 10 ** np.interp(
        np.arange(PARTS), np.linspace(0, PARTS, 5), random.uniform(-1, 0, 5))
    noise = level * random.gamma(3, 1 / 3, parts.shape)
    return np.log1p(COMPRESSION * (np.expm1(parts) / COMPRESSION + noise) / (1 + level)).astype(np.float32)


def excerpt(song, length, random):
    """A part of a song, slower or faster, in another key, some of its parts unheard: inputs [length, INPUTS] and
    targets; what lies beyond its end is silence that tells nothing."""
    ratio = 2 ** random.uniform(-STRETCH, STRETCH) if random.random() < 0.6 else 1.0  # of its length
    wanted = int(np.ceil(length / ratio)) + 1
    begin = int(random.integers(max(1, len(song) - wanted + 1)))
    part = song.heard[begin : begin + wanted].astype(np.float32)
    times = song.times - begin * HOP
    if ratio != 1:
        where = np.arange(min(length, int((len(part) - 1) * ratio))) / ratio
        low = where.astype(int)
        share = (where - low)[:, None].astype(np.float32)
        part = part[low] * (1 - share) + part[low + 1] * share
        times = (times + DELAY) * ratio - DELAY
    part = part[:length]
    part[:, PARTS : PARTS + CHROMA] = np.roll(part[:, PARTS : PARTS + CHROMA], random.integers(CHROMA), 1)
    if random.random() < 0.3:  # a small loudspeaker, a wall, a telephone
        low, high = random.integers(0, 12), random.integers(18, PARTS + 1)
        part[:, :low] *= max(0.0, random.uniform(-0.5, 0.5))
        part[:, high:PARTS] *= max(0.0, random.uniform(-0.5, 0.5))
    if random.random() < 0.3:  # a crowd, a wall of guitars
        part[:, :PARTS] = in_noise(part[:, :PARTS], random)
    inside = (times > -1) & (times < len(part) * HOP + 1)
    about = np.flatnonzero(inside)
    span = slice(max(0, about[0] - 8), about[-1] + 9) if len(about) else slice(0, 0)
    target, tempo, metre = targets(times[span], song.places[span], len(part))
    known = np.ones(len(part), bool)
    lacking = length - len(part)
    if lacking:
        part = np.pad(part, ((0, lacking), (0, 0)))
        target = np.pad(target, ((0, lacking), (0, 0)))
        tempo, metre = np.pad(tempo, (0, lacking)), np.pad(metre, (0, lacking))
        known = np.pad(known, (0, lacking))
    bars = bool((song.places > 0).any()) or not len(song.places)
    return with_rises(part), target, tempo, metre, known, known & bars
