"""What a converted StyleGAN2 paints, in PyTorch and in the form in which the program computes it."""

import torch
import torch.nn.functional as F

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


def follow(tensors, ways):
    """Let w go along `ways` [2, w_dim] with valence and arousal, and its mean as well."""
    axis = torch.linspace(-1, 1, 5)
    tensors["mood_directions"] = ways
    tensors["w_mean"] = tensors["w_mean"] + axis[None, :, None] * ways[0] + axis[:, None, None] * ways[1]
