"""From played parts to a recording: balance, room, equaliser, level, and what befalls recordings
(saturation, noise, a codec, a telephone's bandwidth, drums that fall silent)."""

import io
from dataclasses import dataclass

import numpy as np
import soundfile
from scipy.fft import irfft, next_fast_len, rfft

from . import fluid
from .chance import between, pick, stream
from .compose import Piece
from .drums import KEYS
from .perform import Played
from .voices import DRUM_GAIN, RATE, VOICES, drum

BUS = 0.08  # RMS that each bus is brought to before its level
NAMES = {key: name for name, key in KEYS.items()}
HARDER = 3.0               # decibels an octave between the softest and the hardest playing
CENTRE = 800.0  # Hz at which a tilt of the spectrum changes nothing


@dataclass(frozen=True)
class Treatment:
    """What is done to a mix, as drawn by the seed."""

    room: float  # seconds of reverberation; 0 is none
    wet: float  # its share
    bells: tuple  # (Hz, decibels, octaves) of the equaliser
    band: tuple  # lowest and highest Hz that pass
    drive: float  # decibels into a soft limiter
    width: float  # 0 mono, 1 as mixed
    noise: str | None  # hiss, crackle, hum or crowd
    noise_level: float  # decibels below the music
    codec: str | None  # MP3 or VORBIS
    silent_drums: tuple | None  # seconds between which no drum plays

    @staticmethod
    def draw(seed: int, seconds: float, clean: bool) -> "Treatment":
        """`clean`: room and balance only, as of a good studio."""
        rng = stream(seed, "mix")
        room = between(rng, (0.2, 0.9)) if rng.random() < 0.6 else between(rng, (0.9, 3.0))
        wet = 0.0 if rng.random() < 0.15 else between(rng, (0.05, 0.4))
        bells = tuple(
            (
                float(np.exp(rng.uniform(np.log(80), np.log(9000)))),
                between(rng, (-5, 5)),
                between(rng, (0.5, 2)),
            )
            for _ in range(2)
        )
        band = (20.0, 22000.0)
        if rng.random() < 0.25:
            band = pick(rng, ((20.0, 11000.0), (20.0, 7000.0), (120.0, 9000.0), (250.0, 5000.0)))
        drive = 0.0 if rng.random() < 0.5 else between(rng, (2, 12))
        noise = pick(rng, {None: 0.6, "hiss": 0.15, "crackle": 0.08, "hum": 0.07, "crowd": 0.1})
        codec = pick(rng, {None: 0.75, "MP3": 0.15, "VORBIS": 0.1})
        begin = between(rng, (0, seconds))
        silent = (begin, begin + between(rng, (2, 8))) if rng.random() < 0.15 else None
        width, level = pick(rng, (0.0, 0.6, 1.0, 1.0)), between(rng, (22, 50))
        if clean:
            return Treatment(room, wet, (), (20.0, 22000.0), 0.0, 1.0, None, 60, None, None)
        return Treatment(room, wet, bells, band, drive, width, noise, level, codec, silent)


def play_synth(played: Played, count: int, seed: int) -> np.ndarray:
    """A part whose voice is `synth:...`, [count, 2]."""
    name = played.part.voice.removeprefix("synth:")
    drums = played.part.role == "drums"
    out, made = np.zeros((count, 2), np.float32), {}
    for number, (start, end, pitch, velocity) in enumerate(
        zip(played.start, played.end, played.pitch, played.velocity)
    ):
        key = (int(pitch), number % 3) if drums else (int(pitch), round(float(end - start), 2), number % 2)
        if key not in made:
            rng = stream(seed, name, *key)
            if drums:
                stroke = NAMES[int(pitch)]
                made[key] = DRUM_GAIN.get(stroke, 0.5) * drum(name, stroke, rng)
            else:
                made[key] = VOICES[name](440 * 2 ** ((pitch - 69) / 12), float(end - start), rng)
        sound = made[key]
        at = int(start * RATE)
        stop = min(count, at + len(sound))
        out[at:stop] += (velocity**1.5 * sound[: stop - at])[:, None]
    pan = played.part.pan
    return out * np.array([1 - max(0, pan), 1 + min(0, pan)], np.float32)


