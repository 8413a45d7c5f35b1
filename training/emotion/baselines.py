"""Published architectures, trained from scratch on the same tracks and folds as ours.

    python baselines.py --cache CACHE --runs RUNS --logs LOGS --only m18

M5, M11 and M18 are the raw-waveform networks of Dai et al. 2016 ("Very deep convolutional neural
networks for raw waveforms"), whose input is four seconds at 8 kHz; ResNet18 (He et al. 2015) looks
at a log-mel spectrogram, as does the smaller network of convolution pairs with a wide hidden layer.
All end in valence and arousal and learn from the squared error of both.

Every network hears windows of 4 s drawn as ours are, through the same augmentation, and gets the
same minutes of computing: `steps` is what one core does in about one minute, for each of the five
folds. That is little: four to eight windows of every track. A finished fold is kept in RUNS and not
trained again; `--folds` scores the tracks of some folds only. Seeded, one thread, float32.
"""

import argparse
import json
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from compare import measure, record
from data import FOLDS, SAMPLE_RATE, Corpus, augment
from evaluate import scores

WINDOW = 64000           # samples at 16 kHz (4 s)
MARGIN = 2800            # samples that Corpus.around may take beyond a window
ESTIMATES_A_SECOND = 4   # of a stream, for the count of multiply-adds
BATCH = 8
WARM_UP = 0.2            # share of the steps in which the learning rate rises
FFT, HOP, MELS = 1024, 320, 64   # samples, samples, bands
LOWEST, HIGHEST = 30.0, 8000.0   # Hz


class Halve(nn.Module):
    """Waveform [n, samples] at 16 kHz to [n, 1, 1, samples / 2] at 8 kHz."""

    def forward(self, wave: torch.Tensor) -> torch.Tensor:
        half = wave.shape[1] // 2
        spectrum = torch.fft.rfft(wave)[:, :half // 2 + 1]
        return torch.fft.irfft(spectrum, half)[:, None, None] / 2


def mel_bank() -> torch.Tensor:
    """Triangles [MELS, FFT / 2 + 1], evenly spaced in mel."""
    mel = lambda hertz: 2595 * np.log10(1 + hertz / 700)
    edges = 700 * (10 ** (np.linspace(mel(LOWEST), mel(HIGHEST), MELS + 2) / 2595) - 1)
    hertz = np.arange(FFT // 2 + 1) * SAMPLE_RATE / FFT
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((hertz - low) / (centre - low), (high - hertz) / (high - centre))
    return torch.from_numpy(np.maximum(triangles, 0).astype(np.float32))


class LogMel(nn.Module):
    """Waveform [n, samples] at 16 kHz to its mel spectrogram [n, 1, MELS, frames].

    Decibels below a full-scale sine, plus 60, by 20; nothing below -100 dB is told apart.
    """

    def __init__(self):
        super().__init__()
        self.register_buffer("bank", mel_bank())
        self.register_buffer("taper", torch.hann_window(FFT))

    def forward(self, wave: torch.Tensor) -> torch.Tensor:
        spectrum = torch.stft(wave, FFT, HOP, window=self.taper, center=False, return_complex=True)
        power = (spectrum.abs() * (2 / self.taper.sum())) ** 2
        decibels = 10 * torch.log10(self.bank @ power + 1e-10)
        return (decibels[:, None] + 60) / 20


def convolution(i: int, o: int, kernel, stride=1, padding=0) -> nn.Sequential:
    """Convolution, batch norm, ReLU."""
    return nn.Sequential(nn.Conv2d(i, o, kernel, stride, padding, bias=False), nn.BatchNorm2d(o),
                         nn.ReLU(inplace=True))


def raw(*groups: tuple[int, int]) -> nn.Sequential:
    """A network of Dai et al.: (width, layers) of each group, between them a pool of four."""
    width = groups[0][0]
    layers = [Halve(), convolution(1, width, (1, 80), (1, 4), (0, 38))]
    for after, count in groups[1:]:
        layers.append(nn.MaxPool2d((1, 4)))
        for _ in range(count):
            layers.append(convolution(width, after, (1, 3), 1, (0, 1)))
            width = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 2))


class Residual(nn.Module):
    """ResNet's basic block: two convolutions of three by three beside a shortcut."""

    def __init__(self, i: int, o: int, stride: int):
        super().__init__()
        self.path = nn.Sequential(convolution(i, o, 3, stride, 1),
                                  nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o))
        self.shortcut = nn.Identity()
        if i != o:
            self.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.path(x) + self.shortcut(x))


def resnet18() -> nn.Sequential:
    """ResNet18 with one input channel and two outputs."""
    layers, width = [convolution(1, 64, 7, 2, 3), nn.MaxPool2d(3, 2, 1)], 64
    for after in (64, 128, 256, 512):
        layers += [Residual(width, after, 1 if after == width else 2), Residual(after, after, 1)]
        width = after
    return nn.Sequential(LogMel(), *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(width, 2))


