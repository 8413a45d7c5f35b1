"""Writes the trained network, batch norms folded, as safetensors (and ONNX on request).

    python export.py --checkpoint RUNS/foldall/judge.pt --folds LOGS/folds.json \
        --model models/emotion.safetensors --reference tests/reference/emotion.safetensors

Layer i of the `architecture` string owns the tensors `layers.i.weight` and `layers.i.bias`. Each
reads what the one before it gives, but `tonal`, which reads the logarithms and hands them on: what it
finds in the whole window stands behind what `meanstd` gives.
"""

import argparse
import json
import math
import re
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

import model
from evaluate import load

METADATA = {
    "format": "synopsia.emotion",
    "version": "2",
    "sample_rate": str(model.SAMPLE_RATE),
    "window": str(model.WINDOW),
    "hop": str(model.HOP),
    "frame_stride": str(model.STRIDE),
    "frame_receptive": str(model.RECEPTIVE),
    "outputs": "valence:clamp;arousal:clamp;sigma_valence:exp;sigma_arousal:exp",
    "level": "the waveform as it is, full scale 1.0, not normalised; trained as recorded, 5 dB softer to 4 dB louder",
    "trained_on": "MusiCNN's features of free music from Debian; then Emotify (326 excerpts) and "
                  "VGMIDI (156 rendered piano pieces)",
    "licence": "weights: research use; Emotify audio is Magnatune's (non-commercial), "
               "VGMIDI names no licence",
}

# Of a judge that free.py made.
FREE = {
    "trained_on": "MusiCNN's features and tags of free music from Debian; music composed by script, rated by "
                  "what published experiments say of its factors",
    "licence": "free for any use: MIT or Apache-2.0",
}


class Square(nn.Module):
    def forward(self, x):
        return x * x


class Log(nn.Module):
    def forward(self, x):
        return torch.log(x + model.FLOOR)


class Tonal(nn.Module):
    """Logarithms [n, BANDS, rows] to [n, TONAL]."""
    def __init__(self, profiles: torch.Tensor):
        super().__init__()
        self.register_buffer("weight", profiles)

    def forward(self, x):
        return model.tonal_of(model.chroma_of(x).mean(-1), self.weight)


class MeanStd(nn.Module):
    """[n, channels, frames] to [n, 2 * channels]: means, then population deviations."""
    def forward(self, x):
        mean = x.mean(-1)
        variance = ((x - mean[..., None]) ** 2).mean(-1)
        return torch.cat([mean, (variance + model.VARIANCE_FLOOR).sqrt()], 1)


class Outputs(nn.Module):
    """Clamps valence and arousal; exponentiates the two log-sigmas."""
    def forward(self, x):
        return torch.cat([x[:, :2].clamp(-1, 1), x[:, 2:].clamp(-4, 1).exp()], 1)


def norm_affine(norm: nn.BatchNorm1d) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch norm in evaluation as scale and shift of each channel."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale, norm.bias - norm.running_mean * scale


def conv(weight: torch.Tensor, bias: torch.Tensor, stride: int) -> nn.Conv1d:
    layer = nn.Conv1d(weight.shape[1], weight.shape[0], weight.shape[2], stride)
    layer.weight.data, layer.bias.data = weight, bias
    return layer


class Exported(nn.Module):
    """Waveform [n, 1, samples] to outputs [n, 4]."""

    def __init__(self, layers: list[nn.Module]):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            if isinstance(layer, Tonal):
                tonal = layer(x)
            elif isinstance(layer, MeanStd):
                x = torch.cat([layer(x), tonal], 1)
            else:
                x = layer(x)
        return x


@torch.no_grad()
def fold(net: model.EmotionNet, sigma_scale: list[float]) -> Exported:
    """The network without batch norms, dropout and GEMS head; sigmas scaled by calibration."""
    layers = [conv(net.filters, torch.zeros(model.FILTERS), model.KERNEL_STRIDE), Square(),
              conv(net.mix, torch.zeros(model.BANDS), model.BAND_STRIDE), Log(), Tonal(net.profiles)]
    before_scale, before_shift = norm_affine(net.band_norm)
    for block in net.trunk:
        scale, shift = norm_affine(block[1])
        weight = block[0].weight * scale[:, None, None]
        if before_scale is not None:
            shift = shift + (weight * before_shift[None, :, None]).sum((1, 2))
            weight = weight * before_scale[None, :, None]
            before_scale = None
        layers += [conv(weight, shift, block[0].stride[0]), nn.ReLU()]
    verdict = nn.Linear(*reversed(net.verdict.weight.shape))
    verdict.load_state_dict(net.verdict.state_dict())
    verdict.bias[2:] += torch.tensor(sigma_scale).log()
    return Exported([*layers, MeanStd(), net.head, nn.ReLU(), verdict, Outputs()]).eval()


