"""Write reference pictures that every other implementation is checked against.

    python reference.py models/NAME.safetensors tests/reference/NAME.safetensors

    python reference.py --mood models/mood.safetensors tests/reference/mood.safetensors
    python reference.py --random tests/reference/modulated.model.safetensors tests/reference/modulated.safetensors

The first holds z [4, 128], mood [4, 2], psi [4] and image [4, side, side, 3] uint8 =
round((tanh + 1) * 127.5), computed in float32 from the float16 weights of the file. The second holds pictures
[2, 224, 224, 3] uint8 of coloured clouds and what the regressor says of them, deviations [2, 2]. The third is the
first of a small network with random weights, which it writes too; with `--looks NAMES` of a family.

Of a family, the file has a picture of each look and one of a blend of all, and beside them shares [N, looks]. They
are painted by the network as it was trained, that is told the look's vector, which the Rust side works into biases.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from export import header, load_family, save_generator, set_w_mean
from features import SIDE, Lite0
from mood import as_stored, describe, load_regressor
from network import Z_DIM, Generator


def mood_reference(model, reference):
    """Pictures that belong to nobody, and their mood."""
    random = torch.Generator().manual_seed(5)
    coarse = torch.rand(2, 3, 6, 9, generator=random) + torch.tensor([0.0, 0.2, -0.2])[:, None, None]
    clouds = F.interpolate(coarse, size=(SIDE, SIDE), mode="bicubic", align_corners=False).clamp(0, 1)
    pictures = (clouds * 255).round().byte()
    net = as_stored(Lite0())
    deviations = load_regressor(model)(describe(net, pictures))
    tensors = {"pictures": pictures.permute(0, 2, 3, 1).contiguous(), "deviations": deviations}
    save_file(tensors, reference, {"model": Path(model).name})
    Path(reference).chmod(0o644)


@torch.no_grad()
def write_random(path, looks):
    """A small generator with one and with two convolutions a side, and everything in it random."""
    torch.manual_seed(3)
    channels = (16, 12, 8, 8) if looks else (24, 20, 16, 12)
    generator = Generator(channels, (1, 2, 2, 1), looks=len(looks))
    for parameter in generator.parameters():
        parameter += 0.1 * torch.randn_like(parameter)
    set_w_mean(generator)
    name = "family" if looks else "modulated"
    save_generator(generator, path, header(generator, name, looks, "nothing", "CC0-1.0", 0, {}))


@torch.no_grad()
def paint(generator, shares, z, mood, psi):
    """Pictures by shares [N, looks] of a family's looks, or of the one look where there are none."""
    if not shares.shape[1]:
        return generator(z, mood, psi)
    means = generator.w_mean
    pictures = []
    for n, share in enumerate(shares):
        generator.w_mean = (share @ means.flatten(1)).view_as(means[:1])
        one = slice(n, n + 1)
        look = (share @ generator.look)[None]
        pictures.append(torch.tanh(generator.before_tanh(z[one], mood[one], look, psi[one])))
    generator.w_mean = means
    return torch.cat(pictures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("reference")
    parser.add_argument("--mood", action="store_true", help="of the mood regressor")
    parser.add_argument("--random", action="store_true", help="of a small network, which is written to MODEL")
    parser.add_argument("--looks", help="of the random network, with commas between")
    args = parser.parse_args()
    Path(args.reference).parent.mkdir(parents=True, exist_ok=True)
    if args.random:
        write_random(args.model, args.looks.split(",") if args.looks else [])
    if args.mood:
        return mood_reference(args.model, args.reference)
    generator, looks = load_family(args.model)
    count = len(looks) + 1 if looks else 4
    z = torch.randn(count, Z_DIM, generator=torch.Generator().manual_seed(42))
    mood = torch.tensor([[0.0, 0.0], [0.8, 0.6], [-0.7, -0.3], [-1.0, 1.0]])[torch.arange(count) % 4]
    psi = torch.tensor([1.0, 0.7, 0.4, 1.0])[torch.arange(count) % 4]
    blend = torch.arange(len(looks), 0, -1.0)
    shares = torch.cat([torch.eye(len(looks)), blend[None] / blend.sum()]) if looks else torch.zeros(count, 0)
    image = ((paint(generator, shares, z, mood, psi) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    tensors = {"z": z, "mood": mood, "psi": psi, "image": image.permute(0, 2, 3, 1).contiguous()}
    if looks:
        tensors["shares"] = shares
    save_file(tensors, args.reference, {"model": Path(args.model).name})
    Path(args.reference).chmod(0o644)


if __name__ == "__main__":
    main()
