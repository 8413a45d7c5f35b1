"""A latent for each of a few pictures: of many that are drawn, the one whose picture is most like it, found anew
every so many steps (implicit maximum likelihood, Li and Malik 2018, arXiv:1809.09087). So every picture has a near sample,
and samples are drawn as they will be later. It suits some hundred pictures; thousands are the encoder's."""

import torch
import torch.nn.functional as F

from network import Z_DIM, Generator

DRAWN = 256  # latents a look
BATCH = 32
SIDE = 64  # of the pictures that are compared
COLOURS = 8  # side of the thumbnail that is compared beside what the eye sees
MOOD = 0.5  # weight of how far a mood is from the picture's


class Nearest:
    """The latents [looks, room, 128] of the pictures of a pool. `look_at` is what the eye sees."""

    def __init__(self, pool, look_at):
        self.pool, self.look_at = pool, look_at
        self.latents = torch.zeros(len(pool.looks), pool.room, Z_DIM, device=pool.device)
        self.seen = [self.described(pool.whole(look)) for look in range(len(pool.looks))]
        self.scale = [torch.pdist(seen).mean() for seen in self.seen]

    @torch.no_grad()
    def described(self, pictures):
        """Rows whose distance says how unlike pictures [N, 3, S, S], bytes or in [-1, 1], are: coarse features, and
        colours where they are."""
        rows = []
        for part in pictures.split(BATCH):
            part = part.float() / 127.5 - 1 if part.dtype == torch.uint8 else part
            small = F.interpolate(part, size=(128, 128), mode="area")
            coarse, finer = self.look_at(small)[:2]
            colours = 2 * F.avg_pool2d(small, 128 // COLOURS)
            rows.append(torch.cat([x.float().flatten(1) / x[0].numel() ** 0.5 for x in (coarse, finer, colours)], 1))
        return torch.cat(rows)

    @torch.no_grad()
    def find(self, generator):
        """Draws latents and gives each picture the nearest one."""
        for look, seen in enumerate(self.seen):
            count = len(seen)
            z = Generator.normalize(torch.randn(DRAWN, Z_DIM, device=seen.device))
            moods = self.pool.moods[look, :count]
            mood = moods[torch.randint(0, count, (DRAWN,), device=seen.device)]
            vector = generator.look[look].expand(DRAWN, -1)
            pictures = torch.cat([torch.tanh(generator.before_tanh(*part, side=SIDE))
                                  for part in zip(z.split(BATCH), mood.split(BATCH), vector.split(BATCH))])
            unlike = torch.cdist(seen, self.described(pictures)) / self.scale[look] + MOOD * torch.cdist(moods, mood)
            self.latents[look, :count] = z[unlike.argmin(1)]
