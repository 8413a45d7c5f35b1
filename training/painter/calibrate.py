"""How much more should mood and latent act than they were trained to? Tries gains, writes nothing.

    python calibrate.py OUT/generator.pt --look ink --pictures DIR --out OUT --gains 1,1,1 1.2,1.5,1.2

A training need not end where mood and latent act as strongly as they best would. For each triple of gains (valence,
arousal, latent) prints how mood asked and mood seen correlate, the diversity and the Fréchet
distance, as measure.py does but of other latents and moods; `export.py --gains` applies one.
"""

import argparse
from pathlib import Path

import torch

from data import files_of
from export import load_averaged, strengthen
from features import POOLED, Lite0
from measure import frechet, paint_at_random, spread
from mood import cached, correlation, describe, load_regressor
from network import Z_DIM

SEED = 11  # measure.py has another, so that what is chosen here is tested there


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--look", required=True)
    parser.add_argument("--pictures", required=True, help="folder of pictures of the look")
    parser.add_argument("--out", default="out", help="where features are kept")
    parser.add_argument("--mood-model", default="../../models/mood.safetensors")
    parser.add_argument("--samples", type=int, default=384)
    parser.add_argument("--gains", nargs="+", default=["1,1,1"], metavar="V,A,L")
    args = parser.parse_args()
    gains = [[float(part) for part in triple.split(",")] for triple in args.gains]
    if any(len(triple) != 3 for triple in gains):
        parser.error("gains are three numbers each, of valence, arousal and latent: 1.2,1.5,1.2")
    state = torch.load(args.checkpoint, map_location="cpu")
    net, ridge = Lite0(), load_regressor(args.mood_model)
    real = cached(Path(args.out) / f"features_{args.look}.pt", net, files_of(args.pictures))[:, :POOLED]
    print("| gains | valence r | arousal r | diversity | Fréchet |\n|---|---|---|---|---|")
    for triple in gains:
        generator = load_averaged(state)
        strengthen(generator, *triple)
        generator = generator.one(generator.look[state["looks"].index(args.look)])
        random = torch.Generator().manual_seed(SEED)
        mood, pictures = paint_at_random(generator, Z_DIM, args.samples, 1.0, random)
        fake = describe(net, pictures)
        seen, fake = ridge(fake), fake[:, :POOLED]
        valence, arousal = (correlation(mood[:, axis], seen[:, axis]) for axis in (0, 1))
        print(f"| {triple} | {valence:.3f} | {arousal:.3f} | {spread(fake) / spread(real):.3f} "
              f"| {frechet(fake, real):.1f} |", flush=True)


if __name__ == "__main__":
    main()
