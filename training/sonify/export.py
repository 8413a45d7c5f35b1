"""The weights as the program reads them, and what PyTorch makes of some input.

    python export.py OUT/checkpoint.pt ../../models/sonify.safetensors --reference ../../tests/reference/sonify.safetensors
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from network import INPUTS, ROWS, Unet


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("model", type=Path)
    parser.add_argument("--reference")
    args = parser.parse_args()
    state = torch.load(args.checkpoint)
    tensors = {name: part.half().contiguous() for name, part in state["net"].items()}
    tensors["light"] = state["light"].float()
    about = {
        "format": "synopsia.sonify", "version": "1",
        "trained_on": "music composed by training/music, POP909; public-domain and generated pictures",
        "licence": "free for any use: MIT or Apache-2.0", "steps": str(state["steps"]),
    }
    save_file(tensors, args.model, about)
    args.model.chmod(0o644)
    net = Unet()
    net.load_state_dict({name: part.half().float() for name, part in state["net"].items()})
    x = torch.randn(1, INPUTS, ROWS, 16, generator=torch.Generator().manual_seed(1)).half()
    with torch.no_grad():
        y = F.pixel_unshuffle(net(x.float()), 2)
    save_file({"x": x, "y": y.contiguous()}, args.reference, {"format": "synopsia.sonify.reference", "version": "1"})


if __name__ == "__main__":
    main()
