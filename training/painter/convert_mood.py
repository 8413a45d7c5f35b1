"""Let a converted StyleGAN2 follow the mood: two directions in w.

Thousands of pictures are painted and their mood guessed by the regressor of `mood.py`; a ridge
regression tells the guessed valence and arousal from w. `mood_directions` [2, w_dim] are the
ways in w along which what it tells varies most naturally, so long that a mood of 1 is two standard
deviations of it from the mean.
"""

import torch
import torch.nn.functional as F

from features import Lite0
from mood import correlation, describe, load_regressor

BATCH = 16
PENALTY = 1.0  # against w at unit variance
REACH = 2.0  # standard deviations at a mood of 1
FILTER = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4


def leaky(x):
    return F.leaky_relu(x, 0.2)


def doubled(x, margin=0):
    """Bilinearly doubled [N, C, S, S], zero beyond its edges; `margin` more pixels on each side."""
    n, c, s, _ = x.shape
    apart = x.new_zeros(n, c, 2 * s, 2 * s)
    apart[:, :, ::2, ::2] = x
    apart = F.pad(apart, (2 + margin, 1 + margin, 2 + margin, 1 + margin))
    kernel = torch.outer(FILTER, FILTER).expand(c, 1, 4, 4)
    return F.conv2d(apart, kernel, groups=c)


def map_w(metadata, tensors, z):
    """w [N, w_dim] of latents."""
    w = F.normalize(z, dim=1) * z.shape[1] ** 0.5
    for i in range(int(metadata["mapping_layers"])):
        w = leaky(F.linear(w, tensors[f"mapping.{i}.weight"], tensors[f"mapping.{i}.bias"]))
    return w


def paint(metadata, tensors, w):
    """Pictures [N, 3, S, S] in [-1, 1], as the program paints them."""

    def layer(name, x, doubles):
        t = {key: tensors[f"{name}.{key}"] for key in ("conv.weight", "conv.bias", "style.weight", "style.bias")}
        style = F.linear(w, t["style.weight"], t["style.bias"])
        gain = (style.square() @ t["conv.weight"].square().sum((2, 3)).T + 1e-8).rsqrt()
        x = x * style[:, :, None, None]
        x = F.conv2d(doubled(x, 1), t["conv.weight"]) if doubles else F.conv2d(x, t["conv.weight"], padding=1)
        x = x * gain[:, :, None, None] + tensors.get(f"{name}.noise", torch.zeros(()))
        return leaky(x + t["conv.bias"][:, None, None]) * 2**0.5

    x, picture = tensors["start"].expand(len(w), -1, -1, -1), None
    for i in range(len(metadata["channels"].split(","))):
        if i > 0:
            x = layer(f"blocks.{i}.0", x, True)
        x = layer(f"blocks.{i}.1", x, False)
        name = f"blocks.{i}.rgb"
        style = F.linear(w, tensors[f"{name}.style.weight"], tensors[f"{name}.style.bias"])
        new = F.conv2d(x * style[:, :, None, None], tensors[f"{name}.weight"][:, :, None, None], tensors[f"{name}.bias"])
        picture = new if picture is None else doubled(picture) + new
    return picture.clamp(-1, 1)


def directions(w, mood):
    """Directions [2, w_dim], and how well the half of the pictures that was held out is told."""
    mean, spread = w.mean(0), w.std(0) + 1e-6
    x, y = ((w - mean) / spread).double(), mood - mood.mean(0)

    def fit(x, y):
        return torch.linalg.solve(x.T @ x + PENALTY * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y.double())

    half = len(x) // 2
    held_out = (x[half:] @ fit(x[:half], y[:half])).float()
    told = [correlation(held_out[:, axis], y[half:, axis]) for axis in (0, 1)]
    seen = x @ fit(x, y)
    with_w = x.T @ seen / len(x)
    among = seen.T @ seen / len(x)
    ways = with_w @ torch.linalg.inv(among) @ torch.diag(REACH * among.diag().sqrt())
    return (ways.float() * spread[:, None]).T.contiguous(), told


def add_directions(metadata, tensors, pictures, mood_model):
    """Add `mood_directions`, and let the mean w follow them."""
    random = torch.Generator().manual_seed(0)
    net, regressor = Lite0(), load_regressor(mood_model)
    latents = torch.randn(pictures, int(metadata["z_dim"]), generator=random)
    w = map_w(metadata, tensors, latents)
    moods = []
    for part in w.split(BATCH):
        painted = ((paint(metadata, tensors, part) + 1) * 127.5).round().to(torch.uint8)
        moods.append(regressor(describe(net, painted)))
    ways, told = directions(w, torch.cat(moods))
    tensors["mood_directions"] = ways
    axis = torch.linspace(-1, 1, 5)
    shift = axis[None, :, None] * ways[0] + axis[:, None, None] * ways[1]
    tensors["w_mean"] = tensors["w_mean"] + shift
    metadata["mood"] = (
        f"valence,arousal; directions in w from the predicted mood of {pictures} pictures, "
        f"r = {told[0]:.2f} and {told[1]:.2f} on the half held out"
    )
