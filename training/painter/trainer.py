"""One step of training, captured in a CUDA graph where there is a card, and the run around it."""

import copy
import csv
import signal
import sys
import time
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

import losses
from data import device_name, grid, saturation
from nearest import Nearest
from network import RESOLUTION, VIEW, Z_DIM, Discriminator, Encoder, Eye, Generator, levels, one_hot

SHOWN = ("loss_d", "loss_g", "logit_real", "logit_fake", "mood_real", "mood_fake", "features", "colours",
         "crowding", "roughness", "saturation", "excess")  # of the log, after step and seconds
LOG_STEPS = 100
REMEMBERED = 2048  # latents of the latest pictures, for `losses.crowding`


def groups(network, lr, rates):
    """Optimiser groups: the rate of a parameter is `lr` times that of the first of `rates` that its name
    contains; the last must be in all. Rates are tensors, so that a captured step can cool down."""
    found = {part: [] for part in rates}
    for name, parameter in network.named_parameters():
        found[next(part for part in rates if part in name)].append(parameter)
    device = next(network.parameters()).device
    return [dict(params=found[part], lr=torch.tensor(lr * rate, device=device)) for part, rate in rates.items() if found[part]]


# A step of Adam moves all weights of a layer together, so wide sums straight into RGB must learn slowly, or the tanh
# saturates within a hundred steps. Frozen features put the discriminator ahead, so it is slower; what it knows of
# mood and look starts from nothing and may hurry.
GENERATOR_RATES = {"strength": 3.0, "rgb": 0.2, "mapping": 0.5, "look": 0.5, "": 1.0}
DISCRIMINATOR_RATES = {"mood": 3.0, "guess": 3.0, "look": 3.0, "": 0.6}


