"""Train a look with a projected GAN. The same command starts and resumes, on CPU or CUDA.

    python train.py surreal --pictures DATA/surreal --out OUT --minutes 60
    python train.py paintings --pictures DATA/paintings --out OUT --minutes 40 --start-from OUT/surreal.pt

The discriminator sees VIEW pixels at a side: in one step the whole picture made small, in the next
a window of it. A step passes the fakes through generator and eye once: the discriminator learns
from the detached features, the generator from the same features afterwards. What a discriminator
that sees eight pictures cannot tell, how all fakes together differ from all pictures, `Transport`
tells the generator.

With `--layouts` the generator reconstructs pictures first, judged by what the eye sees, each
from a latent of its own: the principal components of its layout. So it learns many compositions
from few pictures and in little time, and neighbouring latents are similar pictures.

On a CPU, processes scale better than threads: `torchrun --nproc-per-node 2 train.py ...`
splits each batch over two processes that average their gradients.
"""

import argparse
import copy
import csv
import os
import signal
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F

from data import Pictures, device_name, files_of, grid, read_moods, saturation, spent_on
from features import SIDE, Lite0
from mood import cached, labels, load_regressor
from network import RESOLUTION, VIEW, Z_DIM, Discriminator, Eye, Generator, statistics

COLUMNS = ("loss_d", "loss_g", "mood_real", "mood_fake", "logit_real", "logit_fake", "saturation", "variety", "moments",
           "roughness", "away", "misplaced", "rebuilt", "colour", "repeated", "lines")  # of the log, after step and seconds
LOG_STEPS = 60  # a multiple of four, so that every kind of step is in every row
THUMBNAIL = 8  # side of the pictures by which colours are compared where they are
COLOURS = 8  # numbers of `colours`
PLACES_EVERY = 4  # steps between two looks at what stands at the same place in all fakes
NEAR = 0.1  # angle between latents whose pictures must differ by about as much everywhere


def augment(x, holes=True):
    """Differentiable augmentation (Zhao et al. 2020, arXiv:2006.10738), [N, 3, S, S] to the same.

    Colour changes stay small: strong ones hide the saturation of the fakes from the
    discriminator and it drifts. Shifts reflect at the edges: zeros there taught dotted frames.
    """
    n, side, device = len(x), x.shape[-1], x.device

    def uniform(low, high):
        return torch.rand(n, 1, 1, 1, device=device) * (high - low) + low

    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(0.85, 1.15) + grey
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * uniform(0.85, 1.15) + mean + uniform(-0.1, 0.1)
    reach = side // 8
    at = torch.arange(side, device=device)
    down, right = torch.randint(0, 2 * reach + 1, (2, n, 1), device=device) + at
    x = F.pad(x, (reach,) * 4, mode="reflect")
    x = x.gather(2, down[:, None, :, None].expand(-1, 3, -1, x.shape[3]))
    x = x.gather(3, right[:, None, None, :].expand(-1, 3, side, -1))
    if not holes:
        return x
    hole = side // 3  # cutout on half of the pictures
    first = torch.randint(-hole // 2, side - hole // 2, (2, n, 1), device=device).clamp_min(0)
    down, right = (at >= first) & (at < first + hole)
    cut = down[:, None, :, None] & right[:, None, None, :]
    keep = ~cut | (torch.arange(n, device=device) % 2 == 0)[:, None, None, None]
    return x * keep


def hinge(real, fake):
    """Discriminator loss over heads: lists of [N, positions]."""
    return sum(F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake)) / len(real)


def mean_logit(logits):
    return sum(l.mean() for l in logits) / len(logits)


def jitter(mood):
    """Moods moved a little, so that no picture is known by its exact label."""
    return (mood + 0.08 * torch.randn_like(mood)).clamp(-1, 1)


def fake_moods(pictures, n):
    """Half from the look's own distribution, half from the whole mood plane, [n, 2]."""
    moods = pictures.moods
    drawn = jitter(moods[torch.randint(0, len(pictures), (n,), device=moods.device)])
    drawn[: n // 2] = torch.rand(n // 2, 2, device=moods.device) * 2 - 1
    return drawn


def average_gradients(module, flag=False):
    """Average gradients over the processes; true if any process raised its flag."""
    if not dist.is_initialized():
        return flag
    grads = [p.grad for p in module.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in grads] + [torch.full((1,), float(flag), device=grads[0].device)])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    parts = flat[:-1].split([g.numel() for g in grads])
    torch._foreach_copy_(grads, [p.view_as(g) for p, g in zip(parts, grads)])
    return flat[-1].item() > 0


