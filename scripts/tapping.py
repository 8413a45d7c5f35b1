#!/usr/bin/env python3
"""Whether one can tap the beat of a song by its film alone.

    scripts/tapping.py SET ID... [--set ID=VALUE]... [--to SECONDS] [--json]

SET/wav/ID.wav is a song, and SET/beats/ID.beats holds its beats: seconds, a tab, which of the bar it is (1 is the
first). Where that file is empty the music has no beat, and the beats that Synopsia shows count. Each song is painted
(320x180, 30 pictures a second), and how much each picture differs from the one before (mean difference of luma,
ffmpeg's YDIF) is averaged by eighths of the beat:

    tap        largest over smallest of the eighths: 1 where nothing can be tapped
    downbeat   change over the first half of a bar's first beat over that of the other beats

Needs ffmpeg and `target/release/synopsia` (or SYNOPSIA).
"""

import argparse
import bisect
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SYNOPSIA = os.environ.get("SYNOPSIA", Path(__file__).parent.parent / "target/release/synopsia")
EIGHTHS = 8


def changes(film):
    """Seconds of each picture but the first, and its difference from the one before."""
    filters = "signalstats,metadata=print:key=lavfi.signalstats.YDIF:file=-"
    told = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", film, "-vf", filters, "-f", "null", "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    times = [float(time) for time in re.findall(r"pts_time:([\d.]+)", told)]
    values = [float(value) for value in re.findall(r"YDIF=([\d.]+)", told)]
    return list(zip(times, values))[1:]


def beats_of(folder, name):
    """Of each beat its seconds and its place in the bar, and whether they are the music's own."""
    lines = (folder / "beats" / f"{name}.beats").read_text().split("\n")
    beats = [line.split("\t") for line in lines if line.strip()]
    if beats:
        return [(float(beat[0]), int(float(beat[1]))) for beat in beats], True
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch) / "song.json"
        subprocess.run([SYNOPSIA, "analyze", folder / "wav" / f"{name}.wav", "-o", table, "--quiet"], check=True)
        heard = json.loads(table.read_text())["beats"]
    return [(beat["time"], beat["beat_in_bar"]) for beat in heard], False


def mean(values):
    return sum(values) / len(values) if values else float("nan")


def tapped(changes, beats):
    """Largest over smallest change by eighths of the beat; and of downbeats over other beats."""
    times = [time for time, _ in beats]
    eighths = [[] for _ in range(EIGHTHS)]
    firsts, others = [], []
    for time, change in changes:
        at = bisect.bisect_right(times, time) - 1
        if at < 0 or at + 1 >= len(times):
            continue
        phase = (time - times[at]) / (times[at + 1] - times[at])
        eighths[int(EIGHTHS * phase)].append(change)
        if phase < 0.5:
            (firsts if beats[at][1] == 1 else others).append(change)
    means = [mean(eighth) for eighth in eighths]
    return max(means) / max(min(means), 1e-9), mean(firsts) / mean(others), means


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="SET")
    parser.add_argument("names", nargs="+", metavar="ID")
    parser.add_argument("--set", action="append", default=[], metavar="ID=VALUE", help="as `synopsia render --set`")
    parser.add_argument("--to", default="30", help="seconds of each song [30]")
    parser.add_argument("--json", action="store_true", help="print all of it as JSON")
    options = parser.parse_args()
    rows = []
    for name in options.names:
        beats, own = beats_of(options.folder, name)
        with tempfile.TemporaryDirectory() as scratch:
            film = Path(scratch) / "film.mp4"
            command = [SYNOPSIA, "render", options.folder / "wav" / f"{name}.wav", "--output", film, "--quiet"]
            command += ["--size", "320x180", "--fps", "30", "--to", options.to]
            for value in options.set:
                command += ["--set", value]
            subprocess.run(command, check=True)
            tap, downbeat, means = tapped(changes(film), beats)
        rows.append({"song": name, "beat": own, "tap": tap, "downbeat": downbeat, "eighths": means})
        if not options.json:
            eighths = " ".join(f"{value:5.2f}" for value in means)
            print(f"{name:44} tap {tap:5.1f}  downbeat {downbeat:4.2f}  by eighths {eighths}", flush=True)
    if options.json:
        json.dump(rows, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
