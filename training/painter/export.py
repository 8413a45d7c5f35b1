"""Write the shipped file of a family of looks from a training checkpoint.

    python export.py OUT/generator.pt models/NAME.safetensors [--gains V A L] [--onnx PATH]

All tensors are float16. `w_mean` is the mean of w over 4,096 latents at each of 5 x 5 moods (first
index arousal, second valence, -1 to 1) of each look, towards which psi < 1 pulls.
`--gains` lets valence, arousal and latent act that many times as much as they were trained to.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from data import said_of, spent_on
from network import MOOD_GRID, W_DIM, Z_DIM, Generator, levels

MEAN_LATENTS = 4096
TRAINED_ON = (
    "pictures rendered by the project's own programs (training/painter/scenes), and 713 abstract paintings by artists "
    "dead for over 70 years (mostly Wassily Kandinsky)"
)
LICENCE = (
    "free for any use: MIT or Apache-2.0; the paintings are in the public domain in life+70 countries, "
    "in the United States if they were published before 1931"
)


@torch.no_grad()
def set_w_mean(generator, latents=MEAN_LATENTS):
    """Fill w_mean from the mapping network."""
    z = generator.normalize(torch.randn(latents, Z_DIM, generator=torch.Generator().manual_seed(0)))
    axis = torch.linspace(-1, 1, MOOD_GRID)
    for k, means in enumerate(generator.w_mean):
        look = generator.look[k].expand(latents, -1) if hasattr(generator, "look") else None
        for a, arousal in enumerate(axis):
            for v, valence in enumerate(axis):
                mood = torch.stack([valence, arousal]).expand(latents, 2)
                means[a, v] = generator.map(z, mood, look).mean(0)


@torch.no_grad()
def strengthen(generator, valence, arousal, latent):
    """Multiply what the generator hears of the mood and of the latent by these gains. (The latent
    is normalised, so that a longer one at the input would be the same.)"""
    generator.mapping[0].weight[:, :Z_DIM] *= latent
    generator.mapping[0].weight[:, Z_DIM : Z_DIM + 2] *= torch.tensor([valence, arousal])
    generator.start.weight[:, :Z_DIM] *= latent


def has_noise(tensors):
    """Whether a generator of these tensors takes noise; the earlier ones did not."""
    return any(name.endswith(".noise") for name in tensors)


def load_averaged(state):
    """The averaged generator of a training checkpoint, in float32."""
    tensors = {key: value.float() for key, value in state["ema"].items()}
    count = 1 + max(int(key.split(".")[1]) for key in tensors if key.startswith("blocks."))
    looks = len(state.get("looks", ()))
    generator = Generator(*levels(4 << count - 1), has_noise(tensors), looks).eval().requires_grad_(False)
    generator.load_state_dict(tensors)
    return generator


def parts_of(text, looks):
    """Shares of the looks in a blend such as `ink`, `ink+flames` or `ink:3+flames:1`, [looks]."""
    shares = torch.zeros(len(looks))
    for part in text.split("+"):
        name, _, share = part.partition(":")
        if name not in looks:
            raise SystemExit(f"there is no look {name}; there are {', '.join(looks)}")
        shares[looks.index(name)] += float(share or 1)
    return shares / shares.sum()


def load_family(path):
    """The generator of a shipped file, in float32, with the looks that it is told of; none where it is
    one look by itself."""
    with safe_open(path, "pt") as file:
        said = file.metadata()
    channels = tuple(map(int, said["channels"].split(",")))
    depths = said.get("convolutions")  # one a block, in files of before there were more
    depths = tuple(map(int, depths.split(","))) if depths else (1,) * len(channels)
    looks = said["looks"].split(",") if "looks" in said else []
    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    generator = Generator(channels, depths, has_noise(tensors), len(looks)).eval().requires_grad_(False)
    strengths = {name: torch.ones(()) for name in generator.state_dict() if name.endswith(".strength")}
    tensors["w_mean"] = tensors["w_mean"].view_as(generator.w_mean)
    generator.load_state_dict(tensors | strengths)
    return generator, looks


def load_generator(path, look=None):
    """The generator of a shipped file, in float32: of a family, that of one look (the first, if none is
    named) or of a blend of looks."""
    generator, looks = load_family(path)
    if not looks:
        return generator
    shares = parts_of(look or looks[0], looks)
    alone = generator.one(shares @ generator.look)
    alone.w_mean.copy_(torch.einsum("l,l...->...", shares, generator.w_mean)[None])
    return alone


def save_generator(generator, path, metadata):
    """Write beside the target, then rename, so that a reader never sees half a file."""
    tensors = generator.state_dict()
    for name in [name for name in tensors if name.endswith(".strength")]:
        noise = name.replace(".strength", ".noise")
        tensors[noise] = tensors[noise] * tensors.pop(name)
    if "look" not in tensors:
        tensors["w_mean"] = tensors["w_mean"][0]
    tensors = {k: v.half().contiguous() for k, v in tensors.items()}
    assert all(t.isfinite().all() for t in tensors.values()), "weights overflow float16"
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata)
    part.chmod(0o644)
    part.rename(path)


def header(generator, name, looks, trained_on, licence, steps, compute):
    """What a file says of a generator; `looks` is empty where it is one look alone."""
    return {
        "format": "synopsia.painter",
        "version": "3" if looks else "2",
        "architecture": "modulated-bilinear",
        "name": name,
        "resolution": str(generator.side),
        "channels": ",".join(str(block.conv.out_channels) for block in generator.blocks),
        "convolutions": ",".join("1" if block.second is None else "2" for block in generator.blocks),
        "z_dim": str(Z_DIM),
        "w_dim": str(W_DIM),
        "mood": "valence,arousal; percentile of the predicted mood among the look's pictures, in [-1,1]",
        "trained_on": trained_on,
        "licence": licence,
        "steps": str(steps),
        "compute": said_of(compute),
    } | ({"looks": ",".join(looks)} if looks else {})


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("model")
    parser.add_argument("--gains", type=float, nargs=3, default=(1, 1, 1), metavar=("VALENCE", "AROUSAL", "LATENT"),
                        help="how much more these act than they were trained to")
    parser.add_argument("--trained-on", default=TRAINED_ON, help="what the pictures are")
    parser.add_argument("--licence", default=LICENCE, help="of the weights")
    parser.add_argument("--teachers", action="store_true", help="also copy the teachers beside it, to train on from")
    parser.add_argument("--onnx", help="also write an ONNX file of the first look (inputs z, mood, psi)")
    args = parser.parse_args(words)
    state = torch.load(args.checkpoint, map_location="cpu")
    generator = load_averaged(state)
    strengthen(generator, *args.gains)
    set_w_mean(generator)
    looks = state["looks"]
    if len(looks) == 1:  # a look by itself, which any version of the program reads
        generator, looks = generator.one(generator.look[0]), []
        set_w_mean(generator)
    metadata = header(generator, Path(args.model).stem, looks, args.trained_on, args.licence, state["step"], spent_on(state))
    save_generator(generator, args.model, metadata)
    print(json.dumps(metadata, indent=1))
    if args.teachers:
        shutil.copyfile(Path(args.checkpoint).with_name("teachers.pt"), Path(args.model).with_suffix(".teachers.pt"))
    if args.onnx:
        generator = load_generator(args.model, looks[0] if looks else None)
        inputs = (torch.randn(1, Z_DIM), torch.zeros(1, 2), torch.ones(1))
        torch.onnx.export(
            generator, inputs, args.onnx, input_names=["z", "mood", "psi"], output_names=["image"], dynamo=False
        )


if __name__ == "__main__":
    main()
