"""Train a family of looks: one generator, whose look is an input beside the mood.

    python train.py OUT --scenes ink,flames --pictures paintings=DATA/paintings --minutes 60
    python train.py OUT --pictures mylook=~/Pictures/mylook --start-from ../../models/looks.safetensors --minutes 60

The same command goes on with what OUT holds, on a CPU or a CUDA card. Looks of `--scenes` are rendered by the
programs of `scenes/` while training runs, without end; `--pictures NAME=FOLDER` are looks of picture files.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch

from network import LOOK_DIM, RESOLUTION
from pool import Pool
from trainer import Trainer

ADDED = 48  # rendered pictures that are described and taken in together


class Feed:
    """Brings rendered pictures of the scenes into the pool as they are ready."""

    def __init__(self, scenes, pool, jobs, first):
        self.pool, self.index, self.stream = pool, [pool.looks.index(name) for name in scenes], None
        if scenes:
            from scenes.scenes import Stream  # which looks for its program

            self.stream = Stream(scenes, pool.stored, jobs, first)
        self.waiting = [[] for _ in scenes]

    def __call__(self, all_of_it=False):
        for look, pictures in self.stream.take() if self.stream else ():
            self.waiting[look].append(pictures)
        for look, parts in enumerate(self.waiting):
            if sum(map(len, parts)) >= (1 if all_of_it else ADDED):
                self.pool.add(self.index[look], np.concatenate(parts))
                parts.clear()

    def until(self, least):
        """Waits until there are so many pictures of every look, and says how it gets on."""
        said = 0.0
        while self.stream and min(self.pool.given[k] for k in self.index) < least:
            self(all_of_it=True)
            time.sleep(0.05)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                print("pictures:", ", ".join(f"{n} {g}" for n, g in zip(self.pool.looks, self.pool.given)), flush=True)

    def close(self):
        if self.stream:
            self.stream.close()


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path, help="folder for checkpoints, log and sample sheets")
    parser.add_argument("--scenes", default="", help="looks that are rendered, with commas between")
    parser.add_argument("--pictures", action="append", default=[], metavar="NAME=FOLDER", help="a look of picture files")
    parser.add_argument("--cuts", type=int, default=4, help="squares cut out of a picture file")
    parser.add_argument("--start-from", help="a family to start from, whose teachers lie beside it (NAME.teachers.pt)")
    parser.add_argument("--mood-model", default=Path(__file__).parent / "../../models/mood.safetensors")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="stop after so many")
    parser.add_argument("--least", type=int, default=96, help="pictures of every look that there are before training begins")
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--cool", type=float, default=0.3, metavar="SHARE", help="of the time, in which the rates fall")
    parser.add_argument("--side", type=int, default=RESOLUTION, choices=(128, RESOLUTION, 2 * RESOLUTION),
                        help=f"of pictures; beyond {RESOLUTION} only the level above it learns")
    parser.add_argument("--small", type=float, default=0.3, metavar="SHARE", help="of the time, in which pictures are small")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--again", type=int, default=4, help="pictures a step painted again from their own latents")
    parser.add_argument("--nearest", type=int, default=0, metavar="STEPS",
                        help="of few pictures: latents are the nearest of many, found anew so often, and not the encoder's")
    parser.add_argument("--alike", type=float, default=1.0, help="weight of how alike these must be")
    parser.add_argument("--spread", type=float, default=0.5, help="weight of how evenly their latents lie")
    parser.add_argument("--even", type=float, default=0.1, help="weight of even speed in the latent space")
    parser.add_argument("--restraint", type=float, default=0.05, help="weight of the discriminator's uncertainty")
    parser.add_argument("--mood-weight", type=float, default=2.0)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--ema", type=float, default=0.999)
    parser.add_argument("--room", type=int, default=1024, help="pictures of a look that are kept")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) - 2), help="renderers at a time")
    parser.add_argument("--first", type=int, default=1_000_000, help="seed of the first rendered picture")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--compile", action="store_true", help="fuse operations by torch.compile")
    parser.add_argument("--profile", action="store_true", help="print last what the time of a step goes into")
    parser.add_argument("--eager", action="store_true", help="no CUDA graph")
    return parser.parse_args(words)


def folders_of(pairs):
    """Looks of picture files and their folders."""
    folders = {}
    for pair in pairs:
        name, equals, folder = pair.partition("=")
        if not equals or not name.isidentifier() or name in folders:
            raise SystemExit(f"--pictures takes NAME=FOLDER, each name once and of letters and digits, not {pair!r}")
        if not Path(folder).expanduser().is_dir():
            raise SystemExit(f"{folder} is no folder")
        folders[name] = Path(folder).expanduser()
    return folders


def main(words=None):
    args = arguments(words)
    begin = time.monotonic()
    folders = folders_of(args.pictures)
    scenes = [name for name in args.scenes.split(",") if name]
    looks = [*scenes, *folders]
    if not looks or len(set(looks)) < len(looks) or len(looks) > LOOK_DIM:
        raise SystemExit(f"a family has 1 to {LOOK_DIM} looks, each once: --scenes and --pictures say which")
    if args.again > args.batch:
        raise SystemExit(f"--again {args.again} is more than --batch {args.batch}")
    if args.nearest and scenes:
        raise SystemExit("--nearest is for pictures of files: those that are rendered are too many")
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_float32_matmul_precision("high")
    pool = Pool(looks, args.side, args.room, args.device, args.mood_model)
    feed = Feed(scenes, pool, args.jobs, args.first + 10 * int(time.time()) % 10**9)
    try:
        for name, folder in folders.items():
            pool.load_folder(name, folder, args.cuts)
        trainer = Trainer(args, pool)
        if (args.out / "generator.pt").exists():
            trainer.resume(args.out)
        elif args.start_from:
            trainer.start_from(Path(args.start_from))
        elif args.side > RESOLUTION:
            raise SystemExit(f"pictures of {args.side} start from a family of {RESOLUTION}: --start-from says which")
        feed.until(args.least)
        trainer.begin()
        print(f"training begins after {time.monotonic() - begin:.0f} s, with {sum(pool.given)} pictures", flush=True)
        trainer.run(feed, args.out)
        if args.profile:
            trainer.profile()
    finally:
        feed.close()


if __name__ == "__main__":
    main()
