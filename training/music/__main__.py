"""Composes and renders music with exact labels.

    python -m music render OUT --count 1000 --seconds 30 --seed 1
    python -m music render OUT --count 20 --kind swing --kind "drum'n'bass"
    python -m music kinds

Piece number i has seed SEED + i: the same command gives the same pieces, whatever the number of jobs.
OUT/audio/ID.flac is the recording, OUT/beats/ID.beats its beats (seconds, tab, place in the bar),
OUT/labels/ID.json all that is known of it. What is there is kept, so an interrupted command goes on.
"""

import argparse
import json
import os
import sys
import time
from multiprocessing import get_context
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from . import labels
from .compose import KINDS, Factors, Recipe, compose
from .fluid import sound_font
from .mix import mix, save
from .perform import perform

FORMATS = {
    "flac": dict(format="FLAC", subtype="PCM_16"),
    "wav": dict(format="WAV", subtype="PCM_16"),
    "ogg": dict(format="OGG", subtype="VORBIS"),
}


def name_of(recipe: Recipe) -> str:
    """The name of a piece's files."""
    return f"{(recipe.kind or 'any').replace(' ', '_')}_{recipe.seed:06d}"


def make(recipe: Recipe, clean: bool = False):
    """A piece's recording, float32 [samples, 2], its labels, and its beats."""
    piece = compose(recipe)
    parts = perform(piece)
    sound = mix(piece, parts, clean)
    return sound, labels.label(piece, parts, sound), labels.beats(piece)


def write(job: tuple[Recipe, Path, str, bool]) -> str:
    """Renders a piece into a folder; the labels come last and say that it is whole."""
    recipe, out, kind, clean = job
    name = name_of(recipe)
    sound, known, beats = make(recipe, clean)
    save(out / "audio" / f"{name}.{kind}", sound, **FORMATS[kind])
    (out / "beats" / f"{name}.beats").write_text("".join(f"{t:.4f}\t{place}\n" for t, place in beats))
    unfinished = out / "labels" / f".{name}"
    unfinished.write_text(json.dumps(known))
    unfinished.rename(out / "labels" / f"{name}.json")
    return name


def render(jobs: list, workers: int) -> None:
    """Renders all, with a bar that says how far and how long yet."""
    began = time.time()
    with get_context("fork").Pool(workers) as pool:
        for done, _ in enumerate(pool.imap_unordered(write, jobs), 1):
            left = (time.time() - began) / done * (len(jobs) - done)
            filled = 30 * done // len(jobs)
            if sys.stderr.isatty() or done % 50 == 0 or done == len(jobs):
                print(
                    f"\r[{'#' * filled}{'.' * (30 - filled)}] {done} of {len(jobs)}, "
                    f"{left / 60:.1f} minutes left ",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
    print(file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="music", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kinds", help="list the kinds of music")
    wanted = commands.add_parser("render", help="compose and render")
    wanted.add_argument("out", type=Path)
    wanted.add_argument("--count", type=int, default=10)
    wanted.add_argument("--seconds", type=float, default=30.0)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        metavar="KIND",
        help="only these (repeat it); all by turns when not given",
    )
    wanted.add_argument("--clean", action="store_true", help="no noise, codec, equaliser or lost drums")
    wanted.add_argument("--format", choices=FORMATS, default="flac")
    wanted.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.command == "kinds":
        print("\n".join(KINDS))
        return
    if options.seconds < 2 or options.count < 1 or options.jobs < 1:
        parser.error("at least one piece of two seconds and one job")
    sound_font()
    for folder in ("audio", "beats", "labels"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    kinds = options.kind or KINDS
    recipes = [
        Recipe(options.seed + i, kinds[i % len(kinds)], options.seconds, Factors())
        for i in range(options.count)
    ]
    jobs = [
        (recipe, options.out, options.format, options.clean)
        for recipe in recipes
        if not (options.out / "labels" / f"{name_of(recipe)}.json").exists()
    ]
    if jobs:
        render(jobs, options.jobs)
    print(f"{len(recipes)} pieces in {options.out}, {len(recipes) - len(jobs)} of them there before")


if __name__ == "__main__":
    main()
