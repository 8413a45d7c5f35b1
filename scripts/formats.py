#!/usr/bin/env python3
"""Writes docs/formats.md: which containers and codecs are read, by what, and how exactly.

Makes a song in every combination of container and codec that the installed ffmpeg can write, reads
it with Synopsia (examples/decode.rs) and with ffmpeg, and compares the samples. Needs ffmpeg and
Rust. Set SYNOPSIA_DECODE to use a decoder that is built already.

    scripts/formats.py            write docs/formats.md
    scripts/formats.py --check    say what has changed, and fail if something is read worse
"""

import array
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "formats.md"

PCM = ["u8", "s8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "f32be", "f64le",
       "f64be", "alaw", "mulaw"]

# Containers with their extensions, and what is tried in each.
CONTAINERS = [
    ("WAV", "wav", ["pcm_" + kind for kind in PCM] + ["pcm_s64le", "libmp3lame", "mp2", "adpcm_ms", "adpcm_ima_wav", "ac3"]),
    ("WAV, RF64", "rf64.wav", ["pcm_s24le", "pcm_f32le"]),
    ("Wave64", "w64", ["pcm_s16le", "pcm_s24le", "pcm_f32le", "libmp3lame"]),
    ("AIFF", "aiff", ["pcm_" + kind for kind in PCM] + ["adpcm_ima_qt"]),
    ("Core Audio", "caf", ["pcm_" + kind for kind in PCM] + ["alac", "flac", "libopus", "libmp3lame", "adpcm_ima_qt"]),
    ("Sun (AU)", "au", ["pcm_" + kind for kind in PCM]),
    ("QuickTime", "mov", ["pcm_" + kind for kind in PCM] + ["aac", "alac", "libmp3lame", "ac3", "adpcm_ima_qt"]),
    ("MP4, M4A", "mp4", ["aac", "alac", "flac", "libopus", "libmp3lame", "mp2", "ac3", "eac3"]),
    ("MP4, fragmented", "frag.mp4", ["aac", "alac", "flac", "libopus", "libmp3lame"]),
    ("Matroska", "mkv", ["pcm_" + kind for kind in PCM] + ["aac", "alac", "flac", "libvorbis", "libopus", "libmp3lame", "mp2",
                "ac3", "eac3", "dca", "truehd", "wavpack", "tta", "adpcm_ms"]),
    ("WebM", "webm", ["libvorbis", "libopus"]),
    ("Ogg", "ogg", ["libvorbis", "flac", "libspeex"]),
    ("Ogg Opus", "opus", ["libopus"]),
    ("FLAC", "flac", ["flac"]),
    ("MPEG audio", "mp3", ["libmp3lame", "mp2"]),
    ("ADTS", "aac", ["aac"]),
    ("WavPack", "wv", ["wavpack"]),
    ("True Audio", "tta", ["tta"]),
    ("Dolby Digital", "ac3", ["ac3"]),
    ("DTS", "dts", ["dca"]),
    ("Windows Media", "wma", ["wmav2"]),
    ("AVI", "avi", ["libmp3lame", "ac3", "pcm_s16le"]),
    ("MPEG transport stream", "ts", ["aac", "mp2", "ac3"]),
    ("MPEG transport stream, Blu-ray", "m2ts", ["ac3"]),
    ("Flash Video", "flv", ["aac", "libmp3lame"]),
    ("LATM, LOAS", "latm", ["aac"]),
    ("Dolby TrueHD", "thd", ["truehd"]),
    ("MLP", "mlp", ["mlp"]),
    ("NUT", "nut", ["mp2", "flac"]),
    ("Creative Voice", "voc", ["pcm_u8", "pcm_s16le"]),
    ("SoX", "sox", ["pcm_s32le"]),
    ("IRCAM", "ircam", ["pcm_s16le", "pcm_f32le"]),
    ("Windows television", "wtv", ["mp2"]),
    ("SBC", "sbc", ["sbc"]),
    ("aptX", "aptx", ["aptx"]),
    ("aptX HD", "aptxhd", ["aptx_hd"]),
    ("G.722", "g722", ["g722"]),
]