def everyones(rows):
    """Rows [N, D] of all processes, [N * processes, D]."""
    if not dist.is_initialized():
        return rows
    parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, rows.contiguous())
    return torch.cat(parts)


def first_says(number):
    """The first process's number, so that all decide the same by it."""
    if not dist.is_initialized():
        return number
    said = torch.tensor([number], dtype=torch.float64)
    dist.broadcast(said, 0)
    return said.item()


def generator_groups(generator, lr):
    """Optimiser groups. A step of Adam moves all weights of a layer together, so wide sums
    straight into RGB must learn slowly, or the tanh saturates within a hundred steps."""
    rates = {"strength": 3.0, "rgb": 0.2, "mapping": 0.5, "conv": 1.0, "style": 1.0, "start": 1.0}
    groups = {name: [] for name in rates}
    for name, parameter in generator.named_parameters():
        groups[next(r for r in rates if r in name)].append(parameter)
    return [dict(params=groups[name], lr=lr * rate) for name, rate in rates.items()]


def discriminator_groups(discriminator, lr):
    """Slower than the generator, as frozen features put the discriminator ahead; what it
    knows of mood starts from nothing and may hurry."""
    named = list(discriminator.named_parameters())
    mood = [p for name, p in named if "mood" in name or "guess" in name]
    rest = [p for name, p in named if not ("mood" in name or "guess" in name)]
    return [dict(params=rest, lr=lr * 0.6), dict(params=mood, lr=lr * 3)]


def colours(x):
    """Mean and deviation of R, G, B and chroma over pictures [N, 3, S, S] in [-1, 1]: [N, 8]."""
    x = torch.cat([x, x.amax(1, keepdim=True) - x.amin(1, keepdim=True)], 1).float().flatten(2)
    return torch.cat([x.mean(2), x.std(2)], 1)


def profiles(x):
    """How much the mean colour changes from each row, and from each column, of pictures [N, 3, S, S]
    to the next: [N, 6 S - 6]. Lines at the same place in many pictures show here."""
    return torch.cat([x.mean(axis).diff(dim=2).flatten(1) for axis in (2, 3)], 1)


class Moments:
    """How far mean and deviation of the fakes' statistics lie from those of the pictures, over
    many steps (feature matching, Salimans et al. 2016, arXiv:1606.03498, with running means, as a
    step has few pictures). What all fakes have in common and no picture has, is seen here at once.

    Returns the distance, whose gradient reaches the fakes of this step alone."""

    RATE = 0.02

    def __init__(self, colours=COLOURS, real=None, reach=4):
        """`colours`: how many of the last statistics count as much as all others together; `real`:
        the pictures' means and mean squares [2, D], if they are known; `reach`: the most deviations
        that count."""
        self.real, self.fake = real, None
        self.colours, self.reach = colours, reach

    def __call__(self, fake, real=None):
        """`fake`, `real`: statistics [N, D] -> distance in squared deviations of the pictures'."""
        if real is not None:
            powers = torch.stack([real.mean(0), real.square().mean(0)]).detach()
            self.real = powers if self.real is None else self.real.lerp(powers, self.RATE)
        mean, square = self.real
        deviation = (square - mean.square()).clamp_min(1e-4).sqrt()
        place = ((fake - mean) / deviation).clamp(-self.reach, self.reach)
        powers = torch.stack([place.mean(0), place.square().mean(0)])
        wanted = torch.stack([torch.zeros_like(mean), torch.ones_like(mean)])
        self.fake = wanted if self.fake is None else self.fake.lerp(powers.detach(), self.RATE)
        off = self.fake - wanted
        off[1] /= 2  # of a square, half as much
        towards = off.square() + 2 * off * (powers - powers.detach())
        if not self.colours:
            return towards.mean()
        return (towards[:, : -self.colours].mean() + towards[:, -self.colours :].mean()) / 2