def spectrogram_cnn() -> nn.Sequential:
    """One convolution of five by five, three pairs of three by three, and a hidden layer of 512."""
    drop = lambda: [nn.MaxPool2d(2), nn.Dropout(0.3)]
    layers, width = [nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), *drop()], 32
    for after in (32, 64, 128):
        layers += [nn.Conv2d(width, after, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(after),
                   nn.Conv2d(after, after, 3, padding=1), nn.ReLU(), *drop()]
        width = after
    frames = 1 + (WINDOW - FFT) // HOP
    return nn.Sequential(LogMel(), *layers, nn.Flatten(),
                         nn.Linear(width * (MELS // 16) * (frames // 16), 512), nn.ReLU(),
                         nn.Dropout(0.5), nn.Linear(512, 2))


class Method(NamedTuple):
    """An architecture: its name in the table, its maker, its steps a fold, its peak rate."""
    name: str
    make: callable
    steps: int
    rate: float


METHODS = {
    "m5": Method("M5, raw waveform",
                 lambda: raw((128, 1), (128, 1), (256, 1), (512, 1)), 200, 2e-3),
    "m11": Method("M11, raw waveform",
                  lambda: raw((64, 1), (64, 2), (128, 2), (256, 3), (512, 2)), 300, 2e-3),
    "m18": Method("M18, raw waveform",
                  lambda: raw((64, 1), (64, 4), (128, 4), (256, 4), (512, 4)), 190, 2e-3),
    "resnet18": Method("ResNet18, mel spectrogram", resnet18, 180, 1e-3),
    "cnn": Method("CNN of pairs, mel spectrogram", spectrogram_cnn, 370, 1e-3),
}


def train(method: Method, corpus: Corpus, tracks: list[dict], seed: int) -> nn.Module:
    """Fits a network to the ratings of `tracks`; its outputs are valence and arousal."""
    ratings = torch.tensor([t["va"] for t in tracks])
    mean, deviation = ratings.mean(0), ratings.std(0)
    torch.manual_seed(seed)
    net = method.make().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), method.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, method.rate, method.steps,
                                                   pct_start=WARM_UP)
    began, total = time.process_time(), 0.0
    for step in range(method.steps):
        rng = np.random.default_rng([seed, step])
        chosen = rng.choice(len(tracks), BATCH, replace=False)
        starts = [tracks[i]["start"] + rng.integers(tracks[i]["length"] - WINDOW - MARGIN)
                  for i in chosen]
        waves = np.stack([corpus.around(start, WINDOW, rng) for start in starts])
        guess = net(augment(torch.from_numpy(waves), rng))
        loss = (guess - (ratings[chosen] - mean) / deviation).square().mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if (step + 1) % 100 == 0:
            print(f"  step {step + 1} loss {total / 100:.3f} "
                  f"{(time.process_time() - began) / (step + 1):.3f} s a step", flush=True)
            total = 0.0
    with torch.no_grad():   # back from standardised ratings
        last = net[-1]
        last.weight *= deviation[:, None]
        last.bias.copy_(last.bias * deviation + mean)
    return net.eval()


@torch.no_grad()
def judge(net: nn.Module, wave: np.ndarray) -> list[float]:
    """Valence and arousal of a track [samples]: the mean over windows that do not overlap."""
    windows = torch.from_numpy(wave).unfold(0, WINDOW, WINDOW)
    return net(windows).clamp(-1, 1).mean(0).tolist()


@torch.no_grad()
def costs(net: nn.Module) -> dict:
    """Weights, milliseconds of one window, and multiply-adds for a second of a stream.

    Only convolutions and linear layers are counted, each estimate over a full window of its own:
    with padding or a pool that depends on the window, nothing can be carried over.
    """
    counted = []

    def count(layer, _, output):
        counted.append(output.numel() * layer.weight[0].numel())

    wave = 0.1 * torch.randn(1, WINDOW, generator=torch.Generator().manual_seed(0))
    layers = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    net(wave)
    for hook in hooks:
        hook.remove()
    return dict(weights=sum(p.numel() for p in net.parameters()),
                multiply_adds=ESTIMATES_A_SECOND * sum(counted),
                milliseconds=measure(lambda: net(wave)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--only", choices=METHODS, nargs="+", default=list(METHODS))
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(FOLDS)))
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = Corpus(options.cache)
    tracks = [t for t in corpus.tracks if t["va"]]
    for key in options.only:
        method, judged = METHODS[key], {}
        for fold in options.folds:
            path = options.runs / key / f"fold{fold}.json"
            if not path.exists():
                print(key, "fold", fold, flush=True)
                net = train(method, corpus, [t for t in tracks if t["fold"] != fold], fold)
                guesses = {t["file"]: judge(net, corpus.whole(t))
                           for t in tracks if t["fold"] == fold}
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(guesses, indent=1) + "\n")
            judged |= json.loads(path.read_text())
        entry = {}
        for name in ("emotify", "vgmidi"):
            members = [t for t in tracks if t["set"] == name and t["file"] in judged]
            entry[name] = scores(np.array([judged[t["file"]] for t in members]),
                                 np.array([t["va"] for t in members]))
        network = method.make().to(memory_format=torch.channels_last).eval()
        record(options.logs, method.name, entry | costs(network))


if __name__ == "__main__":
    main()