def describe(network: Exported) -> str:
    """The `architecture` string; its entries stand in the order of the layers."""
    words = {nn.ReLU: "relu", Square: "square", Log: f"log:{model.FLOOR:g}",
             MeanStd: f"meanstd:{model.VARIANCE_FLOOR:g}", Outputs: "outputs",
             Tonal: f"tonal:{model.TONAL_FIRST},{model.OCTAVES},{model.SHARPNESS:g}"}
    entries = []
    for layer in network.layers:
        if isinstance(layer, nn.Conv1d):
            entries.append(f"conv:{layer.in_channels},{layer.out_channels},"
                           f"k={layer.kernel_size[0]},s={layer.stride[0]}")
        elif isinstance(layer, nn.Linear):
            entries.append(f"linear:{layer.in_features},{layer.out_features}")
        else:
            entries.append(words[type(layer)])
    return ";".join(entries)


def read(path: Path) -> tuple[Exported, dict[str, str]]:
    """An exported network from its file, and the file's header."""
    with safe_open(path, "pt") as file:
        header = file.metadata()
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    makers = {"conv": nn.Conv1d, "linear": nn.Linear, "relu": nn.ReLU, "square": Square, "log": Log,
              "tonal": lambda *_: Tonal(model.key_profiles()), "meanstd": MeanStd, "outputs": Outputs}
    layers = []
    for word in header["architecture"].split(";"):
        kind, _, rest = word.partition(":")
        numbers = map(int, re.findall(r"\d+", rest)) if kind in ("conv", "linear") else ()
        layers.append(makers[kind](*numbers))
    network = Exported(layers).eval()
    network.load_state_dict(tensors)
    return network, header


def test_signals() -> torch.Tensor:
    """Four synthetic windows [4, WINDOW], rounded to float16: chord, chirp, noise, plucks."""
    time = np.arange(model.WINDOW) / model.SAMPLE_RATE
    chord = sum(0.1 * np.sin(2 * math.pi * f * time) for f in (220.0, 277.18, 329.63))
    chirp = 0.5 * np.sin(2 * math.pi * (50 * time + 900 * time ** 2))
    noise = 0.05 * np.random.default_rng(1).standard_normal(model.WINDOW)
    plucks = np.zeros(model.WINDOW)
    for index, start in enumerate(np.arange(0, 4, 0.3)):
        since = np.maximum(time - start, 0)
        tone = 196 * 2 ** ([0, 3, 7, 12, 10][index % 5] / 12)
        plucks += (time >= start) * 0.3 * np.exp(-5 * since) * np.sin(2 * math.pi * tone * since)
    return torch.from_numpy(np.stack([chord, chirp, noise, plucks]).astype(np.float16)).float()


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--folds", type=Path, help="folds.json, for the calibration of the sigmas")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--onnx", type=Path)
    parser.add_argument("--free", action="store_true", help="the checkpoint is a judge of free.py")
    options = parser.parse_args()
    torch.set_num_threads(1)

    scale = [1.0, 1.0]
    if options.folds:
        confidence = json.loads(options.folds.read_text())["confidence"]
        scale = [confidence[axis]["scale"] for axis in ("valence", "arousal")]
    net = load(options.checkpoint)
    network = fold(net, scale)
    signals = test_signals()
    expected = net.judge(net.hear(net.bands(signals)))
    drift = (network(signals[:, None])[:, :2] - expected[:, :2].clamp(-1, 1)).abs().max()
    print(f"folding changes valence and arousal by {drift:.1e}")

    tensors = {name: tensor.half().contiguous()
               for name, tensor in network.state_dict().items()}
    metadata = {**METADATA, **(FREE if options.free else {}), "architecture": describe(network),
                "sigma_scale": ",".join(f"{s:.4f}" for s in scale)}
    save_file(tensors, options.model, metadata)
    network.half().float()
    answers = network(signals[:, None])
    # The signals are the same for every network, and are kept once.
    save_file({"output": answers} if options.free else {"input": signals, "output": answers}, options.reference)
    for path in (options.model, options.reference):
        path.chmod(0o644)
    if options.onnx:
        torch.onnx.export(network, (signals[:1, None],), str(options.onnx), dynamo=False,
                          input_names=["wave"], output_names=["outputs"])
    print(metadata["architecture"])
    print({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    print(answers)


if __name__ == "__main__":
    main()
