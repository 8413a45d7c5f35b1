"""Fetches the unlabelled music: free recordings and scores, most of them inside Debian packages.

    python fetch.py --to UNLABELLED [--packages NAME ...]

`music.csv` lists them. Recordings are cut to the 100 s in their middle; scores (MIDI, and pieces of
the corpus that comes with the Python package `music21`) are rendered with FluidR3 twice, as they are
and on a piano. Each becomes UNLABELLED/PACKAGE__NAME.s16 (16 kHz mono, signed 16 bit); what is there
is kept. Needs `curl`, `dpkg`, `ffmpeg`, `fluidsynth` and its sound font `fluid-soundfont-gm`.
"""

import argparse
import csv
import lzma
import re
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import mido

MIRROR = "http://deb.debian.org/debian/"
SUITES = ("sid", "bookworm", "bullseye")   # a recording is taken from the first that has it
COMPONENTS = ("main", "contrib", "non-free")
SOUND_FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
SECONDS, SECONDS_OF_SCORE = 100, 70
MEASURES = 60   # of a piece of music21's corpus
DRUMS = 9   # MIDI channel


def archives() -> dict[str, list[str]]:
    """Where on the mirror each package lies, by suite."""
    places = {}
    for suite in SUITES:
        for part in (f"{c}/binary-{a}" for c in COMPONENTS for a in ("amd64", "all")):
            try:
                index = urllib.request.urlopen(f"{MIRROR}dists/{suite}/{part}/Packages.xz").read()
            except urllib.error.HTTPError:
                continue
            name = None
            for line in lzma.decompress(index).decode().splitlines():
                key, _, value = line.partition(": ")
                if key == "Package":
                    name = value
                elif key == "Filename":
                    places.setdefault(name, []).append(value)
    return {name: list(dict.fromkeys(paths)) for name, paths in places.items()}


def record(source: Path, target: Path) -> None:
    """The middle of a recording."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", source]
    length = subprocess.run(probe, stdout=subprocess.PIPE, text=True).stdout.strip()
    begin = max(0.0, (float(length) - SECONDS) / 2) if re.fullmatch(r"[\d.]+", length) else 0.0
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-ss", f"{begin:.1f}", "-t", str(SECONDS), "-i",
                    source, "-map", "0:a:0", "-ac", "1", "-ar", "16000", "-f", "s16le", target])


def on_piano(source: Path, target: Path) -> None:
    """The same score without its drums and changes of instrument."""
    score = mido.MidiFile(source)
    piano = mido.MidiFile(ticks_per_beat=score.ticks_per_beat)
    for track in score.tracks:
        kept, waited = mido.MidiTrack(), 0
        for message in track:
            waited += message.time
            drum = not message.is_meta and getattr(message, "channel", 0) == DRUMS
            if message.type != "program_change" and not drum:
                kept.append(message.copy(time=waited))
                waited = 0
        piano.tracks.append(kept)
    piano.save(target)


def render(score: Path, target: Path) -> None:
    """A MIDI file's first seconds."""
    synthesizer = ["fluidsynth", "-niq", "-g", "0.5", "-R", "0", "-C", "0", "-r", "16000", "-T", "raw",
                   "-O", "s16", "-F", "-", SOUND_FONT, score]
    with subprocess.Popen(synthesizer, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        stereo = process.stdout.read(SECONDS_OF_SCORE * 16000 * 4)
        process.kill()
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "16000", "-ac", "2", "-i", "-",
                    "-ac", "1", "-ar", "16000", "-f", "s16le", target], input=stereo)


def fetch(source: Path, target: Path, folder: Path) -> None:
    """One recording or score into `target`, or `target` with `_piano` too."""
    if source.suffix.lower() not in (".mid", ".midi"):
        return record(source, target)
    render(source, target)
    on_piano(source, folder / "piano.mid")
    render(folder / "piano.mid", target.with_stem(target.stem + "_piano"))


def from_archive(place: str, wanted: dict[str, Path]) -> dict[str, Path]:
    """Fetches what the package at `place` has of `wanted`; the rest is returned."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["curl", "-sfL", MIRROR + place, "-o", folder / "package.deb"], check=True)
        subprocess.run(["dpkg", "-x", folder / "package.deb", folder / "x"], check=True)
        files = {path.name: path for path in (folder / "x").rglob("*") if path.is_file()}
        for path, target in wanted.items():
            if source := files.get(Path(path).name):
                fetch(source, target, folder)
        return {path: target for path, target in wanted.items() if Path(path).name not in files}


def from_music21(wanted: dict[str, Path]) -> dict[str, Path]:
    """Renders pieces of music21's corpus, `composer_piece`; those that it cannot are returned."""
    from music21 import converter, corpus, exceptions21
    left = dict(wanted)
    with tempfile.TemporaryDirectory() as folder:
        for path in corpus.getCorePaths():
            name = f"{path.parent.name}_{path.stem}"
            if name in left and path.suffix in (".mxl", ".xml", ".krn"):
                try:
                    piece = converter.parse(path).measures(1, MEASURES)
                    score = Path(piece.write("midi", Path(folder) / "score.mid"))
                except exceptions21.Music21Exception:
                    continue
                fetch(score, left.pop(name), Path(folder))
    return left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--packages", nargs="+", help="only these; all of the table when not given")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    packages = {}
    for row in csv.DictReader(open(Path(__file__).with_name("music.csv"), encoding="utf-8")):
        package, path = row["package"], row["path"]
        target = options.to / f"{package}__{re.sub(r'[^a-zA-Z0-9]+', '_', path)[-80:]}.s16"
        if not target.exists() and package in (options.packages or [package]):
            packages.setdefault(package, {})[path] = target
    places = archives() if set(packages) - {"music21"} else {}
    for package, wanted in packages.items():
        count = len(wanted)
        if package == "music21":
            wanted = from_music21(wanted)
        for place in places.get(package, []):
            wanted = from_archive(place, wanted) if wanted else wanted
        print(f"{package}: {count - len(wanted)} recordings", *(f"no {path}" for path in wanted),
              sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
