#!/usr/bin/env python3
"""Lays the film of a song out by its form: a row for each section, and one for each drop.

    scripts/form-sheet.py SONG SHEET.png [--columns N] [--from SECONDS] [--to SECONDS] [--set ID=VALUE]... [--model NAME] [--seed N]

Sections, bars, beats and drops are those that `synopsia analyze` tells of. A section's row has its pictures from its
first bar on at even bars, so that what returns stands below what it was; a drop's row has the beats around it. Each
picture says which beat of which bar it shows.

Needs ffmpeg and `target/release/synopsia` (or SYNOPSIA).
"""

import argparse
import bisect
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYNOPSIA = os.environ.get("SYNOPSIA", ROOT / "target/release/synopsia")
FONT = ROOT / "plugin-assets/fonts/Inter-SemiBold.otf"
SIZE = (256, 144)
LABEL = 18  # lines under each picture
BEATS_BEFORE_A_DROP = 2


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


class Song:
    """What is heard in a song."""

    def __init__(self, table):
        self.beats = [(beat["time"], beat["beat_in_bar"]) for beat in table["beats"]]
        self.times = [time for time, _ in self.beats]
        self.lines = [time for time, place in self.beats if place == 1]
        self.sections = table["sections"]
        self.drops = table["drops"]

    def place(self, time):
        """Bar and beat at a time, as musicians count them."""
        beat = max(0, bisect.bisect_right(self.times, time + 1e-3) - 1)
        return bisect.bisect_right(self.lines, time + 1e-3), self.beats[beat][1]

    def section_row(self, section, columns):
        lines = [line for line in self.lines if section["begin"] - 0.1 <= line < section["end"] - 0.5]
        step = max(1, round(len(lines) / columns))
        name = f"{section['name']}{section['occurrence'] + 1}"
        return [(line, f"{name}  bar {self.place(line)[0]}") for line in lines[::step][:columns]]

    def drop_row(self, drop, columns):
        at = bisect.bisect_left(self.times, drop["time"] - 0.1)
        row = []
        for beat in range(at - BEATS_BEFORE_A_DROP, at - BEATS_BEFORE_A_DROP + columns):
            if 0 <= beat < len(self.times):
                bar, place = self.place(self.times[beat])
                mark = "drop" if beat == at else f"{beat - at:+d}"
                row.append((self.times[beat], f"{mark}  bar {bar} beat {place}"))
        return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("song", type=Path)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--from", type=float, default=0, dest="begin", help="sections and drops from here on [0]")
    parser.add_argument("--to", type=float, default=1e9, dest="end", help="and those that begin before this [all]")
    options, painting = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        run(SYNOPSIA, "analyze", options.song, "-o", scratch / "song.json", "--quiet")
        song = Song(json.loads((scratch / "song.json").read_text()))
        film = scratch / "film.mp4"
        size = "x".join(map(str, SIZE))
        run(SYNOPSIA, "render", options.song, "-o", film, "--quiet", "--size", size, "--fps", 30, *painting)
        sections = [s for s in song.sections if options.begin <= s["begin"] < options.end]
        drops = [drop for drop in song.drops if options.begin <= drop["time"] < options.end]
        rows = [song.section_row(section, options.columns) for section in sections]
        rows += [song.drop_row(drop, options.columns) for drop in drops]
        rows = [row for row in rows if row]
        cell = 0
        for row in rows:
            for column in range(options.columns):
                time, text = row[column] if column < len(row) else (None, "")
                filters = f"scale={SIZE[0]}:{SIZE[1]},pad=iw:ih+{LABEL}:0:0:black,drawtext=fontfile={FONT}:text='{text}'"
                filters += f":fontcolor=white:fontsize=12:x=6:y=h-{LABEL - 4}"
                # A beat's picture is the first that shows it.
                if time is None:
                    source = ["-f", "lavfi", "-i", f"color=black:s={size}"]
                else:
                    source = ["-ss", f"{time + 0.02:.3f}", "-i", film]
                run("ffmpeg", "-v", "error", *source, "-frames:v", 1, "-vf", filters, scratch / f"{cell:04}.png")
                cell += 1
        tile = f"tile={options.columns}x{len(rows)}:padding=4"
        run("ffmpeg", "-v", "error", "-y", "-framerate", 1, "-i", scratch / "%04d.png", "-frames:v", 1, "-vf", tile, options.sheet)


if __name__ == "__main__":
    main()
