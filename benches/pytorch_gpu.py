"""The painter on a graphics card beside PyTorch on the same card, in one command:

    python benches/pytorch_gpu.py models/surreal.safetensors --ours "cargo bench -q --bench painter --"

(or `make bench-gpu`). PyTorch runs the generator of `training/painter` from the same file:
eager and compiled, 32 and 16 bits, channels last, one picture and `--batch` at a time, timed with
CUDA events over many pictures in a row. Ours is timed over as many, with all that the CPU does
for them. Prints milliseconds a picture, and ours as a share of each. Without CUDA it runs on the
processor, says so, and its ratios mean nothing.
"""

import argparse
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


def theirs(path, batch, mode, rounds, together):
    """Rows of PyTorch: name, least, median."""
    for dtype_name, dtype in DTYPES.items():
        generator, side = load(path)
        generator = generator.to(DEVICE, dtype, memory_format=torch.channels_last)

        def paint(z, mood, psi, generator=generator, side=side):
            return torch.tanh(generator.before_tanh(z, mood, psi, side))

        seeded = torch.Generator().manual_seed(0)
        z = torch.randn(batch, Z_DIM, generator=seeded).to(DEVICE, dtype)
        mood = torch.tensor([[0.3, -0.4]]).expand(batch, 2).to(DEVICE, dtype)
        psi = torch.full((batch,), 0.8).to(DEVICE, dtype)
        shape = tuple(paint(z, mood, psi).shape)
        assert shape == (batch, 3, side, side), shape
        for how, one in (("eager", paint), ("compiled", torch.compile(paint, mode=mode))):
            yield f"PyTorch {how}, {dtype_name}", *per_picture(one, (z, mood, psi), rounds, together)


def ours(command, path, batch):
    """Rows of ours: name, least, median."""
    for storage, flags in (("f32", ["--single"]), ("f16", [])):
        whole = [*shlex.split(command), "--gpu", "--json", "--batch", str(batch), *flags, str(path)]
        lines = subprocess.run(whole, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        said = json.loads(lines[-1])
        yield f"ours, {storage} ({said['adapter']})", said["least_ms"] / batch, said["median_ms"] / batch


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--ours", metavar="COMMAND", help="runs the painter's bench: a command, or its binary")
    parser.add_argument("--batch", type=int, default=8, help="pictures at once, beside one")
    parser.add_argument("--mode", default="max-autotune" if CUDA else "default", help="of torch.compile")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--together", type=int, default=20 if CUDA else 1, help="pictures in a round")
    args = parser.parse_args()
    if CUDA:
        torch.backends.cudnn.benchmark = True
        print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}")
    else:
        print(f"PyTorch {torch.__version__} WITHOUT CUDA, on the processor: no comparison with a graphics card")
    for batch in sorted({1, args.batch}):
        own = list(ours(args.ours, args.model.resolve(), batch)) if args.ours else []
        print(f"\n{args.model.stem}, {batch} at once, milliseconds a picture")
        print(f"{'':44} least  median" + "".join(f"  {name.split(' (')[0]} / this" for name, _, _ in own))
        for name, least, median in own:
            print(f"{name:42} {least:7.3f} {median:7.3f}", flush=True)
        for name, least, median in theirs(args.model, batch, args.mode, args.rounds, args.together):
            ratios = "".join(f"  {row[2] / median:16.2f}" for row in own)
            print(f"{name:42} {least:7.3f} {median:7.3f}{ratios}", flush=True)


if __name__ == "__main__":
    main()
