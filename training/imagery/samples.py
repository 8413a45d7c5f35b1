"""Have the program paint places of every look, and note what EfficientNet-Lite0 sees there: what `encoder.py` learns from.

    cargo build --release --example places
    python samples.py ../../target/release/examples/places SAMPLES --count 1500

writes `SAMPLES/LOOK.npz`: `z` [N, 128] and `mood` [N, 2], drawn at random; `feature` [N, 1280]; `colours` [N, 8, 3], of a grid of
4 x 2 fields. The program paints in a third of the time that PyTorch takes. What is there already is added to.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from bank import LOOKS

sys.path.append(str(Path(__file__).parents[1] / "painter"))
from features import Lite0  # noqa: E402

SIDE = 256
PART = 50  # places between two looks at a file


class Painter:
    """The program's painter: a place goes in, a picture comes out."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def paint(self, look, z, mood):
        """Pictures [N, 3, 256, 256] in [-1, 1] of latents [N, 128] and moods [N, 2]; the next one is painted while one is looked at."""
        records = np.concatenate([np.full((len(z), 1), LOOKS.index(look)), z, mood], 1).astype("<f4")
        self.process.stdin.write(records.tobytes())
        self.process.stdin.flush()
        for _ in records:
            pixels = np.frombuffer(self.process.stdout.read(3 * SIDE**2), np.uint8).reshape(SIDE, SIDE, 3)
            yield torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


class Eye:
    """EfficientNet-Lite0, a picture at a time: on a CPU that is faster than many."""

    def __init__(self):
        self.net = Lite0().to(memory_format=torch.channels_last)

    @torch.no_grad()
    def look(self, picture):
        """Features [1280] and the colours of fields [8, 3] of a picture [1, 3, H, W] in [-1, 1]."""
        small = F.interpolate(picture, size=(224, 224), mode="bilinear", antialias=True, align_corners=False)
        feature = self.net.pooled(small.contiguous(memory_format=torch.channels_last))[0]
        colours = F.adaptive_avg_pool2d((picture + 1) / 2, (2, 4))[0].flatten(1).T
        return feature.numpy(), colours.numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1500, help="places a look")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    painter, eye = Painter(args.program), Eye()
    for first in range(0, args.count, PART):
        for number, look in enumerate(LOOKS):
            path = args.out / f"{look}.npz"
            known = dict(np.load(path)) if path.exists() else {}
            if known and len(known["z"]) >= first + PART:
                continue
            random = np.random.default_rng([20, number, first])
            z, mood = random.standard_normal((PART, 128)), random.uniform(-1, 1, (PART, 2))
            seen = [eye.look(picture) for picture in painter.paint(look, z, mood)]
            features, colours = map(np.stack, zip(*seen))
            new = dict(z=z, mood=mood, feature=features, colours=colours)
            both = {k: np.concatenate([known[k], v.astype(np.float16)]) if known else v.astype(np.float16) for k, v in new.items()}
            with open(path.with_suffix(".part"), "wb") as file:
                np.savez(file, **both)
            path.with_suffix(".part").rename(path)
        print(f"{first + PART}/{args.count}", flush=True)


if __name__ == "__main__":
    main()
