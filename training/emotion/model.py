"""The network: a filter bank on the raw waveform, then 1D convolutions that are learned.

All convolutions are 'valid' (no padding) and nothing before the pool looks at the whole
window, so a stream can keep the trunk's frames and compute only those that are new. Beside the
trunk the pool hears which keys the window's tones fit, in features that do not change when the
music is transposed: mode is what valence depends on most, and few labels do not teach it.
"""

import math

import torch
from torch import nn

SAMPLE_RATE = 16000
HOP = 4000         # samples between two estimates of the listener (250 ms)
WINDOW = 63780     # samples an estimate looks at (3.986 s, 50 frames)
PATCH_WINDOW = 47780  # samples of a teacher's patch that training looks at (34 frames)
STRIDE = 1000      # samples between two frames before the pool; divides HOP
RECEPTIVE = 14780  # samples one such frame sees
BANDS = 84         # a semitone apart, from LOWEST
LOWEST = 55.0      # Hz
PAIRS = 128        # quadrature pairs of filters
SEMITONES = 58     # pairs that are a band each; those above are SPACING apart and share bands
SPACING = 76.0     # Hz
FILTERS = 2 * PAIRS
KERNEL, KERNEL_STRIDE = 1280, 125
PERIODS = 34       # of its own tone that a filter spans: enough to tell semitones apart
SHORTEST = 256     # samples of the shortest filter: twice the stride, so that nothing is missed
BAND_KERNEL, BAND_STRIDE = 3, 2
BAND_STEP = KERNEL_STRIDE * BAND_STRIDE            # samples between two rows of bands
BAND_SPAN = KERNEL + (BAND_KERNEL - 1) * KERNEL_STRIDE  # samples one row of bands sees
FLOOR = 1e-9       # added to a band's energy before the logarithm
TRUNK = ((84, 160, 5, 1), (160, 192, 4, 2), (192, 192, 5, 1), (192, 320, 4, 2), (320, 448, 5, 1),
         (448, 512, 5, 1))
TONAL_FIRST, OCTAVES = 12, 4  # the first band, and how many octaves, whose peaks make the chroma
SHARPNESS = 8.0    # of the choice among the keys
TONAL = 2 + 2 * 12 + 6
FEATURES = 2 * TRUNK[-1][1] + TONAL
DIRECTIONS = 48    # in which a window is compared with the music that was learned
HIDDEN = 256
VARIANCE_FLOOR = 1e-5
OUTPUTS = ("valence", "arousal", "sigma_valence", "sigma_arousal")
GEMS_COUNT = 9
EMBEDDING = 128    # directions of the teacher's features that are learned beside the ratings


def filter_bank() -> tuple[torch.Tensor, torch.Tensor]:
    """Filters [FILTERS, 1, KERNEL], cosine and sine pairs, and how their energies make bands,
    [BANDS, FILTERS, BAND_KERNEL].

    Low pairs are a semitone apart; above 1.6 kHz, where a semitone is wider than the shortest
    filter's band, they are SPACING apart and divided among the semitones. A sine of amplitude 1
    at a band's centre gives it an energy near 1.
    """
    time = torch.arange(KERNEL) - (KERNEL - 1) / 2
    filters, bands = torch.zeros(FILTERS, 1, KERNEL), torch.zeros(BANDS, FILTERS, BAND_KERNEL)
    taps = torch.tensor([0.25, 0.5, 0.25])
    for pair in range(PAIRS):
        centre = LOWEST * 2 ** (min(pair, SEMITONES - 1) / 12)
        centre += SPACING * max(0, pair - SEMITONES + 1)
        length = min(KERNEL, max(SHORTEST, PERIODS * SAMPLE_RATE / centre))
        envelope = torch.cos(math.pi * time / length) ** 2 * (time.abs() < length / 2)
        envelope *= 2 / envelope.sum()
        phase = 2 * math.pi * centre / SAMPLE_RATE * time
        filters[2 * pair, 0] = envelope * torch.cos(phase)
        filters[2 * pair + 1, 0] = envelope * torch.sin(phase)
        place = min(12 * math.log2(centre / LOWEST), BANDS - 1)
        below = min(int(place), BANDS - 2)
        # A filter's noise bandwidth is 1.5 / its length: neighbours overlap by that much.
        weight = 1.0 if pair < SEMITONES else SPACING * length / (1.5 * SAMPLE_RATE)
        for band, share in ((below, below + 1 - place), (below + 1, place - below)):
            bands[band, 2 * pair:2 * pair + 2] = weight * share * taps
    return filters, bands


