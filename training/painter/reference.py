"""Write reference pictures that every other implementation is checked against.

    python reference.py models/NAME.safetensors tests/reference/NAME.safetensors

Holds z [4, 128], mood [4, 2], psi [4] and image [4, 128, 128, 3] uint8 =
round((tanh + 1) * 127.5), computed in float32 from the float16 weights of the file.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from export import load_generator
from network import Z_DIM


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("reference")
    args = parser.parse_args()
    generator = load_generator(args.model)
    z = torch.randn(4, Z_DIM, generator=torch.Generator().manual_seed(42))
    mood = torch.tensor([[0.0, 0.0], [0.8, 0.6], [-0.7, -0.3], [-1.0, 1.0]])
    psi = torch.tensor([1.0, 0.7, 0.4, 1.0])
    image = ((generator(z, mood, psi) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    Path(args.reference).parent.mkdir(parents=True, exist_ok=True)
    tensors = {"z": z, "mood": mood, "psi": psi, "image": image.permute(0, 2, 3, 1).contiguous()}
    save_file(tensors, args.reference, {"model": Path(args.model).name})
    Path(args.reference).chmod(0o644)


if __name__ == "__main__":
    main()