class Transport:
    """Moves features of fakes towards where they would lie if all of them were distributed as the
    pictures' are: the optimal transport between the two as Gaussians, whose mean squared way is the
    Fréchet distance (its gradient is 2 (x - T(x)) / N). Unlike the discriminator it sees what a
    thousand fakes lack together: a direction in which pictures differ and fakes do not.

    Exact in the first principal components of the pictures; of what is beyond, mean and power."""

    COMPONENTS = 256
    EVERY = 8  # calls between two fits of the map

    def __init__(self, real, memory):
        """`real`: features of pictures [N, D]; `memory`: how many of the latest fakes count."""
        self.mean = real.mean(0)
        power, axes = (part.float().flip(-1) for part in torch.linalg.eigh(torch.cov(real.double().T)))
        self.axes = axes[:, : self.COMPONENTS]
        self.size = memory
        self.root, self.beyond = power[: self.COMPONENTS].sqrt(), power[self.COMPONENTS :].sum()
        self.power = power.sum()
        self.memory, self.calls, self.map = real.new_zeros(0, real.shape[1]), 0, None

    def fit(self):
        """Centre and linear map of the fakes' components, centre and scale of what is beyond."""
        known = self.memory @ self.axes
        rest = self.memory - known @ self.axes.T
        root = self.root.double()
        # A little of the pictures' own, so that nothing is moved more than sixfold.
        covariance = torch.cov(known.double().T).lerp(torch.diag(root.square()), 0.03)
        power, axes = torch.linalg.eigh(root[:, None] * covariance * root)
        move = (root[:, None] * (axes * power.clamp_min(power[-1] * 1e-12).rsqrt()) @ axes.T * root).float()
        scale = (self.beyond / rest.var(0).sum().clamp_min(1e-6)).sqrt().clamp_max(6)
        self.map = known.mean(0), move, rest.mean(0), scale

    def __call__(self, fake):
        """Features [N, D] -> mean squared way to go, in shares of the pictures' variance. Its
        gradient reaches the fakes of this step alone."""
        fake = fake - self.mean
        seen = fake.detach()
        self.memory = torch.cat([self.memory, everyones(seen)])[-self.size :]
        self.calls += 1
        if len(self.memory) < self.size // 2:
            return fake.new_zeros(())
        if self.map is None or self.calls % self.EVERY == 0:
            self.fit()
        centre, move, centre_beyond, scale = self.map
        known = fake.detach() @ self.axes
        rest = fake.detach() - known @ self.axes.T
        goal = (known - centre) @ move @ self.axes.T + (rest - centre_beyond) * scale
        return (fake - goal).square().sum(1).mean() / self.power


