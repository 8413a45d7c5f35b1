"""Generators to compare with, trained on the same pictures as ours for a given time.

    python baselines.py cdcgan ink --pictures PICTURES --out OUT --minutes 60

The time is that of the processor's cores, or of a card by the clock, of all runs together.

`dcgan` and `cdcgan` are those of the *creativeAI* thesis (64 x 64; Radford et al. 2016,
arXiv:1511.06434), the second with an embedding of the nearest of the eight ArtEmis classes.
`dense` starts from a dense layer to a 64 x 64 map of 128 channels and paints 256 x 256 pictures, as
the project Generating Visual Art From Music had it. Batch size and losses are theirs where they are
stated. The same command goes on from OUT/NAME_NETWORK.pt. Needs OUT/moods_NAME.csv (train.py).
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

from data import device_name, said_of, spent_on
from network import RESOLUTION
from pool import Pool

Z_DIM = 100
# (valence, arousal) of the ArtEmis classes, after Table 3.4 of the thesis.
CLASSES = torch.tensor([
    [0.55, 0.20], [0.82, -0.56], [0.42, 0.89], [0.70, 0.72], [-0.42, 0.78], [-0.67, 0.49], [-0.11, 0.78], [-0.82, -0.40],
])
EMBEDDED = 64
SAVE_SECONDS = 300


def class_of(mood):
    """The class nearest to each mood [N, 2]: [N]."""
    return torch.cdist(mood.float(), CLASSES.to(mood.device)).argmin(1)


class Dcgan(nn.Module):
    """z [N, 100] to pictures [N, 3, 64, 64]; conditional on the mood's class if `classes`."""

    def __init__(self, conditional):
        super().__init__()
        self.embedding = nn.Embedding(len(CLASSES), EMBEDDED) if conditional else None
        widths = (Z_DIM + (EMBEDDED if conditional else 0), 512, 256, 128, 64)
        layers = []
        for k, (a, b) in enumerate(zip(widths, widths[1:])):
            stride, padding = (2, 1) if k else (1, 0)
            layers += [nn.ConvTranspose2d(a, b, 4, stride, padding, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, z, mood, psi=None):
        if self.embedding is not None:
            z = torch.cat([z, self.embedding(class_of(mood))], 1)
        return self.main(z[:, :, None, None])


class DcganCritic(nn.Module):
    """Pictures [N, 3, 64, 64] to logits [N]; with the class as a fourth channel if conditional."""

    def __init__(self, conditional):
        super().__init__()
        self.embedding = nn.Embedding(len(CLASSES), 64 * 64) if conditional else None
        widths = (4 if conditional else 3, 64, 128, 256, 512)
        layers = []
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.LeakyReLU(0.2, True)]
        self.main = nn.Sequential(*layers, nn.Conv2d(512, 1, 4, bias=False), nn.Flatten(0))

    def forward(self, x, mood):
        if self.embedding is not None:
            x = torch.cat([x, self.embedding(class_of(mood)).view(-1, 1, 64, 64)], 1)
        return self.main(x)


class Dense(nn.Module):
    """z [N, 100] to pictures [N, 3, 256, 256]; knows no mood."""

    def __init__(self):
        super().__init__()
        self.start = nn.Linear(Z_DIM, 128 * 64 * 64)
        self.main = nn.Sequential(
            nn.LeakyReLU(0.2), nn.Unflatten(1, (128, 64, 64)), nn.BatchNorm2d(128),
            nn.ConvTranspose2d(128, 128, 5, 2, 2, 1), nn.LeakyReLU(0.2), nn.BatchNorm2d(128),
            nn.ConvTranspose2d(128, 64, 5, 2, 2, 1), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(64, 3, 7, padding=3), nn.Tanh(),
        )

    def forward(self, z, mood, psi=None):
        return self.main(self.start(z))


class DenseCritic(nn.Module):
    """Pictures [N, 3, 256, 256] to logits [N]."""

    def __init__(self):
        super().__init__()
        layers, widths = [], (3, 64, 128, 256)
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Conv2d(a, b, 5, 2, 2), nn.LeakyReLU(0.2), nn.Dropout(0.4)]
        self.main = nn.Sequential(*layers, nn.Flatten(), nn.Linear(256 * 32 * 32, 1), nn.Flatten(0))

    def forward(self, x, mood):
        return self.main(x)