class Trainer:
    """Networks, optimisers and everything a step reads and writes, at fixed addresses."""

    def __init__(self, args, pool):
        self.args, self.pool, self.device = args, pool, pool.device
        looks = len(pool.looks)
        self.view, self.side = VIEW, args.side  # of what the discriminator sees, and of what is painted
        place = dict(device=self.device, memory_format=torch.channels_last)
        torch.manual_seed(0)
        # A processor is slower in 16 bits, where it has them at all.
        self.kind = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        self.eye = Eye().to(dtype=self.kind, **place)  # the same random mix every time
        self.generator = Generator(*levels(max(args.side, RESOLUTION)), looks=looks).to(**place)
        self.discriminator = Discriminator(looks).to(**place)
        self.encoder = Encoder().to(**place)
        self.ema = copy.deepcopy(self.generator).requires_grad_(False)
        if args.side > RESOLUTION:  # a family of that side is one of the usual side and a level more
            self.generator.requires_grad_(False).blocks[-1].requires_grad_(True)
        self.optimisers = [
            torch.optim.Adam(found, betas=(0.0, 0.99), fused=True, capturable=self.device.type == "cuda")
            for found in (
                groups(self.generator, args.lr, GENERATOR_RATES) + groups(self.encoder, args.lr, {"": 1.0}),
                groups(self.discriminator, args.lr, DISCRIMINATOR_RATES),
            )
        ]
        self.rates = [[float(group["lr"]) for group in optimiser.param_groups] for optimiser in self.optimisers]
        self.logits, self.slope = torch.zeros(2, device=self.device), torch.zeros(2, device=self.device)
        self.latents = F.normalize(torch.randn(REMEMBERED, Z_DIM, device=self.device), dim=1) * Z_DIM**0.5
        self.latent_looks = torch.randint(0, looks, (REMEMBERED,), device=self.device)
        self.decay = torch.zeros((), device=self.device)  # of the averaged weights
        self.sums = torch.zeros(len(SHOWN), device=self.device)
        compiled = torch.compile if args.compile else lambda function: function
        self.paint, self.look_at = compiled(self.generator.before_tanh), compiled(self.eye.forward)
        self.step, self.seconds, self.compute = 0, 0.0, {}
        self.nearest = None
        self.graph, self.warm = None, 6  # steps that are run before one is captured

    def begin(self):
        """Fit the eye's gains to the pictures; there must be some of every look."""
        self.eye.calibrate(self.for_eye(self.small(self.pool.draw(64)[0])))
        if self.args.nearest:
            self.nearest = Nearest(self.pool, lambda x: self.look_at(self.for_eye(x)))

    def small(self, x):
        """Whole pictures, as small as the discriminator sees them."""
        return F.avg_pool2d(x, x.shape[-1] // self.view)

    def windows(self, x):
        """A window of the discriminator's size at a random place of each picture."""
        spare = x.shape[-1] - self.view
        at = torch.arange(self.view, device=x.device)
        down, right = torch.randint(0, spare + 1, (2, len(x), 1), device=x.device) + at
        x = x.gather(2, down[:, None, :, None].expand(-1, 3, -1, x.shape[3]))
        return x.gather(3, right[:, None, None, :].expand(-1, 3, self.view, -1))

    def views(self, x):
        """The first half of pictures made small, windows of the others."""
        half = (len(x) + 1) // 2
        return torch.cat([self.small(x[:half]), self.windows(x[half:])])

    def for_eye(self, x):
        return x.to(dtype=self.kind, memory_format=torch.channels_last)

    def mixed(self):
        """In 16 bits where that is faster."""
        return torch.autocast(self.device.type, torch.bfloat16, self.kind == torch.bfloat16, cache_enabled=False)

    def losses_of_step(self):
        """Draws a batch and runs forward and backward passes and both optimisers once."""
        shown = self.batch()
        with self.mixed():
            self.paint_batch(shown)
            losses_d = self.losses_of_discriminator(shown)
        self.descend(self.optimisers[1], losses_d["loss_d"] + losses_d["mood_real"] + self.args.restraint * losses_d.pop("restraint"))
        self.discriminator.requires_grad_(False)
        with self.mixed():
            losses_g = self.losses_of_generator(shown)
        args = self.args
        alike = args.alike * (losses_g["features"] + 4 * losses_g["colours"]) + args.spread * losses_g["crowding"]
        self.descend(self.optimisers[0], losses_g["loss_g"] + args.mood_weight * losses_g["mood_fake"]
                     + losses_g["excess"] + args.even * losses_g["roughness"] + alike)
        self.discriminator.requires_grad_(True)
        with torch.no_grad():
            self.follow(shown)
            said = losses_d | losses_g | {"saturation": saturation(shown.picture) / saturation(shown.real)}
            self.sums += torch.stack([said[name] for name in SHOWN]).float()

    def batch(self):
        """Pictures, and what is to be painted: `again` pictures from their own latents, then `batch` from drawn
        ones. View, mood and look stand for both."""
        args, pool, n = self.args, self.pool, self.args.batch
        shown = SimpleNamespace()
        kept = args.again if self.nearest else 0
        shown.real, shown.real_mood, shown.real_look, index = pool.draw(n, kept)
        shown.real = F.avg_pool2d(shown.real, args.side // self.side)
        shown.real_view = self.for_eye(losses.augment(self.views(shown.real)))
        shown.kept = self.for_eye(self.small(shown.real[: args.again]))
        look = torch.randint(0, len(pool.looks), (n,), device=self.device)
        if self.nearest:
            shown.nearest = self.nearest.latents[shown.real_look[:kept], index[:kept]]
        shown.look = torch.cat([shown.real_look[: args.again], look])
        shown.mood = torch.cat([shown.real_mood[: args.again], pool.moods_to_paint(look, n)])
        views = [torch.arange(count, device=self.device) * 2 >= count for count in (args.again, n)]
        shown.view, shown.view_real = torch.cat(views), views[1]
        return shown

    def paint_batch(self, shown):
        """Encodes what is painted again, paints, and has the eye look at all, in as few passes as can be: on
        a card a step costs what their number is."""
        n, again = self.args.batch, self.args.again
        with torch.no_grad():
            seen = self.look_at(torch.cat([shown.real_view, shown.kept]))
        shown.real_seen, shown.kept_seen = [s[:n] for s in seen], [s[n:] for s in seen]
        shown.exact = shown.nearest if self.nearest else self.encoder(shown.kept_seen, shown.kept)
        own = Generator.normalize(shown.exact + self.encoder.NOISE * torch.randn_like(shown.exact))
        shown.z = torch.cat([own, Generator.normalize(torch.randn(n, Z_DIM, device=self.device))])
        shown.vector = one_hot(shown.look, len(self.pool.looks)) @ self.generator.look
        shown.rgb = self.paint(shown.z, shown.mood, shown.vector, side=self.side, fresh=True)
        shown.picture = torch.tanh(shown.rgb)
        views = torch.cat([self.views(shown.picture[:again]), self.views(shown.picture[again:])])
        shown.fake = self.for_eye(losses.augment(views))
        shown.painted = self.small(shown.picture[:again])
        seen = self.look_at(torch.cat([shown.fake, self.for_eye(shown.painted)]))
        shown.fake_seen, shown.painted_seen = [s[: n + again] for s in seen], [s[n + again :] for s in seen]

    def losses_of_discriminator(self, shown):
        near_mood, n = losses.jitter(shown.real_mood), self.args.batch
        told = [torch.cat(pair) for pair in (
            (shown.view_real, shown.view), (near_mood, shown.mood), (shown.real_look, shown.look))]
        both = [torch.cat([r, f.detach()]) for r, f in zip(shown.real_seen, shown.fake_seen)]
        logits = self.discriminator(both, torch.cat([shown.real_view, shown.fake.detach()]), *told)
        real, fake = zip(*((l[:n], l[n:]) for l in logits))
        return {
            "loss_d": losses.hinge(real, fake),
            "restraint": losses.restraint(real, fake, self.logits),
            "mood_real": F.mse_loss(self.discriminator.mood_of(shown.real_seen, shown.real_look), near_mood),
            "logit_real": losses.mean_logit(real),
            "logit_fake": losses.mean_logit(fake),
        }

    def losses_of_generator(self, shown):
        again, some = self.args.again, max(1, self.args.batch // 8)
        logits = self.discriminator(shown.fake_seen, shown.fake, shown.view, shown.mood, shown.look)
        features, colours = losses.unlike(shown.kept_seen, shown.painted_seen, shown.kept.float(), shown.painted)
        mood, vector = (of[again : again + some].repeat(2, 1) for of in (shown.mood, shown.vector))
        return {
            "loss_g": -losses.mean_logit(logits),
            "mood_fake": F.mse_loss(self.discriminator.mood_of(shown.fake_seen, shown.look), shown.mood),
            "excess": F.relu(shown.rgb.abs() - 3).square().mean(),  # the tanh must not saturate for good
            "features": features,
            "colours": colours,
            "crowding": losses.crowding(shown.exact, shown.look[:again], self.latents, self.latent_looks),
            "roughness": losses.roughness(
                lambda z: torch.tanh(self.generator.before_tanh(z, mood, vector, side=64)),
                shown.z[again : again + some], self.slope),
        }

    def follow(self, shown):
        """Let the averaged weights follow, and remember the latents of the pictures."""
        again = self.args.again
        self.latents.copy_(torch.cat([shown.exact.detach(), self.latents[:-again]]))
        self.latent_looks.copy_(torch.cat([shown.look[:again], self.latent_looks[:-again]]))
        means, now = list(self.ema.parameters()), list(self.generator.parameters())
        torch._foreach_mul_(means, self.decay)
        torch._foreach_add_(means, torch._foreach_mul(now, 1 - self.decay))

    @staticmethod
    def descend(optimiser, loss):
        """One step down the loss; where a gradient is no number, which is rare in 16 bits, none."""
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        gradients = [p.grad for group in optimiser.param_groups for p in group["params"] if p.grad is not None]
        size = torch.stack(torch._foreach_norm(gradients)).sum()
        optimiser.found_inf = (~size.isfinite()).float()
        optimiser.step()

    def profile(self):
        """Print what the time of a step on a card goes into."""
        from torch.profiler import ProfilerActivity, profile

        self.losses_of_step()
        with profile(activities=[ProfilerActivity.CUDA]) as found:
            self.losses_of_step()
            torch.cuda.synchronize()
        print(found.key_averages().table(sort_by="self_cuda_time_total", row_limit=45, max_name_column_width=110))

    def train_step(self):
        """One step; on a card the first few run as they are, then they are captured and replayed."""
        self.decay.fill_(min(self.args.ema, (1 + self.step) / (10 + self.step)))
        if self.device.type != "cuda" or self.args.eager:
            self.losses_of_step()
        elif self.graph is None and self.warm:
            self.warm -= 1
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                self.losses_of_step()
            torch.cuda.current_stream().wait_stream(stream)
        elif self.graph is None:
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.losses_of_step()
            self.graph.replay()
        else:
            self.graph.replay()
        self.step += 1

    def grow(self, place):
        """Paint smaller pictures in the first share of the time."""
        side = VIEW if place < self.args.small and self.args.side <= RESOLUTION else self.args.side
        if side != self.side:
            self.side, self.graph, self.warm = side, None, 6

    def cool(self, place):
        """Set the learning rates for this share of the time, 0 to 1."""
        share = self.args.cool
        left = min(1.0, max(0.0, 1 - place) / share) if share else 1.0
        for optimiser, rates in zip(self.optimisers, self.rates):
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"].fill_(rate * (0.05 + 0.95 * left))

    def run(self, feed, out):
        """Train for the minutes or steps asked for, or until a signal comes; `feed()` brings new pictures. Log
        and checkpoints go into the folder `out`."""
        asked = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.append(True))
        begin, before, device = time.monotonic(), self.seconds, device_name(self.device)
        spent_before = self.compute.get(device, 0.0)
        length, saved, logged = self.args.minutes * 60, begin, self.step
        columns = ["step", "seconds", *SHOWN, "pictures"]
        path = out / "log.csv"
        if self.step == 0:
            path.write_text(",".join(columns) + "\n")
        while True:
            now = time.monotonic()
            self.seconds = before + now - begin
            self.compute[device] = spent_before + (time.process_time() if device == "CPU" else now - begin)
            stop = bool(asked) or now - begin > length or (self.args.steps and self.step >= self.args.steps)
            if stop or (self.step - logged >= LOG_STEPS):
                means = (self.sums / max(1, self.step - logged)).tolist()
                self.sums.zero_()
                logged = self.step
                row = [self.step, round(self.seconds), *(round(v, 3) for v in means), sum(self.pool.given)]
                with open(path, "a", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerow(row)
                print(*(f"{k} {v}" for k, v in zip(columns, row)), flush=True)
            if stop or now - saved > self.args.save_minutes * 60:
                saved = now
                self.save(out)
            if stop:
                return
            if sys.stdout.isatty():
                print(f"\r{(now - begin) / 60:.1f} of {self.args.minutes:g} minutes, step {self.step} ", end="", flush=True)
            if self.step % 20 == 0:
                self.cool((now - begin) / length)
                self.grow((now - begin) / length)
                feed()
            if self.nearest and self.step % self.args.nearest == 0:
                self.nearest.find(self.generator)
            self.train_step()
            if self.step % 50 == 0 and self.device.type == "cuda":
                torch.cuda.synchronize()  # so that the clock above tells of steps that were made

    @torch.no_grad()
    def save(self, out):
        """Small checkpoints that training goes on from, and sheets of samples."""
        def half(network):
            return {k: v.half() if v.is_floating_point() else v for k, v in network.state_dict().items()}

        facts = {"looks": self.pool.looks, "step": self.step, "seconds": self.seconds, "compute": self.compute,
                 "batch": self.args.batch}
        parts = {"generator.pt": {"ema": half(self.ema)},
                 "teachers.pt": {"discriminator": half(self.discriminator), "encoder": half(self.encoder)}}
        for name, part in parts.items():
            torch.save(part | facts, out / (name + ".part"))
            (out / (name + ".part")).rename(out / name)
        z = torch.randn(8, Z_DIM, generator=torch.Generator().manual_seed(1)).to(self.device)
        corners = torch.tensor([[v, a] for a in (0.8, -0.8) for v in (-0.8, 0.8)], device=self.device)
        sheets = {"looks": (z, corners.new_zeros(8, 2)), "moods": (z[:2].repeat_interleave(4, 0), corners.repeat(2, 1))}
        for name, (latents, moods) in sheets.items():
            sheet = torch.cat([
                torch.tanh(self.ema.before_tanh(latents, moods, look.expand(8, -1), side=self.side))
                for look in self.ema.look
            ])
            grid(F.avg_pool2d(sheet, self.side // 128), 8).save(out / f"{name}.png")

    def resume(self, folder):
        """Go on from what `save` wrote."""
        state = torch.load(folder / "generator.pt", map_location=self.device)
        if state["looks"] != self.pool.looks:
            raise SystemExit(f"{folder} holds the looks {', '.join(state['looks'])}, in this order, "
                             f"and not {', '.join(self.pool.looks)}")
        for network in (self.generator, self.ema):
            network.load_state_dict(state["ema"])
        self.load_teachers(folder / "teachers.pt", state["looks"])
        self.step, self.seconds, self.compute = state["step"], state["seconds"], dict(state["compute"])

    def start_from(self, file):
        """Begin with the weights of a family that was exported; looks that it does not have begin between
        all of its own."""
        teachers = file.with_suffix(".teachers.pt")
        for needed in (file, teachers):
            if not needed.is_file():
                raise SystemExit(f"there is no {needed}, from which training would start")
        try:
            with safe_open(file, "pt") as header:
                said = header.metadata() or {}
        except SafetensorError as error:
            raise SystemExit(f"{file} is no family of looks: {error}") from error
        if "looks" not in said:
            raise SystemExit(f"{file} is one look by itself and not a family")
        channels = [block.conv.out_channels for block in self.generator.blocks]
        if said["channels"].split(",") != [str(count) for count in channels][: said["channels"].count(",") + 1]:
            raise SystemExit(f"{file} is a family of another shape, with channels {said['channels']}")
        known = said["looks"].split(",")
        tensors = {name: tensor.float() for name, tensor in load_file(file, device=str(self.device)).items()}
        del tensors["w_mean"]
        for name in [name for name in tensors if name.endswith(".noise")]:  # the file has it times its strength
            strength = tensors[name].std()
            tensors[name.replace(".noise", ".strength")] = strength
            tensors[name] = tensors[name] / strength
        tensors["look"] = self.rows(tensors["look"], known)
        for network in (self.generator, self.ema):
            network.load_state_dict(tensors, strict=False)
        self.load_teachers(teachers, known)

    def rows(self, of_known, known):
        """A row for each of our looks: its own, or the mean of all."""
        mean = of_known.mean(0)
        return torch.stack([of_known[known.index(look)] if look in known else mean for look in self.pool.looks])

    def load_teachers(self, file, known):
        """Discriminator and encoder; what the first knows of each look follows the looks."""
        state = torch.load(file, map_location=self.device)
        self.encoder.load_state_dict(state["encoder"])
        tensors = {name: tensor.float() for name, tensor in state["discriminator"].items()}
        for name, tensor in tensors.items():
            if name.endswith(".look"):
                tensors[name] = self.rows(tensor, known)
            elif name.endswith("mood.0.weight") or name == "guess.0.weight":  # the looks are the last inputs
                told = self.rows(tensor[:, -len(known) :].T, known).T
                tensors[name] = torch.cat([tensor[:, : -len(known)], told], 1)
        self.discriminator.load_state_dict(tensors)