def active_rms(x: np.ndarray) -> float:
    """RMS of the tenths of a second in which there is sound."""
    power = (x[: len(x) // 4410 * 4410] ** 2).reshape(-1, 4410 * 2).mean(1)
    power = power[power > 1e-7]
    return float(np.sqrt(power.mean())) if len(power) else 1.0


def ducked(count: int, kicks: np.ndarray, depth: float) -> np.ndarray:
    """The gain [count] of what a kick pushes down."""
    gain, length = np.ones(count, np.float32), int(0.22 * RATE)
    shape = (1 - depth * (1 - np.linspace(0, 1, length)) ** 1.5).astype(np.float32)
    for at in (kicks * RATE).astype(int):
        piece = gain[at : at + length]
        np.minimum(piece, shape[: len(piece)], out=piece)
    return gain


def balance(piece: Piece, parts: list[Played], seconds: float) -> np.ndarray:
    """All parts together, [samples, 2]."""
    count, seed = round(seconds * RATE), piece.plan.seed
    played_drums = [p for p in parts if p.part.role == "drums"]
    acoustic = fluid.render(parts, seconds)
    tonal = acoustic * (BUS / active_rms(acoustic)) if np.any(acoustic) else acoustic
    drums = np.zeros((count, 2), np.float32)
    for number, played in enumerate(parts):
        if not played.part.voice.startswith("synth:") or not len(played.start):
            continue
        sound = play_synth(played, count, seed)
        gain = 10 ** (played.part.level / 20)
        if played.part.role == "drums":
            drums += 0.3 * gain * sound
        else:
            tonal += sound * (0.6 * BUS * gain / active_rms(sound))
    if piece.genre.sidechain and played_drums:
        kicks = played_drums[0].start[played_drums[0].pitch == KEYS["kick"]]
        tonal = tonal * ducked(count, kicks, piece.genre.sidechain)[:, None]
    return tonal + drums


def reverberated(x: np.ndarray, room: float, wet: float, rng: np.random.Generator) -> np.ndarray:
    """With a room: noise that dies away, its treble sooner."""
    length = int(min(room * 1.2, 2.5) * RATE)
    time = np.arange(length) / RATE
    noise = rng.standard_normal((length, 2))
    dark = np.cumsum(noise, 0) * 0.05
    dark -= np.linspace(dark[0], dark[-1], length)
    tail = noise * np.exp(-time / (room / 12))[:, None] + dark * np.exp(-time / (room / 6.9))[:, None]
    tail[: int(0.008 * RATE)] = 0
    tail *= wet / np.sqrt((tail**2).sum(0))
    size = next_fast_len(len(x) + length, real=True)
    return x + irfft(rfft(x, size, axis=0) * rfft(tail, size, axis=0), size, axis=0)[: len(x)]


def equalised(x: np.ndarray, tilt: float, bells: tuple, band: tuple) -> np.ndarray:
    """Tilted by decibels an octave, with bells, and limited to a band; no delay."""
    size = next_fast_len(len(x) + 4096, real=True)
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 10)
    octave = np.log2(hertz / CENTRE)
    decibels = tilt * np.clip(octave, -4, 4)
    for centre, gain, width in bells:
        decibels = decibels + gain * np.exp(-0.5 * (np.log2(hertz / centre) / width) ** 2)
    low, high = band
    decibels = decibels - 24 * np.maximum(0, np.log2(low / hertz)) - 48 * np.maximum(0, np.log2(hertz / high))
    gain = 10 ** (np.maximum(decibels, -120) / 20)
    return irfft(rfft(x, size, axis=0) * gain[:, None], size, axis=0)[: len(x)]


def noise_of(kind: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of a kind, [count, 2], RMS 1."""
    white = rng.standard_normal((count, 2))
    if kind == "hiss":
        noise = white
    elif kind == "crackle":
        clicks = (rng.random((count, 1)) < 15 / RATE) * rng.standard_normal((count, 1))
        noise = equalised(np.repeat(clicks, 2, 1), 0, (), (500.0, 8000.0)) + 0.002 * white
    elif kind == "hum":
        time = np.arange(count) / RATE
        mains = pick(rng, (50, 60))
        noise = sum(np.sin(2 * np.pi * k * mains * time) / k for k in (1, 2, 3, 5))[:, None] + 0.02 * white
    else:
        noise = equalised(white, -3, ((700.0, 8.0, 1.0),), (150.0, 6000.0))
        swell = np.interp(
            np.arange(count),
            np.arange(0, count + RATE, RATE // 2),
            rng.uniform(0.6, 1.4, len(np.arange(0, count + RATE, RATE // 2))),
        )
        noise = noise * swell[:, None]
    return noise / (np.sqrt(np.mean(noise**2)) + 1e-9)


def coded(x: np.ndarray, codec: str, quality: float) -> np.ndarray:
    """Through a lossy codec and back, in time with what went in."""
    buffer = io.BytesIO()
    kind = ("MP3", "MPEG_LAYER_III") if codec == "MP3" else ("OGG", "VORBIS")
    save(buffer, x, format=kind[0], subtype=kind[1], compression_level=quality)
    buffer.seek(0)
    back, _ = soundfile.read(buffer, dtype="float32", always_2d=True)
    return np.concatenate([back, np.zeros((max(0, len(x) - len(back)), 2), np.float32)])[: len(x)]


def save(file, x: np.ndarray, **how) -> None:
    """Writes a recording second by second: of minutes at once libsndfile's Vorbis encoder dies."""
    with soundfile.SoundFile(file, "w", RATE, x.shape[1], **how) as recording:
        for begin in range(0, len(x), RATE):
            recording.write(x[begin : begin + RATE])


def mix(piece: Piece, parts: list[Played], clean: bool = False) -> np.ndarray:
    """The recording of a piece, float32 [samples, 2] at 44.1 kHz, at the level of its factors."""
    seconds, factors = piece.recipe.seconds, piece.factors
    treatment = Treatment.draw(piece.plan.seed, seconds, clean)
    if treatment.silent_drums:
        parts = [without(p, treatment.silent_drums) if p.part.role == "drums" else p for p in parts]
    x = balance(piece, parts, seconds)
    rng = stream(piece.plan.seed, "mix noise")
    if treatment.wet:
        x = reverberated(x, treatment.room, treatment.wet, rng)
    tilt = factors.brightness + HARDER * (factors.dynamics - 0.5)   # who plays harder sounds brighter
    x = equalised(x, tilt, treatment.bells, treatment.band)
    if treatment.drive:
        gain = 10 ** (treatment.drive / 20) * 0.25 / active_rms(x)
        x = np.tanh(x * gain)
    if treatment.width < 1:
        middle = x.mean(1, keepdims=True)
        x = middle + treatment.width * (x - middle)
    if treatment.noise:
        x = x + noise_of(treatment.noise, len(x), rng) * active_rms(x) * 10 ** (-treatment.noise_level / 20)
    x = x * (10 ** (factors.level / 20) / active_rms(x))
    loud = np.abs(x) > 0.7  # a soft knee instead of clipping
    x[loud] = np.sign(x[loud]) * (0.7 + 0.29 * np.tanh((np.abs(x[loud]) - 0.7) / 0.29))
    if treatment.codec:
        x = coded(x, treatment.codec, between(rng, (0.4, 0.95)))
    return x.astype(np.float32)


def without(played: Played, span: tuple[float, float]) -> Played:
    """A part that is silent between two seconds."""
    keep = (played.start < span[0]) | (played.start > span[1])
    return Played(
        played.part, played.start[keep], played.end[keep], played.pitch[keep], played.velocity[keep]
    )
