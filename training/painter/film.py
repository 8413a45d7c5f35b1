"""A film of what lies between latents: a closed walk of even speed through the latents of a look,
while the mood goes once around.

    python film.py models/NAME.safetensors docs/painter/NAME.mp4

The pictures are the generator's own, enlarged without the brush of `synopsia render`; the film is
made with ffmpeg. Prints how much neighbouring frames differ, mean and most over the film.
"""

import argparse
import math
import subprocess

import torch
import torch.nn.functional as F

from export import load_generator
from measure import slerp
from network import Z_DIM

RATE = 30  # frames a second
LATENTS = 8
TURN = 0.8  # radius of the walk around the moods


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("film")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--side", type=int, default=1080)
    parser.add_argument("--psi", type=float, default=0.8)
    parser.add_argument("--crf", type=int, default=24, help="quality of x264")
    args = parser.parse_args()
    generator = load_generator(args.model)
    latents = torch.randn(LATENTS, Z_DIM, generator=torch.Generator().manual_seed(3))
    frames = round(args.seconds * RATE)
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{args.side}x{args.side}", "-r", str(RATE), "-i", "-", "-c:v", "libx264"]
    command += ["-crf", str(args.crf), "-preset", "slow", "-pix_fmt", "yuv420p", "-movflags", "+faststart", args.film]
    before, changes = None, []
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        for frame in range(frames):
            place = frame / frames * LATENTS
            leg = int(place)
            z = slerp(latents[leg, None], latents[(leg + 1) % LATENTS, None], torch.tensor([[place - leg]]))
            angle = 2 * math.pi * frame / frames
            mood = TURN * torch.tensor([[math.cos(angle), math.sin(angle)]])
            picture = (generator(z, mood, torch.tensor([args.psi])) + 1) * 127.5
            if before is not None:
                changes.append((picture - before).abs().mean())
            before = picture
            large = F.interpolate(picture, size=(args.side, args.side), mode="bicubic", antialias=True)
            encoder.stdin.write(large[0].round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy().tobytes())
        encoder.stdin.close()
    if encoder.returncode:
        raise SystemExit("ffmpeg did not finish the film")
    changes = torch.stack(changes)
    print(f"{args.film}: {frames} frames; from one to the next {changes.mean():.2f} of 255 on average, {changes.max():.2f} at most")


if __name__ == "__main__":
    main()
