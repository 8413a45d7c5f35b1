"""The generator that ships, and the discriminator that teaches it.

Generator: mapping network and weight-demodulated convolutions after StyleGAN2 (Karras et
al. 2020, arXiv:1912.04958), bilinear upsampling. What paint, paper and canvas have of chance is
painted from noise: new in every picture of the training, constant in the shipped network, so that
a picture is a pure function of latent and mood, and runs the same in Rust, WGSL and here.

Discriminator: projected GAN (Sauer et al. 2021, arXiv:2111.01007) on frozen
EfficientNet-Lite0 features mixed by fixed random convolutions; a small head per scale,
conditional on look and mood by projection (Miyato and Koyama 2018, arXiv:1802.05637).

Encoder: gives every picture a latent from which the generator paints its like, so that each
picture has a near sample and none is forgotten.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.parametrizations import spectral_norm

from features import TAP_CHANNELS, Lite0

Z_DIM = W_DIM = 128
LOOK_DIM = 8  # length of the vector that says which look a family of looks paints
CHANNELS = (384, 384, 256, 96, 48, 32, 16, 8)  # at sides 4, 8, 16, 32, 64, 128, 256, 512
DEPTHS = (1, 2, 2, 2, 2, 1, 1, 1)  # convolutions at these sides
RESOLUTION = 256  # side of what a generator paints; 512 has one level more
NOISY = 32  # the least side at which noise comes in; coarser, it would decide what is painted
VIEW = 128  # side of what the discriminator sees: a whole picture made small, or a window of it
MOOD_GRID = 5  # w_mean is stored on a grid of 5 x 5 moods


def levels(side):
    """Channels and convolutions at all sides up to this one."""
    count = (side // 4).bit_length()
    return CHANNELS[:count], DEPTHS[:count]


def leaky(x):
    return F.leaky_relu(x, 0.2)


class Doubled(torch.autograd.Function):
    """Bilinear doubling whose way back is two matrix products: that of PyTorch adds number after
    number on a card, and was a third of the time of a step."""

    @staticmethod
    def forward(context, x):
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)

    @staticmethod
    def backward(context, gradient):
        """gradient [N, C, 2 S, 2 S] -> [N, C, S, S], in channels-last order."""
        g = gradient.permute(0, 2, 3, 1).contiguous()
        n, double, _, channels = g.shape
        half = double // 2
        adjoint = Doubled.weights(half, g.device).T.to(g.dtype)  # [S, 2 S]
        g = (adjoint @ g.view(n, double, double * channels)).view(n * half, double, channels)
        return (adjoint @ g).view(n, half, half, channels).permute(0, 3, 1, 2)

    @staticmethod
    def weights(side, device):
        """How much of each old row is in each new one, [2 side, side]: three quarters of the nearer, a
        quarter of the other, and at the edges all of the one."""
        at = (torch.arange(2 * side, device=device) + 0.5) / 2 - 0.5
        distance = (at.clamp(0, side - 1)[:, None] - torch.arange(side, device=device)).abs()
        return (1 - distance).clamp_min(0)


def up(x):
    if torch.is_grad_enabled() and x.requires_grad:
        return Doubled.apply(x)
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Modulated(nn.Module):
    """3x3 convolution whose input channels w scales, demodulated, with its activation. If a `side` of
    its maps is given, noise is added before the activation, the same to all channels."""

    def __init__(self, c_in, c_out, side=None):
        super().__init__()
        self.register_buffer("noise", None if side is None else torch.randn(side, side))
        if side is not None:
            self.strength = nn.Parameter(torch.tensor(0.05))
        self.conv = nn.Conv2d(c_in, c_out, 3, padding=1)
        self.style = nn.Linear(W_DIM, c_in)
        nn.init.normal_(self.conv.weight, std=(9 * c_in) ** -0.5)
        nn.init.zeros_(self.conv.bias)
        nn.init.normal_(self.style.weight, std=0.5 * W_DIM**-0.5)
        nn.init.ones_(self.style.bias)

    def forward(self, x, w, doubles=False, fresh=False):
        """x [N, c_in, S, S], w [N, 128] -> [N, c_out, S', S']; S' = 2 S if it doubles. `fresh`: new
        noise instead of the constant one."""
        style = self.style(w).float()
        energy = self.conv.weight.float().square().sum((2, 3))  # [c_out, c_in]
        norm = ((style.square()[:, None] * energy).sum(2) + 1e-8).rsqrt()  # [N, c_out]
        x = x * style.to(x.dtype)[:, :, None, None]
        if doubles:  # after the style, which is cheaper and the same
            x = up(x)
        x = F.conv2d(x, self.conv.weight, padding=1)
        gain = 2**0.5  # positive, so it may go before the ReLU
        norm, bias = ((gain * v).to(x.dtype)[..., None, None] for v in (norm, self.conv.bias))
        if self.noise is not None:
            noise = torch.randn_like(x[:, :1]) if fresh else self.noise.to(x.dtype)
            bias = bias + noise * (gain * self.strength).to(x.dtype)
        return leaky(torch.addcmul(bias, x, norm))


class Block(Modulated):
    """What happens at one side: one or two convolutions, the first on a doubled map but at the
    start, and a 1x1 convolution to RGB."""

    def __init__(self, c_in, c_out, doubles, depth, side=None):
        super().__init__(c_in, c_out, side)
        self.doubles = doubles
        self.second = Modulated(c_out, c_out, side) if depth == 2 else None
        self.rgb = nn.Linear(c_out, 3)
        nn.init.normal_(self.rgb.weight, std=0.1 * c_out**-0.5)
        nn.init.zeros_(self.rgb.bias)

    def forward(self, x, w, fresh=False):
        """x [N, c_in, S, S], w [N, 128] -> features [N, c_out, S', S'], RGB [N, 3, S', S']."""
        x = super().forward(x, w, self.doubles, fresh)
        if self.second is not None:
            x = self.second(x, w, fresh=fresh)
        rgb = F.conv2d(x, self.rgb.weight[:, :, None, None], self.rgb.bias)
        return x, rgb.float()


class Generator(nn.Module):
    """Latent z [N, 128], mood [N, 2] (valence, arousal in [-1, 1]) and look [N, 8] to RGB
    [N, 3, 256, 256] (with as many channels and convolutions a side as given, and noise or none).

    `look` holds the vectors of `looks` looks; those between them are blends. Without looks, the
    network is one look by itself and `look` is not asked for."""

    def __init__(self, channels=levels(RESOLUTION)[0], depths=levels(RESOLUTION)[1], noisy=True, looks=0):
        super().__init__()
        self.side = 4 << len(channels) - 1
        told = LOOK_DIM if looks else 0
        self.mapping = nn.ModuleList([nn.Linear(Z_DIM + 2 + told, W_DIM), nn.Linear(W_DIM, W_DIM)])
        self.start = nn.Linear(Z_DIM + told, channels[0] * 16)
        self.blocks = nn.ModuleList(
            Block(a, b, doubles=i > 0, depth=depth, side=4 << i if noisy and 4 << i >= NOISY else None)
            for i, (a, b, depth) in enumerate(zip(channels[:1] + channels, channels, depths))
        )
        self.register_buffer("w_mean", torch.zeros(max(looks, 1), MOOD_GRID, MOOD_GRID, W_DIM))
        for layer in self.mapping:
            nn.init.kaiming_normal_(layer.weight, 0.2)
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.mapping[0].weight[:, Z_DIM:], std=0.4)  # two inputs against 128
        nn.init.normal_(self.start.weight, std=Z_DIM**-0.5)
        nn.init.zeros_(self.start.bias)
        nn.init.zeros_(self.blocks[-1].rgb.weight)  # joins last, and silently
        if looks:
            self.look = nn.Parameter(torch.eye(looks, LOOK_DIM) * 1.5)  # far apart, at first

    @staticmethod
    def normalize(z):
        return F.normalize(z, dim=1) * Z_DIM**0.5

    def map(self, z, mood, look=None):
        """w [N, 128] of normalised latents, moods and looks."""
        told = [z, mood] if look is None else [z, mood, look]
        return leaky(self.mapping[1](leaky(self.mapping[0](torch.cat(told, 1)))))

    def mean_at(self, mood, means):
        """`means` [..., 5, 5, 128] interpolated bilinearly at moods [N, 2]; first index arousal, second
        valence. There is one grid for all moods, or one for each: [N, 5, 5, 128]."""
        place = (mood.clamp(-1, 1) + 1) / 2 * (MOOD_GRID - 1)
        low = place.floor().clamp(max=MOOD_GRID - 2).long()
        (v, a), (fv, fa) = low.unbind(1), (place - low)[:, :, None].unbind(1)
        n = torch.arange(len(mood), device=mood.device)
        m = means.expand(len(mood), -1, -1, -1)
        below = m[n, a, v] * (1 - fv) + m[n, a, v + 1] * fv
        above = m[n, a + 1, v] * (1 - fv) + m[n, a + 1, v + 1] * fv
        return below * (1 - fa) + above * fa

    def forward(self, z, mood, psi=None):
        """Pictures of the one look. psi [N] pulls towards the mean picture of the mood (1 or None: not
        at all)."""
        return torch.tanh(self.before_tanh(z, mood, psi=psi))

    def before_tanh(self, z, mood, look=None, psi=None, side=None, fresh=False, means=None):
        """RGB before the tanh, on which training keeps an eye. A smaller `side` stops early;
        `fresh` takes new noise for each picture; `means` [N, 5, 5, 128] are those that psi pulls towards,
        where they are not those of the one look."""
        z = self.normalize(z)
        w = self.map(z, mood, look)
        if psi is not None:
            mean = self.mean_at(mood, self.w_mean if means is None else means)
            w = mean + psi[:, None] * (w - mean)
            z = psi[:, None] * z
        x = self.start(z if look is None else torch.cat([z, look], 1)).unflatten(1, (-1, 4, 4))
        rgb = None
        for index, block in enumerate(self.blocks):
            x, new = block(x, w, fresh)
            rgb = new if rgb is None else up(rgb) + new
            if 4 << index == (side or self.side):
                return rgb

    def one(self, look):
        """The generator of one look alone: `look` [8] becomes part of the biases."""
        channels = tuple(block.conv.out_channels for block in self.blocks)
        depths = tuple(1 if block.second is None else 2 for block in self.blocks)
        noisy = any(name.endswith(".noise") for name in self.state_dict())
        alone = Generator(channels, depths, noisy)
        state = {name: value for name, value in self.state_dict().items() if name not in ("look", "w_mean")}
        for layer, before in (("mapping.0", Z_DIM + 2), ("start", Z_DIM)):
            weight = state[f"{layer}.weight"]
            state[f"{layer}.bias"] = state[f"{layer}.bias"] + weight[:, before:] @ look
            state[f"{layer}.weight"] = weight[:, :before]
        alone.load_state_dict(state, strict=False)
        return alone.eval().requires_grad_(False)


class Eye(nn.Module):
    """Frozen features of five scales, mixed across channels and then, coarse to fine, across
    scales by fixed random convolutions. Input [N, 3, VIEW, VIEW]; output coarsest first."""

    CHANNELS = (32, 64, 64, 64, 64)  # finest first, at sides 64, 32, 16, 8, 4

    def __init__(self):
        super().__init__()
        self.lite0 = Lite0()
        self.across = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in zip(TAP_CHANNELS, self.CHANNELS))
        self.mix = nn.ModuleList(nn.Conv2d(c, c, 3, padding=1) for c in self.CHANNELS)
        self.narrow = nn.Conv2d(64, 32, 1)
        for layer in [*self.across, *self.mix, self.narrow]:
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.register_buffer("gain", torch.ones(len(TAP_CHANNELS)))  # coarsest first
        self.requires_grad_(False)

    @torch.no_grad()
    def calibrate(self, x):
        """Set the gains so that every scale has deviation 1 on the pictures x."""
        self.gain.fill_(1)
        self.gain.copy_(torch.stack([1 / s.float().std() for s in self(x)]))

    def forward(self, x):
        taps = [layer(t) for layer, t in zip(self.across, self.lite0(x))]
        seen, below = [], None
        for index in reversed(range(len(taps))):
            x = taps[index]
            if below is not None:
                below = up(below)
                x = x + (self.narrow(below) if index == 0 else below)
            below = self.mix[index](x)
            seen.append(below)
        return [s * g for s, g in zip(seen, self.gain)]


def one_hot(index, count):
    """Rows of the identity [N, count], in an operation that a CUDA graph can hold."""
    return (index[:, None] == torch.arange(count, device=index.device)).float()


class Head(nn.Module):
    """Patch logits of one scale: a map of "real" plus its agreement with look and mood. What is real
    in a whole picture and in a window of one are two directions of the same features."""

    def __init__(self, trunk, channels, looks):
        super().__init__()
        self.trunk = trunk
        self.real = nn.Parameter(torch.randn(2, channels))  # of wholes, of windows
        self.bias = nn.Parameter(torch.zeros(2, 1))
        self.look = nn.Parameter(torch.randn(looks, channels))
        self.mood = nn.Sequential(nn.Linear(2 + looks, 64), nn.LeakyReLU(0.2), nn.Linear(64, channels))

    def forward(self, x, view, mood, look):
        """`view` [N]: 0 for whole pictures, 1 for windows; `look` [N]: which. Logits [N, positions]."""
        h = self.trunk(x)
        view, look = one_hot(view, 2), one_hot(look, len(self.look))
        told = self.mood(torch.cat([mood, look], 1))
        direction = (view @ self.real + look @ self.look + told) * h.shape[1] ** -0.5  # [N, channels]
        return ((h * direction[:, :, None, None]).sum(1).flatten(1) + view @ self.bias).float()


def trunk(channels, widths, kernel):
    """Spectrally normalised convolutions: of kernel 4 they halve the side."""
    stride = 2 if kernel == 4 else 1
    layers = []
    for width in widths:
        layers += [spectral_norm(nn.Conv2d(channels, width, kernel, stride, 1)), nn.LeakyReLU(0.2)]
        channels = width
    return nn.Sequential(*layers)


class Discriminator(nn.Module):
    """One head per scale of `Eye`, one on the pixels themselves, and a guess of the mood from the
    statistics of all scales (an auxiliary regressor after Odena et al. 2017, arXiv:1610.09585)."""

    def __init__(self, looks=1):
        super().__init__()
        self.looks = looks
        trunks = [trunk(64, [128], 3), trunk(64, [128], 3), trunk(64, [128], 4), trunk(64, [128, 128], 4),
                  trunk(32, [64, 128, 128], 4), trunk(3, [64, 128, 128], 4)]
        self.heads = nn.ModuleList(Head(t, 128, looks) for t in trunks)
        seen = 2 * sum(Eye.CHANNELS)
        self.guess = nn.Sequential(nn.Linear(seen + looks, 256), nn.LeakyReLU(0.2), nn.Linear(256, 2))

    def forward(self, seen, x, *told):
        """Of what the eye sees of pictures x, with view, mood and look: logits [N, positions], a list."""
        return [head(s, *told) for head, s in zip(self.heads, [*seen, x])]

    def mood_of(self, seen, look):
        """Mood [N, 2] guessed from the features."""
        return self.guess(torch.cat([statistics(seen), one_hot(look, self.looks)], 1)).float()


class Encoder(nn.Module):
    """A latent for each picture, from what the eye sees of it and from its colours where they are.
    Noise of `NOISE` deviations is added in training, so that neighbours paint alike."""

    NOISE = 0.5
    COLOURS = 16  # side of the thumbnail

    def __init__(self):
        super().__init__()
        self.fine = nn.Conv2d(64, 128, 4, 2, 1)  # side 16 to 8
        self.middle = nn.Conv2d(128 + 64, 256, 4, 2, 1)  # 8 to 4
        self.colours = nn.Linear(3 * self.COLOURS**2, 256)
        self.last = nn.Sequential(nn.Linear((256 + 64) * 16 + 256, 512), nn.LeakyReLU(0.2), nn.Linear(512, Z_DIM))

    def forward(self, seen, x):
        """Latents [N, 128] of length sqrt(128), without noise."""
        h = leaky(self.fine(seen[2]))
        h = leaky(self.middle(torch.cat([h, seen[1]], 1)))
        colours = F.avg_pool2d(x, x.shape[-1] // self.COLOURS).flatten(1)
        h = torch.cat([h.flatten(1), seen[0].flatten(1), leaky(self.colours(colours))], 1)
        return Generator.normalize(self.last(h).float())


def statistics(seen):
    """Mean and deviation of every channel of every scale, [N, 2 * sum(Eye.CHANNELS)]."""
    flat = [s.flatten(2).float() for s in seen]
    return torch.cat([f.mean(2) for f in flat] + [f.std(2) for f in flat], 1)
