"""A network with one more level than a shipped one, to measure: pictures of twice the side.

    python benches/one_more_level.py models/looks.safetensors target/looks-512.safetensors

The new level has as many channels as the last, one convolution, and weights by chance.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file


def main():
    source, target = map(Path, sys.argv[1:])
    with safe_open(source, "np") as file:
        said = file.metadata()
    tensors = load_file(source)
    channels = said["channels"].split(",")
    level, width, side = len(channels), int(channels[-1]), 2 * int(said["resolution"])
    chance = np.random.default_rng(1)

    def add(name, shape, deviation, mean=0.0):
        tensors[f"blocks.{level}.{name}"] = (mean + deviation * chance.standard_normal(shape)).astype(np.float16)

    w_dim = int(said["w_dim"])
    add("conv.weight", (width, width, 3, 3), (9 * width) ** -0.5)
    add("conv.bias", (width,), 0.0)
    add("style.weight", (width, w_dim), 0.5 * w_dim**-0.5)
    add("style.bias", (width,), 0.0, mean=1.0)
    add("rgb.weight", (3, width), 0.1 * width**-0.5)
    add("rgb.bias", (3,), 0.0)
    if f"blocks.{level - 1}.noise" in tensors:
        add("noise", (side, side), 0.05)
    said |= {"name": target.stem, "resolution": str(side), "channels": ",".join([*channels, channels[-1]])}
    if "convolutions" in said:
        said["convolutions"] += ",1"
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, target, said)


if __name__ == "__main__":
    main()
