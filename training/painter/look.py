"""Make a look from pictures of one's own, in one go.

    python look.py mylook ~/Pictures/mylook

Starts from the shipped family, trains for 20 minutes (`--minutes`), and puts the look where Synopsia finds it by its
name: `synopsia render song.mp3 --model mylook`. Sheets of samples and checkpoints are in the folder `mylook.training`;
the same command goes on from there, for as long again.
"""

import argparse
import os
import sys
from pathlib import Path

import export
import train

FAMILY = Path(__file__).parent / "../../models/looks.safetensors"
# What two cores can do in the time: few pictures at once, and weights that follow quickly.
RECIPE = "--nearest 25 --batch 8 --again 4 --small 0.85 --ema 0.99 --room 1600 --save-minutes 2".split()


def models_folder():
    """Where the program looks for a user's models: SYNOPSIA_MODELS, or its place in the system's data folder."""
    if os.environ.get("SYNOPSIA_MODELS"):
        return Path(os.environ["SYNOPSIA_MODELS"].split(os.pathsep)[0])
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library/Application Support/synopsia/models"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home / "AppData/Roaming")) / "synopsia/models"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "synopsia/models"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", help="of the look: letters and digits")
    parser.add_argument("pictures", help="folder of pictures of one kind, a hundred or more")
    parser.add_argument("--minutes", default="20")
    parser.add_argument("--family", default=FAMILY, help="the family of looks that it starts from")
    parser.add_argument("--trained-on", default="", help="what the pictures are, for the file")
    parser.add_argument("--licence", default="not stated", help="of the look, for the file")
    args = parser.parse_args()
    out, model = Path(f"{args.name}.training"), models_folder() / f"{args.name}.safetensors"
    if model.exists() and not (out / "generator.pt").exists():
        raise SystemExit(f"{model} is there, and was not made from {out}: choose another name, or take it away")
    pictures = f"{args.name}={args.pictures}"
    train.main([str(out), "--pictures", pictures, "--start-from", str(args.family), "--minutes", args.minutes, *RECIPE])
    of = args.trained_on or f"pictures of {Path(args.pictures).expanduser().resolve().name}"
    export.main([str(out / "generator.pt"), str(model), "--trained-on", of, "--licence", args.licence])
    print(f"{model}: synopsia render SONG --model {args.name}")


if __name__ == "__main__":
    main()
