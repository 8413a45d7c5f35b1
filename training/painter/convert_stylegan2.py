"""StyleGAN2-ADA to the tensors of our architecture `stylegan2`.

What differs from the official form, and is the same function:

- Gains and learning-rate multipliers are folded into weights and biases, also the root of 2 of
  the mapping network's leaky ReLUs, which is positive.
- Doubling convolutions: the official network convolves transposed and then filters with
  [1, 3, 3, 1]. Filters commute, so one may as well filter first, which is bilinear doubling, and
  convolve then. The kernel is flipped, as a transposed convolution applies it so.
- The noise is its constant one (`noise_mode="const"`), times its strength.

`conv_clamp` (256, there so that 16-bit floats do not overflow) is left out: all is done in 32 bits.
"""

import math

import torch

from convert_pickle import Bag

FILTER = torch.tensor([1.0, 3.0, 3.0, 1.0])


def refuse_unless(condition, sentence):
    if not condition:
        raise ValueError(sentence)


def dense(layer, gain=1.0):
    """Weight and bias of a fully connected layer, its gains folded in."""
    weight = layer.weight.float() * float(layer.weight_gain) * gain
    bias = layer.bias.float() * float(layer.bias_gain) * gain if "bias" in layer else torch.zeros(len(weight))
    return weight, bias


def normalized(x):
    return x * (x.square().mean() + 1e-8).rsqrt()


def mapping(net, which):
    """Weights of the mapping network; of a conditional one for the class `which`, or between all."""
    layers = [getattr(net, f"fc{i}") for i in range(net.num_layers)]
    refuse_unless(all(layer.activation == "lrelu" for layer in layers), "its mapping network has no leaky ReLU")
    weights = [dense(layer, math.sqrt(2)) for layer in layers]
    if net.c_dim > 0:
        refuse_unless(which is None or 0 <= which < net.c_dim, f"it has no class {which}, only 0 to {net.c_dim - 1}")
        label = torch.full((net.c_dim,), 1 / net.c_dim) if which is None else torch.eye(net.c_dim)[which]
        weight, bias = dense(net.embed)
        weight, embedded = weights[0][0], normalized(weight @ label + bias)
        weights[0] = weight[:, : net.z_dim], weights[0][1] + weight[:, net.z_dim :] @ embedded
    for i, (weight, _) in enumerate(weights):
        expected = (net.w_dim, net.z_dim if i == 0 else net.w_dim)
        refuse_unless(tuple(weight.shape) == expected, "its mapping network's layers are not as wide as w")
    return weights


def convolution(name, layer, doubles):
    """Tensors of a modulated convolution."""
    weight = layer.weight.float()
    refuse_unless(layer.activation == "lrelu" and weight.shape[2:] == (3, 3), f"its layer {name} is no 3x3 with leaky ReLU")
    refuse_unless(layer.up == (2 if doubles else 1), f"its layer {name} does not double where it should")
    if doubles:
        found = layer.resample_filter.float()
        refuse_unless(
            found.shape == (4, 4) and torch.allclose(found, torch.outer(FILTER, FILTER) / 64),
            f"its layer {name} filters with something other than [1, 3, 3, 1]",
        )
        weight = weight.flip(2, 3)
    style, style_bias = dense(layer.affine)
    tensors = {
        f"{name}.conv.weight": weight,
        f"{name}.conv.bias": layer.bias.float(),
        f"{name}.style.weight": style,
        f"{name}.style.bias": style_bias,
    }
    if layer.use_noise:
        tensors[f"{name}.noise"] = layer.noise_const.float() * layer.noise_strength.float()
    return tensors


def convert(held, which=None):
    """Metadata and tensors of the averaged generator that a pickle held."""
    held = held.get("G_ema") if isinstance(held, dict) else held
    refuse_unless(isinstance(held, Bag), "it holds no generator G_ema")
    net, synthesis = held.mapping, held.synthesis
    side = synthesis.img_resolution
    refuse_unless(synthesis.img_channels == 3, "its pictures are not in colour")
    refuse_unless(net.z_dim > 0, "it has no latent")

    tensors = {}
    for i, (weight, bias) in enumerate(mapping(net, which)):
        tensors[f"mapping.{i}.weight"], tensors[f"mapping.{i}.bias"] = weight, bias
    tensors["w_mean"] = net.w_avg.float().expand(5, 5, -1)
    tensors["start"] = synthesis.b4.const.float()
    channels = []
    for i, resolution in enumerate(synthesis.block_resolutions):
        block = getattr(synthesis, f"b{resolution}")
        refuse_unless(block.architecture == "skip", f"its synthesis network is of the kind {block.architecture!r}, not 'skip'")
        if i > 0:
            tensors |= convolution(f"blocks.{i}.0", block.conv0, doubles=True)
        tensors |= convolution(f"blocks.{i}.1", block.conv1, doubles=False)
        channels.append(len(block.conv1.weight))
        rgb, name = block.torgb, f"blocks.{i}.rgb"
        refuse_unless(rgb.weight.shape[2:] == (1, 1), "its way to RGB is no 1x1 convolution")
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = rgb.weight.float()[:, :, 0, 0], rgb.bias.float()
        style, bias = dense(rgb.affine, float(rgb.weight_gain))
        tensors[f"{name}.style.weight"], tensors[f"{name}.style.bias"] = style, bias
    metadata = {
        "architecture": "stylegan2",
        "resolution": str(side),
        "channels": ",".join(map(str, channels)),
        "z_dim": str(net.z_dim),
        "w_dim": str(net.w_dim),
        "mapping_layers": str(net.num_layers),
        "mood": "none: the picture does not follow the mood",
    }
    return metadata, tensors
