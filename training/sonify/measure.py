"""How what pictures sound like is heard, beside music and noise.

    python measure.py SYNOPSIA ART OUT --songs SONGS --count 100

SYNOPSIA is the program, ART the folder with emotion_photos.csv (OASIS).
"""

import argparse
import csv
import subprocess
from pathlib import Path

import numpy as np
import soundfile
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

import spectra
from prepare import sound_of

CLIP = 128  # frames that the listener hears


def flatness(sound):
    """Median over frames of the geometric over the arithmetic mean of power, 100 Hz to 8 kHz."""
    power = frames(sound) ** 2
    return float(np.median(np.exp(np.log(power + 1e-12).mean(1)) / (power.mean(1) + 1e-12)))


def tonality(sound):
    """Share of power in bins that are 10 dB above the median of the 41 around them, median over frames."""
    power = frames(sound) ** 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(power, ((0, 0), (20, 20)), mode="edge"), 41, axis=1)
    peaks = power > 10 * np.median(around, 2)
    return float(np.median((power * peaks).sum(1) / (power.sum(1) + 1e-12)))


def frames(sound, size=4096):
    view = np.lib.stride_tricks.sliding_window_view(sound, size)[:: size * 4]
    spectrum = np.abs(np.fft.rfft(view * np.hanning(size), axis=1))
    return spectrum[:, int(100 * size / spectra.RATE) : int(8000 * size / spectra.RATE)]


def scrambled(sound, random):
    """The same spectrum in time, with phases of chance: coloured noise."""
    size, hop = 4096, 1024
    window = np.hanning(size)
    out = np.zeros(len(sound))
    for at in range(0, len(sound) - size, hop):
        spectrum = np.abs(np.fft.rfft(sound[at : at + size] * window))
        smooth = np.convolve(spectrum, np.ones(61) / 61, mode="same")
        phase = np.exp(2j * np.pi * random.random(len(spectrum)))
        out[at : at + size] += np.fft.irfft(smooth * phase) * window
    return (out * 0.1 / (out.std() + 1e-9)).astype(np.float32)


def clips(sounds):
    parts = []
    for sound in sounds:
        level = spectra.bands((sound * 0.1 / (sound.std() + 1e-6)).astype(np.float32))
        parts += [level[at : at + CLIP] for at in range(0, len(level) - CLIP + 1, CLIP)]
    return (torch.tensor(np.stack(parts))[:, None] + 50) / 25


def listener(kinds, steps=150):
    """A small network that tells kinds of clips apart."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.AvgPool2d((4, 1)), nn.Conv2d(1, 12, 5, 2, 2), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, 1), nn.ReLU(),
        nn.Conv2d(24, 32, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, len(kinds)),
    )
    steer = torch.optim.Adam(net.parameters(), 3e-3)
    for _ in range(steps):
        x = torch.cat([kind[torch.randint(len(kind), (12,))] for kind in kinds])
        loss = F.cross_entropy(net(x), torch.arange(len(kinds)).repeat_interleave(12))
        steer.zero_grad()
        loss.backward()
        steer.step()
    return net.eval()


def heard(program, folder, ear):
    """Valence and arousal of the songs in a folder, by name."""
    table = folder.parent / f"{ear}.csv"
    subprocess.run([program, "analyze", "-q", "--force", "--ear", ear, folder, "-o", table], check=True)
    return {row["song"]: (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(open(table))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("art", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--songs", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", default="12")
    args = parser.parse_args()
    sounds, pictures = args.out / "sounds", args.out / "pictures"
    sounds.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(exist_ok=True)
    rows = list(csv.DictReader(open(args.art / "emotion_photos.csv")))
    rows = [rows[k] for k in np.random.default_rng(1).permutation(len(rows))[: args.count]]
    people, courses = {}, []
    for k, row in enumerate(rows):
        file, to = args.art / row["file"], sounds / f"{k:03d}.wav"
        (pictures / f"{k:03d}.png").unlink(missing_ok=True)
        Image.open(file).convert("RGB").save(pictures / f"{k:03d}.png")
        command = [args.program, "sonify", "-q", "--force", pictures / f"{k:03d}.png", "-o", to, "--seconds", args.seconds]
        subprocess.run([*command, "--seed", str(k)], check=True)
        people[to.name] = (float(row["valence"]), float(row["arousal"]))
        sound, _ = soundfile.read(to, dtype="float32")
        level = np.log10([part.std() + 1e-6 for part in np.array_split(sound, 12)])
        light = np.asarray(Image.open(file).convert("L").resize((12, 1), Image.BOX), float)[0]
        courses.append(np.corrcoef(level, light)[0, 1])
    subprocess.run([args.program, "mood", "-q", "--force", pictures, "-o", args.out / "moods.csv"], check=True)
    moods = {Path(row["picture"]).stem + ".wav": (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(open(args.out / "moods.csv"))}
    for ear in ("default", "free"):
        told = heard(args.program, sounds, ear)
        for name, of in (("network", moods), ("people", people)):
            for axis, what in enumerate(("valence", "arousal")):
                pairs = np.array([(of[key][axis], told[key][axis]) for key in told if key in of])
                print(f"ear {ear}, pictures by {name}: {what} r {np.corrcoef(pairs.T)[0, 1]:.3f} of {len(pairs)}", flush=True)
    print("lightness and level along the picture, r, median", round(float(np.nanmedian(courses)), 3))
    random = np.random.default_rng(2)
    music = [sound_of(file)[: 15 * spectra.RATE] for file in sorted(args.songs.iterdir())[::3][:56]]
    noise = [random.normal(0, 0.1, 15 * spectra.RATE).astype(np.float32) for _ in range(len(music))]
    for k, x in enumerate(noise):  # of any colour
        noise[k] = np.convolve(x, np.exp(-np.arange(64) * random.uniform(0.02, 2)), mode="same").astype(np.float32)
    shuffled = [scrambled(sound, random) for sound in music]
    ours = [soundfile.read(file, dtype="float32")[0] for file in sorted(sounds.iterdir())]
    for name, group in (("pictures", ours), ("music", music), ("noise", noise), ("music as noise", shuffled)):
        print(f"{name}: flatness {np.median([flatness(x) for x in group]):.4f}, tonality {np.median([tonality(x) for x in group]):.3f}", flush=True)
    half = len(music) // 2
    net = listener([clips(group[:half]) for group in (music, noise, shuffled)])
    for name, group in (("pictures", ours), ("music", music[half:]), ("noise", noise[half:]), ("music as noise", shuffled[half:])):
        with torch.no_grad():
            said = net(clips(group)).argmax(1)
        print(f"listener on {name}: music {(said == 0).float().mean():.3f}")


if __name__ == "__main__":
    main()
