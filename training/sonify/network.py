"""The network that paints spectra (a U-Net with skips, as in pix2pix), and the critic of its patches."""

import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS = (32, 64, 96, 128)
INPUTS = 9  # presence, pitch class, onset of two frames, noise of two, height, valence, arousal
ROWS = 96  # semitones; a column is two frames
OUTPUTS = 4  # two quarter tones by two frames


def leaky(x):
    return F.leaky_relu(x, 0.2)


class Unet(nn.Module):
    """[N, INPUTS, ROWS, columns] to [N, 1, 2 ROWS, 2 columns]; columns are a multiple of 8."""

    def __init__(self):
        super().__init__()
        a, b, c, d = CHANNELS
        self.down0 = nn.Conv2d(INPUTS, a, 3, 1, 1)
        self.down1 = nn.Conv2d(a, b, 3, 2, 1)
        self.down2 = nn.Conv2d(b, c, 3, 2, 1)
        self.down3 = nn.Conv2d(c, d, 3, 2, 1)
        self.deep = nn.Conv2d(d, d, 3, 1, 1)
        self.up2 = nn.Conv2d(d + c, c, 3, 1, 1)
        self.up1 = nn.Conv2d(c + b, b, 3, 1, 1)
        self.up0 = nn.Conv2d(b + a, a, 3, 1, 1)
        self.fine = nn.Conv2d(a + INPUTS, a, 3, 1, 1)
        self.out = nn.Conv2d(a, OUTPUTS, 3, 1, 1)

    def forward(self, x):
        a = leaky(self.down0(x))
        b = leaky(self.down1(a))
        c = leaky(self.down2(b))
        d = leaky(self.down3(c))
        d = leaky(self.deep(d))
        y = leaky(self.up2(torch.cat([F.interpolate(d, scale_factor=2), c], 1)))
        y = leaky(self.up1(torch.cat([F.interpolate(y, scale_factor=2), b], 1)))
        y = leaky(self.up0(torch.cat([F.interpolate(y, scale_factor=2), a], 1)))
        y = leaky(self.fine(torch.cat([y, x], 1)))
        return F.pixel_shuffle(self.out(y), 2)


class Critic(nn.Module):
    """Whether patches of a spectrum are music's that fits what is told of it; and what it saw on its way."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(INPUTS + OUTPUTS, 48, 4, 2, 1)
        self.second = nn.Conv2d(48, 96, 4, 2, 1)
        self.last = nn.Conv2d(96, 1, 3, 1, 1)

    def forward(self, told, spectrum):
        told = torch.cat([told[:, :4], 0 * told[:, 4:6], told[:, 6:]], 1)
        first = leaky(self.first(torch.cat([told, F.pixel_unshuffle(spectrum, 2)], 1)))
        second = leaky(self.second(first))
        return self.last(second), (first, second)


def tell(presence, classes, onset, mood, generator=None):
    """The network's input: presence [N, frames, octaves] in deviations, pitch classes [N, frames, 12], onsets [N, frames],
    moods [N, 2]."""
    n, frames, octaves = presence.shape
    columns = frames // 2
    level = presence.view(n, columns, 2, octaves).mean(2).transpose(1, 2)  # [N, octaves, columns]
    level = F.interpolate(level[:, None], size=(ROWS, columns), mode="bilinear", align_corners=False)
    keys = classes.view(n, columns, 2, 12).amax(2).transpose(1, 2).repeat(1, octaves, 1)[:, None]
    begins = onset.view(n, columns, 2).transpose(1, 2)[:, :, None].expand(-1, -1, ROWS, -1)
    noise = torch.randn(n, 2, ROWS, columns, generator=generator)
    height = torch.linspace(-1, 1, ROWS)[None, None, :, None].expand(n, 1, ROWS, columns)
    feels = mood[:, :, None, None].expand(n, 2, ROWS, columns)
    return torch.cat([level, keys, begins, noise, height, feels], 1)