# More than two channels, where that is another decoder's work.
SURROUND = [("mp4", "aac"), ("aac", "aac"), ("mkv", "aac"), ("flac", "flac"), ("wav", "pcm_s24le"), ("mov", "pcm_s24be"),
            ("ogg", "libvorbis"), ("opus", "libopus"), ("mp4", "alac"), ("mkv", "flac")]

NAMES = {"aac": "AAC", "alac": "ALAC", "flac": "FLAC", "libopus": "Opus", "libvorbis": "Vorbis", "libspeex": "Speex",
         "libmp3lame": "MP3", "mp2": "MP2", "ac3": "AC-3", "eac3": "E-AC-3", "dca": "DTS", "truehd": "TrueHD",
         "wavpack": "WavPack", "tta": "TTA", "wmav2": "WMA 2", "adpcm_ms": "ADPCM (Microsoft)",
         "adpcm_ima_wav": "ADPCM (IMA, WAV)", "adpcm_ima_qt": "ADPCM (IMA, QuickTime)", "mlp": "MLP", "sbc": "SBC",
         "aptx": "aptX", "aptx_hd": "aptX HD", "g722": "G.722"}

HEAD = """# Containers and codecs

Made by `scripts/formats.py`, which writes a song of two seconds in each of these with ffmpeg,
reads it with Synopsia and with ffmpeg, and compares. Whatever a file is called, it is known by its
first bytes; what is not known here is what ffmpeg says that it is, if that is sound and can be decoded.
There its ending counts, too: raw streams (aptX, G.722, GSM, PCM) have no mark. Those are refused where
their bytes are all alike, or as evenly distributed as noise.

**Read by**: *Synopsia*, or *ffmpeg*, which must be installed for these; without it they are refused
in a sentence that names the codec. **Off by** is the largest difference of a sample from ffmpeg's;
full scale is 1. **Longer by** is counted in frames: a container that says where its song ends is
believed to the sample, where ffmpeg plays the last packet whole, and the padding of an MP3 in an
MP4 or Matroska, too. FLAC has 4 to 32 bits a sample; Synopsia decodes all of them, older ffmpegs up to 24.

"""

FOOT = """
## What is refused

| what | how |
|---|---|
| what is no sound, or hardly any of it (programs, pictures, archives, text, noise) | “… is not audio that Synopsia can read”, “… is damaged so badly that hardly anything in it can be heard” |
| a recording whose index was never written (MP4) | “… breaks off before its index” |
| a container without sound | “… holds no sound” |
| what only ffmpeg decodes, without ffmpeg | “the sound in … is HE-AAC, which Synopsia reads through ffmpeg, and ffmpeg is not installed” |
| what is protected from copying, and other codecs that ffmpeg does not know either | “the sound in … is …, and ffmpeg cannot decode it” |
| rates below 8000 and above 384000 Hz | “… has a sample rate of …” |

## What is mended, and told

A file that was cut off is used up to there. A hole in an MP3, FLAC, Ogg or Matroska stream is silence
of its length, so that what follows stays in time. Tags before, behind and between the sound (ID3,
APE, Lyrics3) are passed over, as are zeros and rubbish before the first frame. Songs that were joined
(MP3, AAC, FLAC, Ogg) are played one after the other; parts of another sample rate, other channels or
another layer of MPEG audio need ffmpeg, which converts them to the first part's, and without it the song ends there and says so.
Sizes of a WAV or AIFF that cannot be right are not believed. Of several tracks the marked one is
heard, else the one with most channels; of an edit list every edit, in its order, but not the delays
before the first and between them, which ffmpeg does not play either.
"""


def ffmpeg(folder, *arguments):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def source(folder, channels, rate):
    name = f"source{channels}_{rate}.wav"
    if not (folder / name).exists():
        tones = "|".join(
            f"0.3*sin(2*PI*({220 + 110 * c}*t+55*t*t))+0.05*sin(2*PI*{997 + 170 * c}*t)" for c in range(channels))
        ffmpeg(folder, "-f", "lavfi", "-i", f"aevalsrc='{tones}':s={rate}:d=2", "-c:a", "pcm_f32le", name)
    return name


