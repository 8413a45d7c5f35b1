"""Fetches the unlabelled music: free recordings inside Debian packages, listed in a table.

    python fetch.py --table MUSIC/unlabelled.csv --to UNLABELLED [--packages NAME ...]

Needs Debian or Ubuntu (`apt-get download`, `dpkg`) and ffmpeg. Each recording becomes
UNLABELLED/NNNN.s16 (its row in the table; 16 kHz mono, signed 16 bit). What is there is kept.
"""

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

from data import decode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--packages", nargs="+", help="only these; all of the table when not given")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for number, row in enumerate(csv.DictReader(open(options.table, encoding="utf-8"))):
        target = options.to / f"{number:04d}.s16"
        if not target.exists() and row["package"] in (options.packages or [row["package"]]):
            wanted.setdefault(row["package"], []).append((row["path_in_package"], target))
    for package, recordings in wanted.items():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True)
            archive = next(Path(folder).glob("*.deb"))
            subprocess.run(["dpkg", "-x", archive, Path(folder) / "x"], check=True)
            for path, target in recordings:
                source = next((Path(folder) / "x").rglob(path), None)
                if source is None:
                    print(f"{package} has no {path}")
                    continue
                decode(source).tofile(target)
        print(f"{package}: {len(recordings)} recordings", flush=True)


if __name__ == "__main__":
    main()
