"""The network: a learned filter bank on the raw waveform, then narrow 1D convolutions.

All convolutions are 'valid' (no padding) and nothing before the pool looks at the whole
window, so a stream can keep the trunk's frames and compute only those that are new.
"""

import math

import torch
from torch import nn

SAMPLE_RATE = 16000
HOP = 4000         # samples between two estimates of the listener (250 ms)
WINDOW = 63780     # samples an estimate looks at (3.986 s, 54 frames)
PATCH_WINDOW = 47780  # samples of a teacher's patch that training looks at (38 frames)
STRIDE = 1000      # samples between two frames before the pool; divides HOP
RECEPTIVE = 10780  # samples one such frame sees
BANDS = 84         # a semitone apart, from LOWEST
LOWEST = 55.0      # Hz
FILTERS = 2 * BANDS  # learned filters: quadrature pairs at the start
KERNEL, KERNEL_STRIDE = 1280, 125
PERIODS = 34       # of its own tone that a filter spans: enough to tell semitones apart
SHORTEST = 256     # samples of the shortest filter
BAND_KERNEL, BAND_STRIDE = 3, 2
FLOOR = 1e-9       # added to a band's energy before the logarithm
TRUNK = ((84, 128, 5, 1), (128, 160, 4, 2), (160, 160, 5, 1), (160, 256, 4, 2), (256, 384, 5, 1))
HIDDEN = 256
VARIANCE_FLOOR = 1e-5
OUTPUTS = ("valence", "arousal", "sigma_valence", "sigma_arousal")
GEMS_COUNT = 9
EMBEDDING = 128    # directions of the teacher's features that are learned beside the ratings


def gabor_bank() -> torch.Tensor:
    """Starting filters [FILTERS, 1, KERNEL]: cosine and sine pairs, a semitone apart.

    A sine of amplitude 1 at a pair's centre gives the pair an energy of 1.
    """
    time = torch.arange(KERNEL) - (KERNEL - 1) / 2
    bank = torch.zeros(FILTERS, 1, KERNEL)
    for band in range(BANDS):
        centre = LOWEST * 2 ** (band / 12)
        length = min(KERNEL, max(SHORTEST, PERIODS * SAMPLE_RATE / centre))
        envelope = torch.cos(math.pi * time / length) ** 2 * (time.abs() < length / 2)
        envelope *= 2 / envelope.sum()
        phase = 2 * math.pi * centre / SAMPLE_RATE * time
        bank[2 * band, 0] = envelope * torch.cos(phase)
        bank[2 * band + 1, 0] = envelope * torch.sin(phase)
    return bank


def outputs_of(raw: torch.Tensor) -> torch.Tensor:
    """Valence and arousal as they are, and the two sigmas from their logarithms."""
    return torch.cat([raw[:, :2], raw[:, 2:].clamp(-4, 1).exp()], 1)


class EmotionNet(nn.Module):
    """Waveform [n, samples] to (outputs [n, 4], GEMS shares [n, 9], embedding [n, 128]).

    Outputs in the order of `OUTPUTS`; valence and arousal are not yet clamped to [-1, 1].
    All three, and the layers between them and the pool, help in training only; what is exported
    judges by `judge`, a linear map from the pool.
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
        self.rating = nn.Linear(HIDDEN, len(OUTPUTS))
        self.gems = nn.Linear(HIDDEN, GEMS_COUNT)
        self.embedding = nn.Linear(HIDDEN, EMBEDDING)
        self.rating.bias.data = torch.tensor([0.2, 0.0, -1.5, -1.5])
        self.head = nn.Linear(2 * TRUNK[-1][1], len(OUTPUTS))  # fitted by head.py at the end

    def frames(self, wave: torch.Tensor) -> torch.Tensor:
        """Waveform [n, samples] to trunk frames [n, 384, 1 + (samples - RECEPTIVE) // STRIDE]."""
        # The same as self.filters(wave[:, None]), and faster to train.
        energy = (wave.unfold(1, KERNEL, KERNEL_STRIDE) @ self.filters.weight[:, 0].T) ** 2
        energy = energy.transpose(1, 2)
        energy = nn.functional.conv1d(energy, self.bands.abs(), stride=BAND_STRIDE)
        return self.trunk(self.band_norm(torch.log(energy + FLOOR)))

    def pool(self, frames: torch.Tensor) -> torch.Tensor:
        """Mean and deviation over time: [n, 384, frames] to [n, 768]."""
        deviation = (frames.var(-1, correction=0) + VARIANCE_FLOOR).sqrt()
        return torch.cat([frames.mean(-1), deviation], 1)

    def judge(self, pooled: torch.Tensor) -> torch.Tensor:
        """Pooled [n, 768] to outputs [n, 4]: what is exported."""
        return outputs_of(self.head(pooled))

    def forward(self, wave: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        hidden = self.hidden(self.pool(self.frames(wave)))
        return outputs_of(self.rating(hidden)), self.gems(hidden), self.embedding(hidden)


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
