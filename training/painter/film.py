"""A film of what lies between latents: a closed walk of even speed through the latents of a look,
while the mood goes once around; of a family, through all its looks.

    python film.py models/looks.safetensors docs/painter/looks.mp4
    python film.py models/looks.safetensors ink.mp4 --look ink

The pictures are the generator's own, enlarged without the brush of `synopsia render`; the film is
made with ffmpeg. Prints how much neighbouring frames differ, mean and most over the film.
"""

import argparse
import math
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import torch
import torch.nn.functional as F

from export import load_family, load_generator
from measure import BATCH, slerp
from network import Z_DIM

RATE = 30  # frames a second
LATENTS = 8
TURN = 0.8  # radius of the walk around the moods


class Travelling:
    """Paints one picture after the other, of looks that follow each other: each stays for half of
    its share of the film and goes over into the next in the other half."""

    def __init__(self, generator, places):
        self.generator, self.side = generator, generator.side
        here = places.long()
        share = ((places % 1 - 0.5) * 2).clamp(0, 1)[:, None]
        share = share * share * (3 - 2 * share)
        vectors, self.means = generator.look, generator.w_mean
        count = len(vectors)
        self.shares = F.one_hot(here % count, count) * (1 - share) + F.one_hot((here + 1) % count, count) * share
        self.vectors, self.next = self.shares @ vectors, 0

    def __call__(self, z, mood, psi):
        part = slice(self.next, self.next + len(z))
        self.next += len(z)
        means = torch.einsum("nl,l...->n...", self.shares[part], self.means)
        return torch.tanh(self.generator.before_tanh(z, mood, self.vectors[part], psi, means=means))


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--look", help="which look of a family, or a blend as ink+flames")
    parser.add_argument("film")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--side", type=int, default=1080)
    parser.add_argument("--psi", type=float, default=0.8)
    parser.add_argument("--crf", type=int, default=24, help="quality of x264")
    args = parser.parse_args()
    if not shutil.which("ffmpeg"):
        raise SystemExit("the film is made with ffmpeg, which is not installed")
    generator, looks = load_family(args.model)
    if args.look or not looks:
        generator, looks = load_generator(args.model, args.look), []
    latents = torch.randn(LATENTS, Z_DIM, generator=torch.Generator().manual_seed(3))
    frames = round(args.seconds * RATE)
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{generator.side}x{generator.side}", "-r", str(RATE), "-i", "-"]
    command += ["-vf", f"scale={args.side}:{args.side}:flags=bicubic", "-c:v", "libx264", "-crf", str(args.crf)]
    film = Path(args.film)
    part = film.with_name(f"{film.stem}.part{film.suffix}")  # a film that is there stays until this one is whole
    command += ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(part)]
    place = torch.arange(frames) / frames
    leg = place * LATENTS
    here, there = latents[leg.long()], latents[(leg.long() + 1) % LATENTS]
    z = slerp(here, there, (leg % 1)[:, None])
    mood = TURN * torch.stack([(2 * math.pi * place).cos(), (2 * math.pi * place).sin()], 1)
    if looks:
        generator = Travelling(generator, place * len(looks))
    before, changes = None, []
    with suppress(BrokenPipeError), subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        for batch in zip(z.split(BATCH), mood.split(BATCH), torch.full((frames,), args.psi).split(BATCH)):
            for picture in (generator(*batch) + 1) * 127.5:
                if before is not None:
                    changes.append((picture - before).abs().mean())
                before = picture
                encoder.stdin.write(picture.round().byte().permute(1, 2, 0).contiguous().numpy().tobytes())
    if encoder.returncode:
        part.unlink(missing_ok=True)
        raise SystemExit("ffmpeg did not finish the film; it says why above")
    part.rename(film)
    changes = torch.stack(changes)
    print(f"{film}: {frames} frames; neighbours differ by {changes.mean():.2f} of 255 on average, {changes.max():.2f} at most")


if __name__ == "__main__":
    main()
