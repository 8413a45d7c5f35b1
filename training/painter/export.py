"""Write the shipped file of a look from a training checkpoint.

    python export.py CHECKPOINT models/NAME.safetensors [--gains V A L] [--onnx PATH] [--resume-from PATH]

All tensors are float16. `w_mean` is the mean of w over 4,096 latents at each of 5 x 5
moods (first index arousal, second valence, -1 to 1), towards which psi < 1 pulls.
`--gains` lets valence, arousal and latent act that many times as much as they were trained to;
`calibrate.py` helps to choose them.
`--resume-from` writes what `train.py --start-from` reads: the averaged generator and the
discriminator in half precision.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from data import said_of, spent_on
from network import MOOD_GRID, W_DIM, Z_DIM, Generator

MEAN_LATENTS = 4096
SOURCES = {
    "surreal": (
        "1,000 AI-generated surreal paintings from the public repository of the project Generating Visual Art From Music",
        "weights: as the repository; the training pictures state no licence",
    ),
    "paintings": (
        "713 abstract paintings by artists dead for over 70 years (mostly Wassily Kandinsky), "
        "starting from the surreal weights (1,000 AI-generated surreal paintings)",
        "weights: as the repository; paintings are public domain in life+70 countries, "
        "US status depends on the publication date; the surreal pictures state no licence",
    ),
}


@torch.no_grad()
def set_w_mean(generator, latents=MEAN_LATENTS):
    """Fill w_mean from the mapping network."""
    z = generator.normalize(torch.randn(latents, Z_DIM, generator=torch.Generator().manual_seed(0)))
    axis = torch.linspace(-1, 1, MOOD_GRID)
    for a, arousal in enumerate(axis):
        for v, valence in enumerate(axis):
            mood = torch.stack([valence, arousal]).expand(latents, 2)
            generator.w_mean[a, v] = generator.map(z, mood).mean(0)


@torch.no_grad()
def strengthen(generator, valence, arousal, latent):
    """Multiply what the generator hears of the mood and of the latent by these gains. (The latent
    is normalised, so that a longer one at the input would be the same.)"""
    generator.mapping[0].weight[:, :Z_DIM] *= latent
    generator.mapping[0].weight[:, Z_DIM:] *= torch.tensor([valence, arousal])
    generator.start.weight *= latent


def has_noise(tensors):
    """Whether a generator of these tensors takes noise; the earlier ones did not."""
    return any(name.endswith(".noise") for name in tensors)


def load_averaged(state):
    """The averaged generator of a training checkpoint, in float32."""
    generator = Generator(noisy=has_noise(state["ema"])).eval().requires_grad_(False)
    generator.load_state_dict({key: value.float() for key, value in state["ema"].items()})
    return generator


def load_generator(path):
    """The generator of a shipped file, in float32."""
    with safe_open(path, "pt") as file:
        said = file.metadata()
    channels = tuple(map(int, said["channels"].split(",")))
    depths = said.get("convolutions")  # one a block, in files of before there were more
    depths = tuple(map(int, depths.split(","))) if depths else (1,) * len(channels)
    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    generator = Generator(channels, depths, has_noise(tensors)).eval().requires_grad_(False)
    strengths = {name: torch.ones(()) for name in generator.state_dict() if name.endswith(".strength")}
    generator.load_state_dict(tensors | strengths)
    return generator


def save_generator(generator, path, metadata):
    """Write beside the target, then rename, so that a reader never sees half a file."""
    tensors = generator.state_dict()
    for name in [name for name in tensors if name.endswith(".strength")]:
        noise = name.replace(".strength", ".noise")
        tensors[noise] = tensors[noise] * tensors.pop(name)
    tensors = {k: v.half().contiguous() for k, v in tensors.items()}
    assert all(t.isfinite().all() for t in tensors.values()), "weights overflow float16"
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata)
    part.chmod(0o644)
    part.rename(path)


def header(generator, name, trained_on, licence, steps, compute):
    """What a file says of a generator."""
    return {
        "format": "synopsia.painter",
        "version": "2",
        "architecture": "modulated-bilinear",
        "name": name,
        "resolution": str(generator.side),
        "channels": ",".join(str(block.conv.out_channels) for block in generator.blocks),
        "convolutions": ",".join("1" if block.second is None else "2" for block in generator.blocks),
        "z_dim": str(Z_DIM),
        "w_dim": str(W_DIM),
        "mood": "valence,arousal; percentile of the predicted mood among the training pictures, in [-1,1]",
        "trained_on": trained_on,
        "licence": licence,
        "steps": str(steps),
        "compute": said_of(compute),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("model")
    parser.add_argument("--gains", type=float, nargs=3, default=(1, 1, 1), metavar=("VALENCE", "AROUSAL", "LATENT"),
                        help="how much more these act than they were trained to")
    parser.add_argument("--trained-on", help="what the pictures are, for a look of your own")
    parser.add_argument("--licence", help="of the weights")
    parser.add_argument("--onnx", help="also write an ONNX file (inputs z, mood, psi)")
    parser.add_argument("--resume-from", help="also write a small checkpoint to train on from")
    args = parser.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu")
    generator = load_averaged(state)
    strengthen(generator, *args.gains)
    set_w_mean(generator)
    known = SOURCES.get(state["look"], ("pictures of one's own", "that of whoever trained it"))
    trained_on, licence = args.trained_on or known[0], args.licence or known[1]
    metadata = header(generator, state["look"], trained_on, licence, state["step"], spent_on(state))
    save_generator(generator, args.model, metadata)
    print(json.dumps(metadata, indent=1))
    if args.resume_from:
        half = {key: {k: v.half() for k, v in state[key].items()} for key in ("ema", "discriminator")}
        torch.save(half | {"compute": spent_on(state)} | {key: state[key] for key in ("look", "step", "seconds")}, args.resume_from)
    if args.onnx:
        generator = load_generator(args.model)
        inputs = (torch.randn(1, Z_DIM), torch.zeros(1, 2), torch.ones(1))
        torch.onnx.export(
            generator, inputs, args.onnx, input_names=["z", "mood", "psi"], output_names=["image"], dynamo=False
        )


if __name__ == "__main__":
    main()
