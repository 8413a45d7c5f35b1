"""Plays General MIDI parts with FluidSynth and FluidR3 GM (MIT licence; Debian: fluidsynth,
fluid-soundfont-gm)."""

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np

from .perform import Played

SAMPLE_RATE = 44100
SOUND_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/soundfonts/FluidR3_GM.sf2")
TICKS = 960  # a beat of the file, which is half a second: the notes' own times are in seconds
DRUM_CHANNEL = 9


def sound_font() -> str:
    """The path of FluidR3 GM; a sentence that says what is missing otherwise."""
    if not shutil.which("fluidsynth"):
        raise SystemExit("fluidsynth is missing: apt-get install fluidsynth fluid-soundfont-gm")
    for path in SOUND_FONTS:
        if Path(path).exists():
            return path
    raise SystemExit("FluidR3_GM.sf2 is missing: apt-get install fluid-soundfont-gm")


def midi(parts: list[Played]) -> mido.MidiFile:
    """A MIDI file of the parts whose voice is `gm:...`, each on a channel of its own."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    channels = [c for c in range(16) if c != DRUM_CHANNEL]
    for played in parts:
        kind, _, program = played.part.voice.removeprefix("gm:").rpartition(":")
        channel = DRUM_CHANNEL if kind == "kit" else channels.pop(0)
        events = [(0, 0, mido.Message("program_change", channel=channel, program=int(program)))]
        volume = int(np.clip(100 * 10 ** (played.part.level / 40), 1, 127))
        events.append((0, 1, mido.Message("control_change", channel=channel, control=7, value=volume)))
        pan = int(np.clip(64 + 63 * played.part.pan, 0, 127))
        events.append((0, 1, mido.Message("control_change", channel=channel, control=10, value=pan)))
        for start, end, pitch, velocity in zip(played.start, played.end, played.pitch, played.velocity):
            value = max(1, min(127, round(127 * velocity)))
            note = dict(channel=channel, note=int(pitch))
            events.append((round(start * 2 * TICKS), 3, mido.Message("note_on", velocity=value, **note)))
            events.append((round(end * 2 * TICKS), 2, mido.Message("note_off", **note)))
        track, now = mido.MidiTrack(), 0
        for at, _, message in sorted(events, key=lambda e: e[:2]):
            track.append(message.copy(time=at - now))
            now = at
        file.tracks.append(track)
    return file


def render(parts: list[Played], seconds: float) -> np.ndarray:
    """The sound of the parts, float32 [samples, 2]."""
    count = round(seconds * SAMPLE_RATE)
    parts = [p for p in parts if p.part.voice.startswith("gm:") and len(p.start)]
    if not parts:
        return np.zeros((count, 2), np.float32)
    with tempfile.NamedTemporaryFile(suffix=".mid") as score:
        buffer = io.BytesIO()
        midi(parts).save(file=buffer)
        score.write(buffer.getvalue())
        score.flush()
        command = [
            "fluidsynth",
            "-niq",
            "-g",
            "0.4",
            "-R",
            "0",
            "-C",
            "0",
            "-r",
            str(SAMPLE_RATE),
            "-o",
            "synth.dynamic-sample-loading=1",
            "-o",
            "synth.cpu-cores=1",
            "-T",
            "raw",
            "-O",
            "s16",
            "-F",
            "-",
            sound_font(),
            score.name,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            raw = process.stdout.read(count * 4)
            process.kill()
    sound = np.frombuffer(raw[: len(raw) // 4 * 4], "<i2").reshape(-1, 2).astype(np.float32) / 32768
    if not np.any(sound):
        raise RuntimeError("fluidsynth played nothing")
    return np.concatenate([sound, np.zeros((max(0, count - len(sound)), 2), np.float32)])[:count]
