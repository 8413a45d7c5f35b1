"""Writes the trained networks as the program reads them:

    python export.py OUT/checkpoint.pt OUT/bars.pt ../../models/beat.safetensors

With `--reference FILE`, also what they tell of numbers by chance, for the program's tests. With `--from MODEL`, only a share
of the way from that one's weights to these: what a short training on few songs has learned, without what it has forgotten."""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import bars
from features import INPUTS
from network import CHANNELS, LAYERS, SHIPPED, TEMPOS, BeatNetwork

TRAINED_ON = (
    "music composed and played by our own program; POP909 (Wang et al. 2020); Groove MIDI (Gillick et al. 2019); "
    "OpenScore Lieder"
)
LICENCE = "free for any use: MIT OR Apache-2.0; the sources' licences are MIT, CC BY 4.0 (Groove MIDI) and CC0"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("bars", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--from", type=Path, dest="begin", metavar="MODEL")
    parser.add_argument("--share", type=float, default=0.5, help="of the way, with --from")
    parser.add_argument("--bars-share", type=float, default=0.75, help="of the way of what hears bars")
    args = parser.parse_args()
    beats, of_bars = torch.load(args.checkpoint)["averaged"], torch.load(args.bars)
    beats = beats | {f"last.{name}": beats[f"last.{name}"][SHIPPED] for name in ("weight", "bias")}
    tensors = beats | {f"bars.{name}": tensor for name, tensor in of_bars.items()}
    if args.begin:
        begin = load_file(args.begin)
        share = lambda name: args.bars_share if name.startswith("bars.") else args.share
        tensors = {name: torch.lerp(begin[name].float(), tensor, share(name)) for name, tensor in tensors.items()}
    tensors = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    metadata = {"format": "synopsia.beat", "version": "1", "layers": str(LAYERS), "channels": str(CHANNELS)}
    save_file(tensors, args.model, metadata | {"trained_on": TRAINED_ON, "licence": LICENCE})
    args.model.chmod(0o644)
    if args.reference:
        network, of_bars = BeatNetwork().eval(), bars.BarNetwork().eval()
        network.last = torch.nn.Conv1d(CHANNELS, len(SHIPPED), 1)
        network.load_state_dict({name: tensors[name].float() for name in network.state_dict()})
        of_bars.load_state_dict({name: tensors[f"bars.{name}"].float() for name in of_bars.state_dict()})
        chance = torch.Generator().manual_seed(1)
        heard = torch.rand(1, INPUTS, 200, generator=chance)
        beats = torch.rand(1, 20, bars.INPUTS, generator=chance)
        with torch.no_grad():
            beat, tempo = network(heard)[0].split([1, 1 + TEMPOS])
            places = of_bars(beats)[0].softmax(1)
        told = torch.cat([beat.sigmoid(), tempo.softmax(0)[1:]])
        reference = {"input": heard[0].T, "output": told.T, "beats": beats[0], "places": places}
        save_file({name: tensor.contiguous() for name, tensor in reference.items()}, args.reference)
        args.reference.chmod(0o644)


if __name__ == "__main__":
    main()