class Trainer:
    def __init__(self, args):
        self.args = args
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device(args.device)
        self.out = Path(args.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.pictures = Pictures(args.pictures, moods_of(args), self.device)
        self.view = min(args.side, VIEW)
        torch.manual_seed(0)
        place = dict(device=self.device, memory_format=torch.channels_last)
        self.eye = Eye().to(dtype=torch.bfloat16, **place)  # same random mix every time
        self.eye.calibrate(self.pictures.batch(64, self.view)[0].to(dtype=torch.bfloat16, **place))
        self.generator = Generator().to(**place)
        self.discriminator = Discriminator().to(**place)
        self.ema = copy.deepcopy(self.generator).requires_grad_(False)
        groups = generator_groups(self.generator, args.lr), discriminator_groups(self.discriminator, args.lr)
        self.optimisers = [torch.optim.Adam(g, betas=(0.0, 0.99), fused=True) for g in groups]
        self.rates = [[group["lr"] for group in optimiser.param_groups] for optimiser in self.optimisers]
        self.means = torch.zeros(2, device=self.device)  # of real and fake logits
        self.moments = [Moments(), Moments()]  # of whole pictures, of windows
        self.anchors = self.transports = self.places = self.lines = None  # made when they are needed
        self.spread = self.slope = None  # running means of the pictures' spread, and of how fast pictures change
        self.step, self.seconds, self.compute = 0, 0.0, {}
        self.checkpoint = self.out / f"{args.look}.pt"
        if self.checkpoint.exists():
            self.load(self.checkpoint, whole=True)
        elif args.start_from:
            self.load(args.start_from, whole=False)
        self.moods = torch.tensor([[v, a] for a in (0.8, -0.8) for v in (-0.8, 0.8)]).repeat_interleave(8, 0)
        self.latents = torch.randn(8, Z_DIM, generator=torch.Generator().manual_seed(1)).repeat(4, 1)
        shown = self.pictures.batch(256, self.view)[0]
        self.data_saturation = saturation(shown).item()
        torch.manual_seed(self.step * self.world + self.rank + 1)

    @torch.no_grad()
    def layouts(self):
        """A latent for each picture [N, Z_DIM]: the first principal components of what the eye
        sees where, coarsely, and of the colours there; each of deviation 1."""
        seen = []
        for index in torch.arange(len(self.pictures)).split(self.args.batch):
            x = self.pictures.whole(index, VIEW)
            maps = self.eye(x.to(dtype=torch.bfloat16, memory_format=torch.channels_last))[:3]
            grids = [F.adaptive_avg_pool2d(m.float(), 4).flatten(1) for m in maps]
            colours = F.adaptive_avg_pool2d(x, 8).flatten(1)
            seen.append(torch.cat([*(g / g.shape[1] ** 0.5 for g in grids), 3 * colours / colours.shape[1] ** 0.5], 1))
        seen = torch.cat(seen)
        seen = seen - seen.mean(0)
        parts, _, _ = torch.linalg.svd(seen, full_matrices=False)
        latents = torch.zeros(len(seen), Z_DIM, device=self.device)
        known = min(Z_DIM, parts.shape[1] - 1)  # of few pictures, fewer components
        latents[:, :known] = parts[:, :known] * len(seen) ** 0.5
        return latents

    @torch.no_grad()
    def sets_of_pictures(self, count=2048):
        """`compared` of random crops; each process sees its share."""
        batch = self.args.batch // self.world
        parts = (self.pictures.batch(batch, self.args.side)[0] for _ in range(-(-count // self.args.batch)))
        return [everyones(torch.cat(seen)) for seen in zip(*map(self.compared, parts))]

    def load(self, path, whole):
        state = torch.load(path, map_location=self.device)
        for network, name in ((self.generator, "generator" if whole else "ema"), (self.ema, "ema")):
            # A generator of before there was noise learns how much it needs.
            lacks, knows_not = network.load_state_dict(state[name], strict=False)
            if knows_not or any(not key.endswith((".noise", ".strength")) for key in lacks):
                raise SystemExit(f"{path} is not of this network")
            if lacks and whole:
                raise SystemExit(f"{path} is of an earlier network: start from it with --start-from, in another OUT")
        self.discriminator.load_state_dict(state["discriminator"])
        self.compute = spent_on(state)
        if whole:
            for optimiser, saved in zip(self.optimisers, state["optimisers"]):
                optimiser.load_state_dict(saved)
            self.step, self.seconds = state["step"], state["seconds"]

    def save(self):
        state = {
            "look": self.args.look,
            "generator": self.generator.state_dict(),
            "ema": self.ema.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "optimisers": [o.state_dict() for o in self.optimisers],
            "step": self.step,
            "seconds": self.seconds,
            "compute": self.compute,  # seconds by device, with those of what it started from
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.rename(self.checkpoint)
        with torch.no_grad():
            latents, moods = self.latents.to(self.device), self.moods.to(self.device)
            sheet = torch.tanh(self.ema.before_tanh(latents, moods, side=self.args.side))
        grid(sheet, 8).save(self.out / f"{self.args.look}_{self.step:06d}.png")
        return saturation(sheet).item() / self.data_saturation

    def see(self, x):
        """Features of augmented pictures."""
        return self.eye(augment(x).to(dtype=torch.bfloat16, memory_format=torch.channels_last))

    def compared(self, x):
        """By what sets of pictures are compared, what is there and where: pooled features [N, POOLED]
        of hardly augmented pictures, and thumbnails [N, 3 * THUMBNAIL^2]."""
        side = min(self.args.side, SIDE)
        thumbnails = F.adaptive_avg_pool2d(x.float(), THUMBNAIL).flatten(1)
        x = F.interpolate(augment(x, holes=False), size=(side, side), mode="bilinear", antialias=True)
        pooled = self.eye.lite0.pooled(x.to(dtype=torch.bfloat16, memory_format=torch.channels_last))
        return pooled.float(), thumbnails

    def places_of(self, x):
        """What the eye sees at each place of an 8 x 8 and a 16 x 16 grid in pictures that are not
        augmented, for shifted ones would hide what stands still: [N, 64 * (8^2 + 16^2)]."""
        x = F.avg_pool2d(x, x.shape[-1] // self.view)
        seen = self.eye(x.to(dtype=torch.bfloat16, memory_format=torch.channels_last))
        return torch.cat([s.flatten(1).float() for s in seen[1:3]], 1)

    @torch.no_grad()
    def powers_of_pictures(self, described, count=2048):
        """Means and mean squares of what `described` returns of random crops, each [2, D]; each process
        sees its share."""
        powers = []
        for _ in range(-(-count // self.args.batch)):
            x = self.pictures.batch(self.args.batch // self.world, self.args.side)[0]
            powers.append([torch.stack([seen.mean(0), seen.square().mean(0)]) for seen in described(x)])
        return [everyones(torch.stack(of).mean(0)[None]).mean(0) for of in zip(*powers)]

    def reconstruct_step(self, stop=False):
        """One step of the generator on pictures that it reconstructs from their latents."""
        index = torch.randint(0, len(self.pictures), (self.args.batch // self.world,))
        real, mood = self.pictures.whole(index, self.view), self.pictures.moods[index]
        place = dict(dtype=torch.bfloat16, memory_format=torch.channels_last)
        if self.anchors is None:
            self.anchors = self.layouts()
        with torch.autocast(self.device.type, torch.bfloat16):
            z = self.anchors[index]
            fake = torch.tanh(self.generator.before_tanh(z, mood, side=self.view))
            with torch.no_grad():
                real_seen = self.eye(real.to(**place))
            seen = self.eye(fake.to(**place))
            loss = sum((a - b).abs().float().mean() for a, b in zip(seen, real_seen)) / len(seen)
            colour = sum(F.adaptive_avg_pool2d(fake - real, side).abs().mean() for side in (8, 32)) / 2
        self.optimisers[0].zero_grad()
        (loss + 4 * colour).backward()
        stop = average_gradients(self.generator, stop)
        self.optimisers[0].step()
        self.follow()
        return {"rebuilt": loss, "colour": colour}, stop

    def begins(self):
        """Whether it is still at the layouts."""
        return self.seconds < self.args.layouts * 60

    def follow(self):
        """Let the averaged weights follow, and count the step."""
        decay = 0.98 if self.begins() else self.args.ema  # layouts are learned fast, and nothing sways
        decay = min(decay, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(list(self.ema.parameters()), list(self.generator.parameters()), 1 - decay)
        self.step += 1

    def train_step(self, stop=False):
        """One step of both networks; returns what the log shows, and whether any process stops."""
        n, device = self.args.batch // self.world, self.device
        if self.transports is None:
            memory = max(768, 24 * self.args.batch)
            self.transports = [Transport(seen, memory) for seen in self.sets_of_pictures()]
            powers = self.powers_of_pictures(lambda x: (self.places_of(x), profiles(x)))
            self.places = Moments(colours=0, real=powers[0])
            self.lines = Moments(colours=0, real=powers[1], reach=8)  # a line is many deviations off
        generator, discriminator = self.generator, self.discriminator
        side = self.args.side
        windows = side > VIEW and self.step % 2 == 1
        real, real_mood = self.pictures.batch(n, self.view, VIEW / side if windows else 1.0)
        real_mood, mood = jitter(real_mood), fake_moods(self.pictures, n)
        with torch.autocast(device.type, torch.bfloat16):
            z = torch.randn(n, Z_DIM, device=device)
            rgb = generator.before_tanh(z, mood, side=side, fresh=True)
            picture = torch.tanh(rgb)
            if windows:
                top, left = torch.randint(0, side - VIEW + 1, (2,)).tolist()
                fake = picture[:, :, top : top + VIEW, left : left + VIEW]
            else:
                fake = F.avg_pool2d(picture, side // self.view)
            fake_seen = self.see(fake)
            with torch.no_grad():
                real_seen = self.see(real)
            both = [torch.cat([r, f.detach()]) for r, f in zip(real_seen, fake_seen)]
            logits = discriminator(both, torch.cat([real_mood, mood]), int(windows))
            real_logits, fake_logits = zip(*(l.split(n) for l in logits))
            loss_d = hinge(real_logits, fake_logits)
            restraint = self.restraint(real_logits, fake_logits)
            guess_loss = F.mse_loss(discriminator.mood_of(real_seen), real_mood)
        self.optimisers[1].zero_grad()
        (loss_d + guess_loss + 0.05 * restraint).backward()
        average_gradients(discriminator)
        self.optimisers[1].step()
        discriminator.requires_grad_(False)
        with torch.autocast(device.type, torch.bfloat16):
            loss_g = -mean_logit(discriminator(fake_seen, mood, int(windows)))
            mood_loss = F.mse_loss(discriminator.mood_of(fake_seen), mood)
            variety = self.lack_of_variety(real_seen, fake_seen) if not windows else rgb.new_zeros(())
            moments = self.moments[int(windows)](
                *(torch.cat([statistics(seen), colours(x)], 1) for seen, x in ((fake_seen, fake), (real_seen, real)))
            )
            looks = self.step % PLACES_EVERY == 0
            repeated = self.places(self.places_of(picture)) if looks else rgb.new_zeros(())
            lines = self.lines(profiles(picture.float()))
            roughness = self.roughness(z, mood) if self.step % 8 == 0 else rgb.new_zeros(())
            excess = F.relu(rgb.abs() - 2).square().mean()  # tanh must not saturate for good
            compared = self.compared(picture)
        away, misplaced = (transport(seen) for transport, seen in zip(self.transports, compared))
        self.optimisers[0].zero_grad()
        alike = 2 * variety + moments + 10 * (repeated + lines) + self.args.transport * (away + misplaced)
        (loss_g + self.args.mood_weight * mood_loss + excess + roughness + alike).backward()
        stop = average_gradients(generator, stop)
        self.optimisers[0].step()
        discriminator.requires_grad_(True)
        self.follow()
        return {
            "loss_d": loss_d,
            "loss_g": loss_g,
            "mood_real": guess_loss,
            "mood_fake": mood_loss,
            "logit_real": mean_logit(real_logits),
            "logit_fake": mean_logit(fake_logits),
            "saturation": saturation(picture) / self.data_saturation,
            "variety": variety,
            "moments": moments,
            "roughness": roughness,
            "away": away,
            "misplaced": misplaced,
            "lines": lines,
        } | ({"repeated": repeated} if looks else {}), stop

    def cool(self, place):
        """Set the learning rates for this share of the time, 0 to 1."""
        share = self.args.cool
        left = min(1.0, max(0.0, 1 - place) / share) if share else 1.0
        for optimiser, rates in zip(self.optimisers, self.rates):
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"] = rate * (2 if self.begins() else 0.1 + 0.9 * left)

    def restraint(self, real, fake):
        """Squared distance of the logits from their opposites' running means, which keeps a
        discriminator with few pictures from certainty (Tseng et al. 2021, arXiv:2104.03310)."""
        for side, logits in enumerate((real, fake)):
            self.means[side].lerp_(mean_logit(logits).detach(), 0.02)
        to_fake, to_real = ((torch.cat([l.flatten() for l in part]) - mean).square().mean()
                            for part, mean in ((real, self.means[1]), (fake, self.means[0])))
        return to_fake + to_real

    def lack_of_variety(self, real_seen, fake_seen):
        """How far the fakes of a step are nearer to each other, in what the eye sees of them and
        where, than pictures are on average (against mode collapse, after Mao et al. 2019,
        arXiv:1903.05628)."""
        def spread(seen):
            where = torch.cat([F.adaptive_avg_pool2d(s.float(), 4).flatten(1) for s in seen[:2]], 1)
            return torch.stack([torch.pdist(statistics(seen)).mean(), torch.pdist(where).mean()])

        real = spread(real_seen)
        self.spread = real if self.spread is None else self.spread.lerp(real, 0.02)
        return F.relu(1 - spread(fake_seen) / self.spread).mean()

    def roughness(self, z, mood):
        """How unevenly a small turn of the latent changes the picture at side 64: variance of the
        logarithm of the change, over the step and against its own mean before. A walk of even
        speed is then a film of even speed (path length regularisation of Karras et al. 2020, by
        differences)."""
        z = F.normalize(z, dim=1)
        turn = F.normalize(torch.randn_like(z), dim=1)
        pair = torch.cat([z, z + NEAR * turn])
        here, there = torch.tanh(self.generator.before_tanh(pair, mood.repeat(2, 1), side=min(64, self.view))).chunk(2)
        change = ((here - there).float().square().mean((1, 2, 3)) + 1e-8).log() / 2
        mean = change.mean().detach()
        self.slope = mean if self.slope is None else self.slope.lerp(mean, 0.02)
        return (change - self.slope).square().mean()

    def run(self):
        """Train until the time is over or a signal comes; the first process logs and saves."""
        path = self.out / f"{self.args.look}.csv"
        asked = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.append(True))
        begin, before = time.monotonic(), self.seconds
        device = device_name(self.device)
        compute_before = self.compute.get(device, 0.0)
        saved, sums, stop = begin, {}, False
        if self.rank == 0 and self.step == 0:
            path.unlink(missing_ok=True)
        while not stop:
            out_of_time = time.monotonic() - begin > self.args.minutes * 60
            self.cool((self.seconds - before) / (self.args.minutes * 60))
            step = self.reconstruct_step if self.begins() else self.train_step
            values, stop = step(bool(asked) or out_of_time)
            now = time.monotonic()
            self.seconds = before + first_says(now - begin)
            if self.rank:
                continue
            spent = self.world * time.process_time() if device == "CPU" else now - begin
            self.compute[device] = compute_before + spent
            for key, value in values.items():  # reading one now would wait for the card
                sums.setdefault(key, []).append(value.detach())
            if self.step % LOG_STEPS == 0:
                means = {column: round(torch.stack(v).float().mean().item(), 3) for column, v in sums.items()}
                row = {"step": self.step, "seconds": round(self.seconds)} | means
                with open(path, "a+", newline="") as file:
                    file.seek(0)
                    # An earlier program's log keeps the columns with which it began.
                    columns = next(csv.reader(file), None)
                    log = csv.DictWriter(file, columns or ["step", "seconds", *COLUMNS], extrasaction="ignore",
                                         lineterminator="\n")
                    if not columns:
                        log.writeheader()
                    log.writerow(row)
                print(*(f"{name} {value}" for name, value in row.items()), flush=True)
                sums = {}
            if stop or now - saved > self.args.save_minutes * 60 or self.step in (100, 300):
                saved = now
                print("saved; saturation of the averaged weights", round(self.save(), 3), flush=True)


def moods_of(args):
    """Moods of the pictures, from OUT/moods_LOOK.csv, which the first run writes."""
    path = Path(args.out) / f"moods_{args.look}.csv"
    if not path.exists():
        files = files_of(args.pictures)
        ridge = load_regressor(args.mood_model)
        labels(path, ridge(cached(Path(args.out) / f"features_{args.look}.pt", Lite0(), files)), files)
    return read_moods(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("look", help="name of the look, and of its files in OUT")
    parser.add_argument("--pictures", required=True, help="folder of pictures to learn from, some hundreds or more")
    parser.add_argument("--out", default="out", help="folder for checkpoints, logs and sample grids")
    parser.add_argument("--mood-model", default="../../models/mood.safetensors", help="labels the pictures")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--save-minutes", type=float, default=5, help="between two checkpoints with their sheets")
    parser.add_argument("--cool", type=float, default=0, metavar="SHARE",
                        help="share of the time over which, at its end, the learning rates fall to a tenth")
    parser.add_argument("--start-from", help="checkpoint of another look to start from")
    parser.add_argument("--side", type=int, default=RESOLUTION, choices=(64, 128, RESOLUTION),
                        help="train the first blocks only, up to this side")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--mood-weight", type=float, default=1.0, help="of the guessed mood in the generator's loss")
    parser.add_argument("--transport", type=float, default=2.0, help="weight of the Fréchet distances of the fakes")
    parser.add_argument("--layouts", type=float, default=0, metavar="MINUTES",
                        help="first reconstruct pictures from their layouts, at twice the learning rate")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--threads", type=int, default=0, help="0: PyTorch's choice")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark, torch.backends.cudnn.benchmark_limit = True, 4
    if "WORLD_SIZE" in os.environ:
        dist.init_process_group("gloo")
    Trainer(args).run()


if __name__ == "__main__":
    main()
