#!/usr/bin/env python3
"""Whether films flash more than eyes should see, as a program says that knows nothing of Synopsia.

    scripts/flashes.py strobes [--off]     pictures that flash at 2 to 15 Hz, through the limiter or past it
    scripts/flashes.py songs [--off] [--only WORD]
                                           films of songs that hit at 2, 4, 8 and 12 Hz: every preset, and knobs at their
                                           extremes

The judge is iris-pse-detection (MIT, a port of Electronic Arts' IRIS; `pip install iris-pse-detection`), which counts
general and red flashes, and sequences of four seconds and more, over the whole picture. One line for each clip: its
verdict, the most changes of luminance and of red in a second (more than 6 fail), and how many pictures were held back.
Ends with 1 where one fails.

Needs ffmpeg, numpy, `synopsia` and the example `flashes` (SYNOPSIA and FLASHES name them; else those of target/debug).
"""

import argparse
import contextlib
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
from iris_pse_detection import Configuration, VideoAnalyser

HOUSE = Path(__file__).resolve().parent.parent
SYNOPSIA = os.environ.get("SYNOPSIA", HOUSE / "target/debug/synopsia")
FLASHES = os.environ.get("FLASHES", HOUSE / "target/debug/examples/flashes")
SIZE = (320, 180)
FPS = 30
SECONDS = 5
RATE = 48_000

# Whatever flashes, pushes, shakes, lights or leaves light behind, each at its ends and all at once.
EXTREMES = [
    ["flash=1", "onset-push=1"],
    ["flash=1", "onset-push=1", "bass-motion=1", "beat-strength=1", "trails=0"],
    ["flash=1", "onset-push=1", "brightness=0.4"],
    ["flash=1", "onset-push=1", "brightness=-0.4", "saturation=2"],
    ["flash=1", "onset-push=1", "bass-motion=1", "latent-speed=0.25", "beat-strength=1", "trails=0", "brush=0"],
    ["flash=1", "onset-push=1", "palette=ember", "saturation=2", "trails=0", "symmetry=12"],
    ["flash=1", "onset-push=1", "zoom=4", "bass-motion=1", "latent-speed=0.25", "trails=0"],
    ["emotion-source=manual", "arousal=1", "valence=-1", "flash=1", "onset-push=1", "latent-speed=0.25", "trails=0"],
    ["emotion-source=manual", "arousal=1", "valence=1", "flash=1", "onset-push=1", "symmetry=12", "trails=0"],
]


def judged(clip):
    """The verdict, and the most changes of luminance and of red in a second."""
    with tempfile.TemporaryDirectory() as results, contextlib.redirect_stdout(io.StringIO()):
        configuration = Configuration()
        configuration.results_path = results
        result = VideoAnalyser(configuration).analyse_video(str(clip))
        rows = list(csv.DictReader(open(next(Path(results).rglob("framedata.csv")))))
    most = lambda word: max(int(row[key]) for row in rows for key in row if word in key.lower().replace(" ", ""))
    return result.overall_result.name, most("luminancetransitions"), most("redtransitions")


def encode(raw, clip):
    """Raw RGBA as a film without loss of what is judged."""
    size = f"{SIZE[0]}x{SIZE[1]}"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", size, "-r", str(FPS), "-i", "-",
         "-c:v", "ffv1", "-pix_fmt", "bgr0", clip],
        input=raw, check=True,
    )  # fmt: skip


def strobes(folder, off, only):
    """Clips of strobes, with how many pictures were held back."""
    noise = np.random.default_rng(7).integers(0, 60, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    colours = {"white": (0, 255), "grey": (90, 190), "red": ((20, 0, 0), (255, 0, 0)), "red-blue": ((0, 0, 255), (255, 0, 0))}
    parts = {"all": (0, 0, 1, 1), "half": (0.25, 0.1, 0.85, 0.95)}
    for hz in (2, 3, 4, 6, 8, 10, 12, 15):
        for colour, (one, other) in colours.items():
            for part, (left, top, right, bottom) in parts.items():
                name = f"strobe {hz} Hz, {colour}, {part}"
                if only and only not in name:
                    continue
                pictures = np.zeros((SECONDS * FPS, SIZE[1], SIZE[0], 4), np.uint8)
                pictures[..., 3] = 255
                pictures[..., :3] = noise
                x = slice(int(left * SIZE[0]), int(right * SIZE[0]))
                y = slice(int(top * SIZE[1]), int(bottom * SIZE[1]))
                for n, picture in enumerate(pictures):
                    lit = (n / FPS * hz + 1e-9) % 1 < 0.5
                    picture[y, x, :3] = other if lit else one
                raw, held = pictures.tobytes(), 0
                if not off:
                    limited = subprocess.run(
                        [FLASHES, str(SIZE[0]), str(SIZE[1]), str(FPS)], input=raw, capture_output=True, check=True
                    )
                    raw, held = limited.stdout, int(limited.stderr.split()[0])
                clip = folder / "strobe.mkv"
                encode(raw, clip)
                yield name, clip, held


def song(path, hz):
    """A beat so often in a second over a bass, for as long as a clip is."""
    time = np.arange(SECONDS * RATE) / RATE
    since = time % (1 / hz)
    kick = np.sin(2 * np.pi * (50 * since + 8 * (1 - np.exp(-since * 40)))) * np.exp(-since * 18)
    crack = np.random.default_rng(int(hz)).normal(0, 0.5, time.size) * np.exp(-since * 60)
    bass = 0.15 * np.sign(np.sin(2 * np.pi * 55 * time)) * (time * hz // 4 % 2)
    sound = np.clip(0.8 * kick + 0.6 * crack + bass, -1, 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())


def presets():
    """The presets that ship."""
    told = subprocess.run([SYNOPSIA, "presets"], capture_output=True, text=True, check=True)
    return re.findall(r"^([^:\n]+)(?:: .*)? \(built in\)$", told.stdout, re.MULTILINE)


def songs(folder, off, only):
    """Films of songs, with how many pictures were held back."""
    looks = [(f"preset {name}", ["--preset", name]) for name in presets()]
    for knobs in EXTREMES:
        looks.append((" ".join(knobs), [part for knob in knobs for part in ("--set", knob)]))
    for hz in (2, 4, 8, 12):
        path = folder / f"{hz}.wav"
        song(path, hz)
        for look, options in looks:
            name = f"song {hz} Hz, {look}"
            if only and only not in name:
                continue
            film = folder / "film.mp4"
            command = [SYNOPSIA, "render", path, "-o", film, "--size", f"{SIZE[0]}x{SIZE[1]}", "--fps", str(FPS)]
            command += ["--seed", "1", "--painter", "cpu", "--force", *options]
            if off:
                command += ["--set", "flash-limiter=off"]
            told = subprocess.run(command, capture_output=True, text=True)
            if told.returncode:
                sys.exit(f"{name}: {told.stderr}")
            held = re.search(r"(\d+) pictures? w\w+ held back", told.stderr + told.stdout)
            yield name, film, int(held[1]) if held else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["strobes", "songs"])
    parser.add_argument("--off", action="store_true", help="past the limiter")
    parser.add_argument("--only", help="clips with this in their name")
    options = parser.parse_args()
    verdicts = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        clips = strobes if options.what == "strobes" else songs
        for name, clip, held in clips(folder, options.off, options.only):
            verdict, luminance, red = judged(clip)
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
            print(f"{verdict:16} {luminance:3} {red:3} {held:4}  {name}", flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
    sys.exit(1 if "Fail" in verdicts else 0)


if __name__ == "__main__":
    main()