def floats(data):
    samples = array.array("f")
    samples.frombytes(data[: len(data) // 4 * 4])
    return samples


def make(folder, extension, codec, channels):
    """The song's name, or None where ffmpeg cannot write it."""
    # These know few rates.
    rate = 48000 if codec in ("libopus", "dca", "truehd", "libspeex") else 44100
    if codec == "libspeex":
        rate = 32000
    if codec == "g722":
        rate = 16000
    name = f"{codec}{channels}.{extension}"
    options = ["-c:a", codec, "-strict", "-2"]
    if extension.startswith("frag"):
        options += ["-movflags", "frag_keyframe+empty_moov", "-frag_duration", "500000"]
    if extension.startswith("rf64"):
        options += ["-rf64", "always"]
    made = ffmpeg(folder, "-i", source(folder, channels, rate), *options, name)
    return name if made else None


def reader(decoder, folder, name, ours):
    """Who reads a song, which is heard as `ours`."""
    without = subprocess.run([decoder, name], cwd=folder, capture_output=True, env={"PATH": ""})
    if without.returncode != 0:
        return "ffmpeg"
    return "Synopsia" if without.stdout == ours else "ffmpeg; Synopsia less exactly"


def compare(decoder, folder, name, channels):
    """Who reads it, how far off samples are, how many frames longer it is."""
    ours = subprocess.run([decoder, name], cwd=folder, capture_output=True)
    theirs = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", name, "-f", "f32le", "-"],
                            cwd=folder, capture_output=True)
    if ours.returncode != 0:
        said = ours.stderr.decode().strip().splitlines()
        return "refused: " + (said[-1] if said else "?"), math.inf, 0
    a, b = floats(ours.stdout), floats(theirs.stdout)
    off = max((abs(x - y) for x, y in zip(a, b)), default=math.inf)
    return reader(decoder, folder, name, ours.stdout), off, (len(a) - len(b)) // channels


def row(container, codec, channels, reader, off, longer):
    codec = NAMES.get(codec) or "PCM " + codec.removeprefix("pcm_")
    if channels > 2:
        codec += f", {channels} channels"
    if reader.startswith("refused"):
        return f"| {container} | {codec} | {reader} | | |"
    exact = "exact" if off == 0 else f"{off:.0e}"
    return f"| {container} | {codec} | {reader} | {exact} | {longer or ''} |"


def table(decoder):
    titles = {extension: title for title, extension, _ in CONTAINERS}
    cases = [(extension, codec, 2) for _, extension, codecs in CONTAINERS for codec in codecs]
    cases += [(extension, codec, 6) for extension, codec in SURROUND]
    lines, worst = [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for extension, codec, channels in cases:
            channels = 1 if codec == "g722" else channels
            name = make(folder, extension, codec, channels)
            if name is None:
                continue
            reader, off, longer = compare(decoder, folder, name, channels)
            lines.append(row(titles[extension], codec, channels, reader, off, longer))
            print(lines[-1], file=sys.stderr)
            if not off < 0.01 or abs(longer) > 1200:
                worst.append(lines[-1])
    head = "| container | codec | read by | off by | longer by |\n|---|---|---|---|---|\n"
    return HEAD + head + "\n".join(lines) + "\n" + FOOT, worst


def main():
    decoder = os.environ.get("SYNOPSIA_DECODE")
    if not decoder:
        subprocess.run(["cargo", "build", "--locked", "--example", "decode"], cwd=ROOT, check=True)
        decoder = str(ROOT / "target" / "debug" / "examples" / "decode")
    page, worst = table(decoder)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page)
    elif page != PAGE.read_text():
        print(f"{PAGE} is no longer true: run scripts/formats.py", file=sys.stderr)
    for line in worst:
        print("wrong:", line, file=sys.stderr)
    sys.exit(1 if worst else 0)


if __name__ == "__main__":
    main()
