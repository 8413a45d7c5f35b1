"""The network: a learned filter bank on the raw waveform, then narrow 1D convolutions.

All convolutions are 'valid' (no padding) and nothing before the pool looks at the whole
window, so a stream can keep the trunk's frames and compute only those that are new.
"""

import math

import torch
from torch import nn

SAMPLE_RATE = 16000
HOP = 4000         # samples between two estimates of the listener (250 ms)
WINDOW = 64400     # samples an estimate looks at (4.025 s, 71 frames)
STRIDE = 800       # samples between two frames before the pool; divides HOP
RECEPTIVE = 8400   # samples one such frame sees
FILTERS = 128      # learned filters: 64 quadrature pairs at the start
BANDS = 64
KERNEL, KERNEL_STRIDE = 800, 100
BAND_KERNEL, BAND_STRIDE = 3, 2
FLOOR = 1e-9       # added to a band's energy before the logarithm
TRUNK = ((64, 96, 5, 1), (96, 128, 4, 2), (128, 128, 5, 1), (128, 192, 4, 2), (192, 256, 5, 1))
HIDDEN = 128
VARIANCE_FLOOR = 1e-5
OUTPUTS = ("valence", "arousal", "sigma_valence", "sigma_arousal")
GEMS_COUNT = 9


def gabor_bank() -> torch.Tensor:
    """Starting filters [FILTERS, 1, KERNEL]: cosine and sine pairs on a mel scale.

    A sine of amplitude 1 at a pair's centre gives the pair an energy of 1.
    """
    mel = lambda hz: 2595 * math.log10(1 + hz / 700)
    edges = [700 * (10 ** (m / 2595) - 1) for m in torch.linspace(mel(50), mel(7600), BANDS + 2).tolist()]
    time = torch.arange(KERNEL) - (KERNEL - 1) / 2
    bank = torch.zeros(FILTERS, 1, KERNEL)
    for band in range(BANDS):
        low, centre, high = edges[band:band + 3]
        length = min(KERNEL, max(128, 4 * SAMPLE_RATE / (high - low)))
        envelope = torch.cos(math.pi * time / length) ** 2 * (time.abs() < length / 2)
        envelope *= 2 / envelope.sum()
        phase = 2 * math.pi * centre / SAMPLE_RATE * time
        bank[2 * band, 0] = envelope * torch.cos(phase)
        bank[2 * band + 1, 0] = envelope * torch.sin(phase)
    return bank


class EmotionNet(nn.Module):
    """Waveform [n, samples] to (outputs [n, 4], GEMS shares [n, 9]).

    Outputs in the order of `OUTPUTS`; valence and arousal are not yet clamped to [-1, 1].
    The GEMS shares help in training only and are not exported.
    """

    def __init__(self, dropout: float = 0.2):
        super().__init__()
        self.filters = nn.Conv1d(1, FILTERS, KERNEL, KERNEL_STRIDE, bias=False)
        self.filters.weight.data = gabor_bank()
        taps = torch.tensor([0.25, 0.5, 0.25])
        bands = 1e-4 * torch.rand(BANDS, FILTERS, BAND_KERNEL)
        for band in range(BANDS):
            bands[band, 2 * band:2 * band + 2] = taps
        self.bands = nn.Parameter(bands)
        self.band_norm = nn.BatchNorm1d(BANDS)
        self.trunk = nn.Sequential(*(
            nn.Sequential(nn.Conv1d(i, o, k, s, bias=False), nn.BatchNorm1d(o), nn.ReLU())
            for i, o, k, s in TRUNK))
        self.hidden = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * TRUNK[-1][1], HIDDEN),
                                    nn.ReLU(), nn.Dropout(dropout))
        self.head = nn.Linear(HIDDEN, len(OUTPUTS))
        self.gems = nn.Linear(HIDDEN, GEMS_COUNT)
        self.head.bias.data = torch.tensor([0.2, 0.0, -1.5, -1.5])

    def frames(self, wave: torch.Tensor) -> torch.Tensor:
        """Waveform [n, samples] to trunk frames [n, 256, 1 + (samples - RECEPTIVE) // STRIDE]."""
        energy = self.filters(wave[:, None]) ** 2
        energy = nn.functional.conv1d(energy, self.bands.abs(), stride=BAND_STRIDE)
        return self.trunk(self.band_norm(torch.log(energy + FLOOR)))

    def pool(self, frames: torch.Tensor) -> torch.Tensor:
        """Mean and deviation over time: [n, 256, frames] to [n, 512]."""
        deviation = (frames.var(-1, correction=0) + VARIANCE_FLOOR).sqrt()
        return torch.cat([frames.mean(-1), deviation], 1)

    def judge(self, pooled: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Pooled [n, 512] to (outputs [n, 4], GEMS shares [n, 9])."""
        hidden = self.hidden(pooled)
        raw = self.head(hidden)
        return torch.cat([raw[:, :2], raw[:, 2:].clamp(-4, 1).exp()], 1), self.gems(hidden)

    def forward(self, wave: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.judge(self.pool(self.frames(wave)))


def multiply_adds_per_second() -> float:
    """Multiply-adds for one second of new audio, up to the pool."""
    rate = SAMPLE_RATE / KERNEL_STRIDE
    total = rate * FILTERS * KERNEL
    rate /= BAND_STRIDE
    total += rate * FILTERS * BANDS * BAND_KERNEL
    for i, o, k, s in TRUNK:
        rate /= s
        total += rate * i * o * k
    return total
