"""Pictures without end from the program `scenes`, as a folder to train on or as a stream.

    python scenes.py OUT --look marbling --count 2000 --side 320
    python scenes.py sheet.png --look nebulae --sheet

A picture's file is named by its seed: `scenes LOOK --first SEED` paints it again, at any side.
The program is built by make where it is missing; SCENES names another one.
"""

import argparse
import itertools
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
CHUNK = 8  # pictures that one process paints; starting it costs a thousandth of that
AHEAD = 2**28  # bytes of pictures that may wait to be taken
SPAN = 1000  # seeds set aside for a chunk, of which rejected ones take some


def binary():
    """Path of the program; built by make if it is missing. RuntimeError if that fails."""
    if given := os.environ.get("SCENES"):
        if not os.access(given, os.X_OK):
            raise RuntimeError(f"SCENES names {given}, which is not a program that can be run.")
        return given
    program = HERE / "scenes"
    if not program.exists():
        try:
            made = subprocess.run(["make", "-C", str(HERE)], capture_output=True, text=True)
        except FileNotFoundError as error:
            raise RuntimeError("The program scenes must be built first, and make is not installed.") from error
        if made.returncode:
            raise RuntimeError(f"The program scenes cannot be built: {made.stderr.strip()}")
    return str(program)


def looks():
    """Names of the looks there are."""
    return subprocess.run([binary(), "--list"], check=True, capture_output=True, text=True).stdout.split()


class Stopped(Exception):
    """The stream was closed while a picture was in the making."""


class Stream:
    """Pictures of `looks` in turn, painted by up to `jobs` processes in the background.

    Seeds start at `first`; the chunks of a look are SPAN seeds apart, so that none is met twice.
    Processes wait once `ahead` chunks, or AHEAD bytes, have not been taken.
    """

    def __init__(self, looks, side, jobs=1, first=0, ahead=64):
        self.looks, self.side, self.first = list(looks), side, first
        self._binary = binary()
        self._numbers = itertools.count()
        self._chunks = queue.Queue(max(1, min(ahead, AHEAD // (CHUNK * side * side * 3))))
        self._closed = threading.Event()
        self._failure = None
        self._processes, self._lock = set(), threading.Lock()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def take(self):
        """What has been painted since: [(index of the look, uint8 [CHUNK, side, side, 3])], which may be
        empty. RuntimeError if the program failed."""
        taken = []
        while True:
            try:
                taken.append(self._chunks.get_nowait())
            except queue.Empty:
                break
        if not taken and self._failure:
            raise self._failure
        return taken

    def close(self):
        """Ends all processes and waits for them. May be called again."""
        self._closed.set()
        with self._lock:
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _work(self):
        try:
            while not self._closed.is_set():
                number = next(self._numbers)
                look = number % len(self.looks)
                pictures = self._paint(self.looks[look], self.first + number // len(self.looks) * SPAN)
                self._put((look, pictures))
        except Stopped:
            pass
        except Exception as error:  # told of by take(), in the thread that can do something about it
            self._failure = error

    def _put(self, chunk):
        while not self._closed.is_set():
            try:
                return self._chunks.put(chunk, timeout=0.1)
            except queue.Full:
                pass

    def _paint(self, look, first):
        command = [self._binary, look, "--first", str(first), "--count", str(CHUNK), "--side", str(self.side)]
        with self._lock:
            if self._closed.is_set():
                raise Stopped
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self._processes.add(process)
        pictures = np.empty((CHUNK, self.side, self.side, 3), np.uint8)
        try:
            with process:
                filled = process.stdout.readinto(memoryview(pictures).cast("B"))
                sentence = process.stderr.read().decode().strip()
        finally:
            with self._lock:
                self._processes.discard(process)
        if self._closed.is_set():
            raise Stopped
        if process.returncode or filled != pictures.nbytes:
            raise RuntimeError(sentence or f"{self._binary} ended with status {process.returncode}.")
        return pictures


def painted(look, side, first, count):
    """One chunk of `count` pictures: (their seeds, uint8 [count, side, side, 3])."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        command = [binary(), look, "--first", str(first), "--count", str(count), "--side", str(side)]
        done = subprocess.run([*command, "--seeds", str(seeds)], capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr.decode().strip())
        return seeds.read_text().split(), np.frombuffer(done.stdout, np.uint8).reshape(count, side, side, 3)


def chunks(look, side, first, count, jobs):
    """Chunks that together have `count` pictures, in order, painted by `jobs` processes at a time."""
    from concurrent.futures import ThreadPoolExecutor

    starts = range(0, count, CHUNK)
    with ThreadPoolExecutor(jobs) as pool:
        # Bounded by submitting as many again as work, or a million pictures would wait in memory.
        waiting = []
        for k, done in enumerate(starts):
            waiting.append(pool.submit(painted, look, side, first + k * SPAN, min(CHUNK, count - done)))
            if len(waiting) > 2 * jobs:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def write_folder(out, args):
    from PIL import Image

    out.mkdir(parents=True, exist_ok=True)
    done = 0
    for seeds, pictures in chunks(args.look, args.side, args.first, args.count, args.jobs):
        for seed, picture in zip(seeds, pictures):
            Image.fromarray(picture).save(out / f"{args.look}_{int(seed):09d}.{args.format}", quality=92)
        done += len(pictures)
        print(f"\r{done} of {args.count} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def write_sheet(out, args, columns=12):
    from PIL import Image

    pictures = np.concatenate([p for _, p in chunks(args.look, args.side, args.first, args.count, args.jobs)])
    rows = -(-len(pictures) // columns)
    sheet = np.zeros((rows * columns, args.side, args.side, 3), np.uint8)
    sheet[: len(pictures)] = pictures
    sheet = sheet.reshape(rows, columns, args.side, args.side, 3).swapaxes(1, 2)
    Image.fromarray(sheet.reshape(rows * args.side, columns * args.side, 3)).save(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path, help="folder, or with --sheet the picture")
    parser.add_argument("--look", required=True, help=f"one of {', '.join(looks())}")
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--side", type=int, help="pixels, 64 to 2048 (default 256, of a sheet's pictures 128)")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    parser.add_argument("--format", choices=("png", "webp"), default="png")
    parser.add_argument("--sheet", action="store_true", help="one picture of all, twelve in a row")
    args = parser.parse_args()
    args.side = args.side or (128 if args.sheet else 256)
    if args.count < 1 or args.jobs < 1:
        parser.error("--count and --jobs begin at 1.")
    (write_sheet if args.sheet else write_folder)(args.out, args)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(str(error))