# How often the degrees of a scale, from the tonic on, belong to a major and a minor key (Krumhansl
# and Kessler 1982).
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def key_profiles() -> torch.Tensor:
    """The twelve major and twelve minor keys, [24, 12], each with mean 0 and deviation 1."""
    profiles = torch.tensor([MAJOR, MINOR])
    profiles = (profiles - profiles.mean(1, keepdim=True)) / profiles.std(1, correction=0, keepdim=True)
    return torch.stack([profile.roll(key) for profile in profiles for key in range(12)])


def chroma_of(bands: torch.Tensor) -> torch.Tensor:
    """Bands [n, BANDS, rows] to how far each pitch class stands out, [n, 12, rows]."""
    loudness = (bands[:, TONAL_FIRST - 1:TONAL_FIRST + 12 * OCTAVES + 1] / 4).exp()
    peaks = loudness[:, 1:-1] - 0.5 * (loudness[:, :-2] + loudness[:, 2:])
    return peaks.clamp(min=0).unflatten(1, (OCTAVES, 12)).sum(1)


def tonal_of(chroma: torch.Tensor, profiles: torch.Tensor) -> torch.Tensor:
    """Chroma of a window [n, 12] to [n, TONAL]: how well the best major and the best minor key fit;
    the chroma from the tonic on, over the major and over the minor keys, each as likely as it fits;
    how often intervals of one to six semitones sound, by the unison.
    """
    share = chroma / (chroma.sum(1, keepdim=True) + 1e-3)
    centred = chroma - chroma.mean(1, keepdim=True)
    fit = centred / (centred.square().mean(1, keepdim=True) + 1e-8).sqrt() @ profiles.T / 12
    weight = (SHARPNESS * fit).softmax(1)
    turned = torch.stack([share.roll(-key, 1) for key in range(12)], 1)
    from_tonic = [torch.einsum("nk,nkp->np", part, turned) / part.sum(1, keepdim=True)
                  for part in (weight[:, :12], weight[:, 12:])]
    intervals = torch.stack([(share * share.roll(-step, 1)).sum(1) for step in range(7)], 1)
    best = [fit[:, :12].amax(1, keepdim=True), fit[:, 12:].amax(1, keepdim=True)]
    return torch.cat([*best, *from_tonic, intervals[:, 1:] / (intervals[:, :1] + 1e-6)], 1)


def outputs_of(raw: torch.Tensor) -> torch.Tensor:
    """Valence and arousal as they are, and the two sigmas from their logarithms."""
    return torch.cat([raw[:, :2], raw[:, 2:].clamp(-4, 1).exp()], 1)