# Generator, critic, side, batch, learning rate, whether the losses are cross entropies.
NETWORKS = {
    "dcgan": (lambda: Dcgan(False), lambda: DcganCritic(False), 64, 64, 2e-4, True),
    "cdcgan": (lambda: Dcgan(True), lambda: DcganCritic(True), 64, 64, 2e-4, True),
    "dense": (Dense, DenseCritic, 256, 16, 2e-4, False),
}


def load_baseline(path):
    """What measure.py wants to know of a checkpoint."""
    state = torch.load(path, map_location="cpu")
    make, _, side, *_ = NETWORKS[state["network"]]
    generator = make().eval().requires_grad_(False)
    generator.load_state_dict(state["generator"])
    facts = {"network": state["network"], "steps": state["step"], "compute": said_of(spent_on(state)), "side": side}
    return state["look"], generator, Z_DIM, facts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("look", help="as train.py was told")
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--out", default="out")
    parser.add_argument("--minutes", type=float, default=60, help="of all runs together")
    parser.add_argument("--room", type=int, default=4096, help="the most pictures that are kept")
    parser.add_argument("--mood-model", default=Path(__file__).parent / "../../models/mood.safetensors")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    torch.manual_seed(0)
    path = Path(args.out) / f"{args.look}_{args.network}.pt"
    make, make_critic, side, batch, rate, entropies = NETWORKS[args.network]
    generator, critic = make().to(args.device), make_critic().to(args.device)
    for module in [*generator.modules(), *critic.modules()]:
        if entropies and isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(module.weight, 0, 0.02)
    pictures = Pool([args.look], RESOLUTION, args.room, args.device, args.mood_model)
    pictures.load_folder(args.look, args.pictures, cuts=1)
    networks = (generator, critic)
    optimisers = [torch.optim.Adam(n.parameters(), rate, betas=(0.5, 0.999)) for n in networks]
    state = {"network": args.network, "look": args.look, "step": 0, "compute": {}}
    if path.exists():
        state = torch.load(path, map_location=args.device)
        for key, network in zip(("generator", "critic"), networks):
            network.load_state_dict(state[key])
        for optimiser, saved in zip(optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)
    torch.manual_seed(state["step"] + 1)
    name, clock = device_name(args.device), time.process_time if args.device == "cpu" else time.monotonic
    before = state["compute"].get(name, 0.0) - clock()
    saved = time.monotonic()
    over = False
    while not over:
        real, mood, *_ = pictures.draw(batch)
        real = F.avg_pool2d(real, RESOLUTION // side)
        z = torch.randn(batch, Z_DIM, device=args.device)
        fake = generator(z, mood)
        on_real, on_fake = critic(real, mood), critic(fake.detach(), mood)
        if entropies:
            ones = torch.ones_like(on_real)
            loss = F.binary_cross_entropy_with_logits(on_real, ones) + F.binary_cross_entropy_with_logits(on_fake, 1 - ones)
        else:  # the generator's loss is stated, minus the critic's logit; hinge goes with it
            loss = F.relu(1 - on_real).mean() + F.relu(1 + on_fake).mean()
        optimisers[1].zero_grad()
        loss.backward()
        optimisers[1].step()
        seen = critic(fake, mood)
        wish = F.binary_cross_entropy_with_logits(seen, torch.ones_like(seen)) if entropies else -seen.mean()
        optimisers[0].zero_grad()
        wish.backward()
        optimisers[0].step()
        state["step"] += 1
        state["compute"][name] = spent = before + clock()
        over = spent >= 60 * args.minutes
        if state["step"] % 20 == 0:
            print(state["step"], round(spent), round(loss.item(), 3), round(wish.item(), 3), flush=True)
        if over or time.monotonic() - saved > SAVE_SECONDS:
            saved = time.monotonic()
            state |= {"generator": generator.state_dict(), "critic": critic.state_dict()}
            state["optimisers"] = [o.state_dict() for o in optimisers]
            part = path.with_suffix(".part")
            torch.save(state, part)
            part.rename(path)


if __name__ == "__main__":
    main()
