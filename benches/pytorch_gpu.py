"""The painter on a graphics card beside PyTorch on the same card, in one command:

    python benches/pytorch_gpu.py models/looks.safetensors --ours "cargo bench -q --bench painter --"

(or `make bench-gpu`). PyTorch runs the generator of `training/painter` from the same file:
eager and compiled, 32 and 16 bits, channels last, one picture and `--batch` at a time, timed with
CUDA events over many pictures in a row. Ours is timed over as many, with all that the CPU does
for them. Prints milliseconds a picture as tables, and ours as a share of each. Without CUDA it runs
on the processor, says so, and its ratios mean nothing.

Compiling takes longer than measuring. With `--turn FILE` several of these compile at once, and each
measures when it gets the lock of that file.
"""

import argparse
import fcntl
import itertools
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import torch
from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).parent.parent / "training" / "painter"))
from export import load_generator  # noqa: E402
from network import Z_DIM  # noqa: E402

CUDA = torch.cuda.is_available()
DEVICE = "cuda" if CUDA else "cpu"
WARM_UP = 0.5  # seconds before timing: an idle card's clock is slow
DTYPES = {"f32": torch.float32, "f16": torch.float16}


def load(path):
    """The generator of a shipped file in float32, and the side of its pictures."""
    with safe_open(path, "pt") as file:
        about = file.metadata()
    if about["architecture"] != "modulated-bilinear":
        sys.exit(f"{path} is of the kind {about['architecture']}, which training/painter does not have")
    return load_generator(path), int(about["resolution"])


def per_picture(paint, inputs, rounds, together):
    """Least and median milliseconds of a picture."""
    batch = inputs[0].shape[0]
    with torch.inference_mode():
        until = time.monotonic() + (WARM_UP if CUDA else 0)
        for k in itertools.count():
            paint(*inputs)
            if k >= 2 and time.monotonic() > until:
                break
        times = []
        for _ in range(rounds):
            if CUDA:
                torch.cuda.synchronize()
                start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
                start.record()
                for _ in range(together):
                    paint(*inputs)
                end.record()
                end.synchronize()
                took = start.elapsed_time(end)
            else:
                start = time.perf_counter()
                for _ in range(together):
                    paint(*inputs)
                took = (time.perf_counter() - start) * 1e3
            times.append(took / together / batch)
    times.sort()
    return times[0], times[len(times) // 2]


def theirs(path, batch, mode, ways):
    """Of PyTorch: name, what paints, and its inputs."""
    for dtype_name, dtype in DTYPES.items():
        generator, side = load(path)
        generator = generator.to(DEVICE, dtype, memory_format=torch.channels_last)

        def paint(z, mood, psi, generator=generator, side=side):
            return torch.tanh(generator.before_tanh(z, mood, psi=psi, side=side))

        seeded = torch.Generator().manual_seed(0)
        z = torch.randn(batch, Z_DIM, generator=seeded).to(DEVICE, dtype)
        mood = torch.tensor([[0.3, -0.4]]).expand(batch, 2).to(DEVICE, dtype)
        psi = torch.full((batch,), 0.8).to(DEVICE, dtype)
        for how in ways:
            # One number of pictures would else be compiled for any number, once a second one comes.
            one = paint if how == "eager" else torch.compile(paint, mode=mode, dynamic=False)
            yield f"PyTorch {how}, {dtype_name}", one, (z, mood, psi), side


def wait_for(turn, args, batches):
    """Compiles everything, so that it will be found in the compiler's caches, and waits for the lock,
    which it keeps until it ends."""
    with torch.inference_mode():
        for batch in batches:
            for _, paint, inputs, _ in theirs(args.model, batch, args.mode, args.ways):
                paint(*inputs)
    torch.compiler.reset()
    print("compiled; waits for its turn", file=sys.stderr, flush=True)
    fcntl.flock(turn, fcntl.LOCK_EX)


def ours(command, path, batch):
    """Rows of ours: name, least, median."""
    for storage, flags in (("f32", ["--single"]), ("f16", [])):
        whole = [*shlex.split(command), "--gpu", "--json", "--batch", str(batch), *flags, str(path)]
        lines = subprocess.run(whole, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        said = json.loads(lines[-1])
        yield f"ours, {storage} ({said['adapter']})", said["least_ms"] / batch, said["median_ms"] / batch


def compare(args, batch):
    """Prints the table of so many pictures at once."""
    own = list(ours(args.ours, args.model.resolve(), batch)) if args.ours else []
    names = [name.split(" (")[0] for name, _, _ in own]
    print(f"\n| {args.model.stem}, {batch} at once, ms a picture | least | median |"
          + "".join(f" {name}, of it |" for name in names))
    print("|---" * (3 + len(own)) + "|")
    for name, least, median in own:
        print(f"| {name} | {least:.3f} | {median:.3f} |" + " |" * len(own), flush=True)
    for name, paint, inputs, side in theirs(args.model, batch, args.mode, args.ways):
        with torch.inference_mode():
            shape = tuple(paint(*inputs).shape)
        assert shape == (batch, 3, side, side), shape
        least, median = per_picture(paint, inputs, args.rounds, args.together)
        print(f"| {name} | {least:.3f} | {median:.3f} |"
              + "".join(f" {row[2] / median:.2f} |" for row in own), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--ours", metavar="COMMAND", help="runs the painter's bench: a command, or its binary")
    parser.add_argument("--batch", type=int, default=8, help="pictures at once, beside one")
    parser.add_argument("--mode", default="max-autotune" if CUDA else "default", help="of torch.compile")
    parser.add_argument("--ways", nargs="+", default=["eager", "compiled"], choices=["eager", "compiled"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--together", type=int, default=20 if CUDA else 1, help="pictures in a round")
    parser.add_argument("--turn", metavar="FILE", type=Path, help="measure when this file's lock is free")
    args = parser.parse_args()
    batches = sorted({1, args.batch})
    torch.backends.cudnn.benchmark = CUDA
    if args.turn:
        turn = args.turn.open("w")
        wait_for(turn, args, batches)
    if CUDA:
        print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}")
    else:
        print(f"PyTorch {torch.__version__} WITHOUT CUDA, on the processor: no comparison with a graphics card")
    for batch in batches:
        compare(args, batch)


if __name__ == "__main__":
    main()