class EmotionNet(nn.Module):
    """Bands [n, BANDS, rows] to (outputs [n, 4], GEMS shares [n, 9], embedding [n, 128]).

    Outputs in the order of `OUTPUTS`; valence and arousal are not yet clamped to [-1, 1].
    All three, and the layers between them and the pool, help in training only; what is exported
    judges by `judge`.
    """

    def __init__(self, dropout: float = 0.2):
        super().__init__()
        filters, bands = filter_bank()
        self.register_buffer("filters", filters)
        self.register_buffer("mix", bands)
        self.register_buffer("profiles", key_profiles())
        self.band_norm = nn.BatchNorm1d(BANDS)
        self.trunk = nn.Sequential(*(
            nn.Sequential(nn.Conv1d(i, o, k, s, bias=False), nn.BatchNorm1d(o), nn.ReLU())
            for i, o, k, s in TRUNK))
        self.hidden = nn.Sequential(nn.BatchNorm1d(FEATURES), nn.Dropout(dropout),
                                    nn.Linear(FEATURES, HIDDEN),
                                    nn.ReLU(), nn.Dropout(dropout))
        self.rating = nn.Linear(HIDDEN, len(OUTPUTS))
        self.gems = nn.Linear(HIDDEN, GEMS_COUNT)
        self.embedding = nn.Linear(HIDDEN, EMBEDDING)
        self.rating.bias.data = torch.tensor([0.2, 0.0, -1.5, -1.5])
        # Fitted by head.py at the end.
        self.head = nn.Linear(FEATURES, 2 * (2 + DIRECTIONS) + HIDDEN)
        self.verdict = nn.Linear(2 * (2 + DIRECTIONS) + HIDDEN, len(OUTPUTS))

    def bands(self, wave: torch.Tensor) -> torch.Tensor:
        """Waveform [n, samples] to logarithms of energies [n, BANDS, rows]."""
        # The same as a convolution with self.filters, and faster.
        energy = (wave.unfold(1, KERNEL, KERNEL_STRIDE) @ self.filters[:, 0].T) ** 2
        energy = nn.functional.conv1d(energy.transpose(1, 2), self.mix, stride=BAND_STRIDE)
        return torch.log(energy + FLOOR)

    def frames(self, bands: torch.Tensor) -> torch.Tensor:
        """Bands [n, BANDS, rows] to trunk frames [n, 512, frames]."""
        return self.trunk(self.band_norm(bands))

    def pool(self, frames: torch.Tensor, chroma: torch.Tensor) -> torch.Tensor:
        """A window's frames [n, 512, frames] and chroma [n, 12, rows] to [n, FEATURES]."""
        deviation = (frames.var(-1, correction=0) + VARIANCE_FLOOR).sqrt()
        tonal = tonal_of(chroma.mean(-1), self.profiles)
        return torch.cat([frames.mean(-1), deviation, tonal], 1)

    def hear(self, bands: torch.Tensor) -> torch.Tensor:
        """Bands of windows [n, BANDS, rows] to [n, FEATURES]."""
        return self.pool(self.frames(bands), chroma_of(bands))

    def windows(self, wave: torch.Tensor, hop: int) -> torch.Tensor:
        """Every window, `hop` samples apart, of a recording [samples]: [windows, FEATURES]."""
        bands = self.bands(wave[None])
        unfold = lambda x, length, step: x[0].unfold(1, length, step).transpose(0, 1)
        frames = unfold(self.frames(bands), 1 + (WINDOW - RECEPTIVE) // STRIDE, hop // STRIDE)
        chroma = unfold(chroma_of(bands), 1 + (WINDOW - BAND_SPAN) // BAND_STEP, hop // BAND_STEP)
        return self.pool(frames, chroma[:len(frames)])

    def judge(self, pooled: torch.Tensor) -> torch.Tensor:
        """Pooled [n, FEATURES] to outputs [n, 4]: what is exported."""
        return outputs_of(self.verdict(self.head(pooled).relu()))

    @torch.no_grad()
    def set_head(self, share, rows, shifts, sigmas) -> None:
        """Sets the last layers. `rows` [2 + DIRECTIONS, FEATURES] of what is heard, plus `shifts`, are
        valence, arousal and directions; the two count for `share` [2], the trained head for the rest.
        Log sigmas are `sigmas` [2, DIRECTIONS + 1] of the directions' absolute values and a constant.

        As x is relu(x) - relu(-x), and |x| their sum, two linear layers say all of it.
        """
        share, rows, shifts, sigmas = (torch.as_tensor(x, dtype=torch.float32)
                                       for x in (share, rows, shifts, sigmas))
        norm, linear = self.hidden[0], self.hidden[2]
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        hidden = linear.weight * scale
        hidden_shift = linear.bias + linear.weight @ (norm.bias - norm.running_mean * scale)
        self.head.weight.copy_(torch.cat([rows, -rows, hidden]))
        self.head.bias.copy_(torch.cat([shifts, -shifts, hidden_shift]))
        closed = torch.cat([share.diag(), torch.zeros(2, DIRECTIONS)], 1)
        trained = (1 - share)[:, None] * self.rating.weight[:2]
        spread = torch.cat([torch.zeros(2, 2), sigmas[:, :-1]], 1)
        self.verdict.weight.copy_(torch.cat([
            torch.cat([closed, -closed, trained], 1),
            torch.cat([spread, spread, torch.zeros(2, HIDDEN)], 1)]))
        self.verdict.bias.copy_(torch.cat([(1 - share) * self.rating.bias[:2], sigmas[:, -1]]))

    def forward(self, bands: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        hidden = self.hidden(self.hear(bands))
        return outputs_of(self.rating(hidden)), self.gems(hidden), self.embedding(hidden)


def bank_multiply_adds_per_second() -> float:
    """Multiply-adds of the filter bank and its bands for one second of new audio."""
    rate = SAMPLE_RATE / KERNEL_STRIDE
    return rate * FILTERS * KERNEL + rate / BAND_STRIDE * FILTERS * BANDS * BAND_KERNEL


def multiply_adds_per_second() -> float:
    """Multiply-adds for one second of new audio, up to the pool."""
    total, rate = bank_multiply_adds_per_second(), SAMPLE_RATE / BAND_STEP
    for i, o, k, s in TRUNK:
        rate /= s
        total += rate * i * o * k
    return total
