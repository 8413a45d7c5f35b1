"""Train the network that hears beats.

    python train.py OUT --set MUSIC --set POP --minutes 60

A set is a folder of music with `hops` (what the analyser hears, examples/hops.rs) and `beats`. The same command goes on
with what OUT holds, and takes in what the sets have grown by. Every twentieth song is kept aside and tells how well it goes.
"""

import argparse
import time
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from data import excerpt, songs_of
from network import SHIPPED, TEMPOS, TOLD, BeatNetwork

LENGTH = 2560  # hops of an excerpt in training, half a minute
DOWNBEATS, TEMPO, METRE = 2.0, 0.04, 0.03  # what these count beside the beats
SPREAD = 0.7  # of the tempo that is to be told, in places
REREAD = 600  # seconds between two looks for new songs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", type=Path, action="append", required=True, dest="sets")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--from", type=Path, dest="begin", metavar="MODEL", help="begin with the weights of the program")
    return parser.parse_args()


def is_aside(name):
    """Whether a song tests; the kinds of songs come by turns."""
    return zlib.crc32(name.encode()) % 20 == 0


def batch(sets, count, random):
    """Random excerpts: tensors as `excerpt` has them. Songs without a beat come a third as often as others."""
    songs = [song for of in sets for song in of]
    chances = np.array([1 if len(song.times) else 1 / 3 for song in songs])
    drawn = random.choice(len(songs), count, p=chances / chances.sum())
    rows = [excerpt(songs[k], LENGTH, random) for k in drawn]
    x, target, *rest = (torch.from_numpy(np.stack(column)) for column in zip(*rows))
    return x.transpose(1, 2), target.transpose(1, 2), *rest


def tempo_targets(place):
    """[N, 1 + TEMPOS, hops]: a bell about the place; the first where there is none."""
    at = torch.arange(TEMPOS, dtype=torch.float32)[None, :, None]
    bell = torch.exp(-0.5 * ((at - place[:, None]) / SPREAD) ** 2)
    bell = bell / bell.sum(1, keepdim=True)
    none = (place < 0).float()[:, None]
    return torch.cat([none, bell * (1 - none)], 1)


def losses_of(network, x, target, tempo, metre, known, bars, drop=0.1):
    """Of beats, downbeats, tempos and metres."""
    beat, downbeat, tempos, metres = network(x, drop).split(list(TOLD.values()), 1)
    mean = lambda loss, weight: (loss * weight).mean()
    known, bars = known.float(), bars.float()
    beats = F.binary_cross_entropy_with_logits(beat[:, 0], target[:, 0], reduction="none")
    downbeats = F.binary_cross_entropy_with_logits(downbeat[:, 0], target[:, 1], reduction="none")
    tempos = -(tempo_targets(tempo) * tempos.log_softmax(1)).sum(1)
    metres = F.cross_entropy(metres, (metre + 1).clamp(min=0), reduction="none")
    return mean(beats, known), mean(downbeats, bars), mean(tempos, known), mean(metres, bars * (metre > -2))


def total(losses, all_told=True):
    """What is to be made small; without what does not ship where not all is to be told."""
    beats, downbeats, tempos, metres = losses
    return beats + TEMPO * tempos + all_told * (DOWNBEATS * downbeats + METRE * metres)


def shipped(model):
    """A network with the program's weights; what does not ship, of downbeats and metres, is by chance and is not taught."""
    network, weights = BeatNetwork(), load_file(model)
    state = network.state_dict()
    for name in state:
        if name.startswith("last."):
            state[name][SHIPPED] = weights[name].float()
        else:
            state[name] = weights[name].float()
    network.load_state_dict(state)
    return network


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    network = shipped(args.begin) if args.begin else BeatNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), lr=args.lr, weight_decay=1e-4)
    averaged = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    step, checkpoint = 0, args.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        averaged, step = state["averaged"], state["step"]
    random, begin, said, read, losses = np.random.default_rng(step), time.monotonic(), 0.0, -REREAD, []
    songs, known = [[] for _ in args.sets], set()
    while True:
        if time.monotonic() - read >= REREAD:
            read = time.monotonic()
            for folder, of in zip(args.sets, songs):
                of.extend(songs_of(folder / "hops", folder / "beats", known))
                known.update(song.name for song in of)
            taught = [[song for song in of if not is_aside(song.name)] for of in songs]
            taught = [of for of in taught if of]
            aside = [[song for song in of if is_aside(song.name)] for of in songs]
            test = batch([of for of in aside if of], 32, np.random.default_rng(0))
            print(f"{'+'.join(str(len(of)) for of in songs)} songs, {sum(map(len, aside))} aside", flush=True)
        place = (time.monotonic() - begin) / 60 / args.minutes
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 100) * min(1, max(0.02, (1 - place) / 0.5))
        network.train()
        parts = losses_of(network, *batch(taught, args.batch, random))
        optimiser.zero_grad()
        total(parts, not args.begin).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        decay = min(0.995, (1 + step) / (10 + step))
        for name, tensor in network.state_dict().items():
            averaged[name].lerp_(tensor, 1 - decay)
        losses.append([part.item() for part in parts])
        if time.monotonic() - said > 120 or place >= 1:
            said = time.monotonic()
            mean = BeatNetwork()
            mean.load_state_dict(averaged)
            with torch.no_grad():
                tested = [part.item() for part in losses_of(mean.eval(), *test)]
            tell = lambda parts: " ".join(f"{part:.4f}" for part in parts)
            print(f"step {step} beats, downbeats, tempo, metre {tell(np.mean(losses, 0))} aside {tell(tested)}", flush=True)
            losses = []
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "averaged": averaged, "step": step}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
        if place >= 1:
            return


if __name__ == "__main__":
    main()
