"""Make a model of Synopsia from a StyleGAN2-ADA or DCGAN network.

    python convert.py network.pkl OUT.safetensors [--name NAME] [--class N] [--moods N --mood-model mood.pt]
    python convert.py generator.pt OUT.safetensors [--name NAME] [--class N] [--label-first]

The first is the averaged generator of an official StyleGAN2-ADA pickle, none of whose code is run;
the second a DCGAN's state dict. See `convert_stylegan2.py` and `convert_dcgan.py`.
"""

import argparse
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import convert_dcgan
import convert_pickle
import convert_stylegan2
from convert_stylegan2 import refuse_unless

LARGEST = {"resolution": 1024, "z_dim": 512, "w_dim": 1024, "mapping_layers": 16}


def save(path, metadata, tensors):
    """Write beside the target, then rename, so that a reader never sees half a file."""
    for name, tensor in tensors.items():
        refuse_unless(tensor.half().isfinite().all(), f"its {name} does not fit into 16-bit floats")
    for key, largest in LARGEST.items():
        refuse_unless(int(metadata.get(key, 1)) <= largest, f"its {key} is more than {largest}")
    path = Path(path)
    part = path.with_suffix(".part")
    save_file({k: v.half().contiguous() for k, v in tensors.items()}, part, metadata)
    part.chmod(0o644)
    part.rename(path)


def convert(path, name, trained_on="unknown pictures", licence="unknown", which=None, label_first=False):
    """Metadata and tensors of a network's file."""
    held = convert_pickle.read(path) if convert_pickle.is_pickle(path) else None
    # PyTorch's files are archives; its old ones are several pickles, the first a magic number.
    if held is None or held == torch.serialization.MAGIC_NUMBER:
        metadata, tensors = convert_dcgan.convert(path, which, label_first)
    else:
        metadata, tensors = convert_stylegan2.convert(held, which)
    said = {"format": "synopsia.painter", "version": "2", "name": name, "trained_on": trained_on}
    return said | {"licence": licence, "steps": ""} | metadata, tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network")
    parser.add_argument("model", help="the file to write; put it into your models folder")
    parser.add_argument("--name", help="what the model calls itself; the file's name if not given")
    parser.add_argument("--class", type=int, dest="which", help="the class of a conditional network; all of them if not given")
    parser.add_argument("--label-first", action="store_true", help="a conditional DCGAN puts its embedding before z")
    parser.add_argument("--moods", type=int, default=0, help="let w follow the mood, as seen in this many pictures")
    parser.add_argument("--mood-model", default="out/mood.pt", help="the mood regressor that mood.py has fitted")
    parser.add_argument("--trained-on", default="unknown pictures")
    parser.add_argument("--licence", default="unknown")
    args = parser.parse_args()
    try:
        name = args.name or Path(args.model).stem
        metadata, tensors = convert(args.network, name, args.trained_on, args.licence, args.which, args.label_first)
        if args.moods:
            refuse_unless(metadata["architecture"] == "stylegan2", "only a StyleGAN2 has a w that could follow the mood")
            from convert_mood import add_directions  # needs the mood regressor's features

            add_directions(metadata, tensors, args.moods, args.mood_model)
        save(args.model, metadata, tensors)
    except ValueError as error:
        sys.exit(f"{args.network} cannot be converted: {error}")
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
    print("\n".join(f"{key:15} {value}" for key, value in metadata.items()))


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
