"""Small networks with random weights, converted, and PyTorch's pictures from them.

    python convert_reference.py ../../tests/reference

Writes for each network NAME a model `NAME.model.safetensors`, made by `convert.py` from a file as
one would bring, and reference pictures `NAME.safetensors` as `reference.py` does. The StyleGAN2
here is written from the paper and from how its official code behaves: transposed convolution,
then the filter; gains at run time; classes pickled with their source.
"""

import argparse
import pickle
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

import convert
import convert_paint

CODE = "raise SystemExit('the code of a pickled network must not run')"


def filtered(x, before, after, gain):
    """Filter [1, 3, 3, 1] on zero-padded [N, C, S, S]."""
    kernel = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = torch.outer(kernel, kernel) / 64 * gain
    x = F.pad(x, (before, after, before, after))
    return F.conv2d(x, kernel.expand(x.shape[1], 1, 4, 4), groups=x.shape[1])


class Persistent(nn.Module):
    """A module that is pickled as the official code pickles its own."""

    def __reduce__(self):
        state = dict(self.__dict__)
        meta = {"type": "class", "version": 6, "module_src": CODE, "class_name": type(self).__name__, "state": state}
        return _reconstruct_persistent_obj, (meta,)


def _reconstruct_persistent_obj(meta):
    raise NotImplementedError("this name is written, never read")


class FullyConnectedLayer(Persistent):
    def __init__(self, inputs, outputs, activation="linear", lr_multiplier=1.0, bias=0.0):
        super().__init__()
        self.activation = activation
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_multiplier)
        self.bias = nn.Parameter(bias + 0.2 * torch.randn(outputs) / lr_multiplier)
        self.weight_gain = lr_multiplier / np.sqrt(inputs)
        self.bias_gain = lr_multiplier

    def forward(self, x):
        x = F.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)
        return F.leaky_relu(x, 0.2) * 2**0.5 if self.activation == "lrelu" else x


class MappingNetwork(Persistent):
    def __init__(self, z_dim, c_dim, w_dim, num_layers):
        super().__init__()
        self.z_dim, self.c_dim, self.w_dim, self.num_layers = z_dim, c_dim, w_dim, num_layers
        if c_dim:
            self.embed = FullyConnectedLayer(c_dim, w_dim)
        for i in range(num_layers):
            inputs = w_dim if i else z_dim + (w_dim if c_dim else 0)
            setattr(self, f"fc{i}", FullyConnectedLayer(inputs, w_dim, "lrelu", 0.01))
        self.register_buffer("w_avg", 0.3 * torch.randn(w_dim))

    @staticmethod
    def unit(x):
        return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()

    def forward(self, z, c, psi):
        x = self.unit(z)
        if self.c_dim:
            x = torch.cat([x, self.unit(self.embed(c))], 1)
        for i in range(self.num_layers):
            x = getattr(self, f"fc{i}")(x)
        return self.w_avg + psi[:, None] * (x - self.w_avg)


class SynthesisLayer(Persistent):
    def __init__(self, inputs, outputs, w_dim, resolution, up=1, use_noise=True):
        super().__init__()
        self.resolution, self.up, self.activation, self.use_noise = resolution, up, "lrelu", use_noise
        kernel = torch.tensor([1.0, 3.0, 3.0, 1.0])
        self.register_buffer("resample_filter", torch.outer(kernel, kernel) / 64)
        self.affine = FullyConnectedLayer(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(0.2 * torch.randn(outputs))
        if use_noise:
            self.register_buffer("noise_const", torch.randn(resolution, resolution))
            self.noise_strength = nn.Parameter(torch.tensor(0.3))

    def forward(self, x, w):
        pictures = []
        for picture, style in zip(x, self.affine(w)):
            weight = self.weight * style[:, None, None]
            weight = weight * (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).rsqrt()
            picture = picture[None]
            if self.up == 2:
                picture = F.conv_transpose2d(picture, weight.transpose(0, 1), stride=2)
                picture = filtered(picture, 1, 1, 4)
            else:
                picture = F.conv2d(picture, weight, padding=1)
            pictures.append(picture)
        x = torch.cat(pictures)
        if self.use_noise:
            x = x + self.noise_const * self.noise_strength
        return F.leaky_relu(x + self.bias[:, None, None], 0.2) * 2**0.5


class ToRGBLayer(Persistent):
    def __init__(self, inputs, w_dim):
        super().__init__()
        self.affine = FullyConnectedLayer(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(0.12 * torch.randn(3, inputs, 1, 1))
        self.bias = nn.Parameter(0.2 * torch.randn(3))
        self.weight_gain = 1 / np.sqrt(inputs)

    def forward(self, x, w):
        style = self.affine(w) * self.weight_gain
        return F.conv2d(x * style[:, :, None, None], self.weight, self.bias)


class SynthesisBlock(Persistent):
    def __init__(self, inputs, outputs, w_dim, resolution, use_noise):
        super().__init__()
        self.in_channels, self.architecture = inputs, "skip"
        if inputs:
            self.conv0 = SynthesisLayer(inputs, outputs, w_dim, resolution, up=2, use_noise=use_noise)
        else:
            self.const = nn.Parameter(torch.randn(outputs, resolution, resolution))
        self.conv1 = SynthesisLayer(outputs, outputs, w_dim, resolution, use_noise=use_noise)
        self.torgb = ToRGBLayer(outputs, w_dim)

    def forward(self, x, picture, w):
        x = self.conv0(x, w) if self.in_channels else self.const.expand(len(w), -1, -1, -1)
        x = self.conv1(x, w)
        new = self.torgb(x, w)
        if picture is None:
            return x, new
        apart = picture.new_zeros(*picture.shape[:2], 2 * picture.shape[2], 2 * picture.shape[3])
        apart[:, :, ::2, ::2] = picture
        return x, filtered(apart, 2, 1, 4) + new


class SynthesisNetwork(Persistent):
    def __init__(self, w_dim, channels, use_noise):
        super().__init__()
        self.img_resolution, self.img_channels = 2 << len(channels), 3
        self.block_resolutions = [4 << i for i in range(len(channels))]
        for resolution, inputs, outputs in zip(self.block_resolutions, [0, *channels], channels):
            block = SynthesisBlock(inputs, outputs, w_dim, resolution, use_noise)
            setattr(self, f"b{resolution}", block)

    def forward(self, w):
        x = picture = None
        for resolution in self.block_resolutions:
            x, picture = getattr(self, f"b{resolution}")(x, picture, w)
        return picture


class Generator(Persistent):
    def __init__(self, z_dim, c_dim, w_dim, num_layers, channels, use_noise=True):
        super().__init__()
        self.z_dim, self.c_dim, self.w_dim = z_dim, c_dim, w_dim
        self.mapping = MappingNetwork(z_dim, c_dim, w_dim, num_layers)
        self.synthesis = SynthesisNetwork(w_dim, channels, use_noise)

    def forward(self, z, c, psi):
        return self.synthesis(self.mapping(z, c, psi)).clamp(-1, 1)


def pickled(generator, path):
    """Write a network as the official training does: classes of `torch_utils.persistence`."""
    module = type(sys)("torch_utils.persistence")
    module._reconstruct_persistent_obj = _reconstruct_persistent_obj
    names = {"torch_utils": type(sys)("torch_utils"), "torch_utils.persistence": module}
    _reconstruct_persistent_obj.__module__ = "torch_utils.persistence"
    sys.modules |= names
    with open(path, "wb") as file:
        pickle.dump({"G_ema": generator, "training_set_kwargs": {"resolution": generator.synthesis.img_resolution}}, file)
    for name in names:
        del sys.modules[name]


class Dcgan(nn.Module):
    """The DCGAN of PyTorch's tutorial; with `classes` > 0 the conditional one of the thesis."""

    def __init__(self, z_dim, channels, classes=0, embedded=0):
        super().__init__()
        if classes:
            self.embed = nn.Embedding(classes, embedded)
        layers, inputs = [], z_dim + embedded
        for i, outputs in enumerate(channels):
            layers += [nn.ConvTranspose2d(inputs, outputs, 4, *((2, 1) if i else (1, 0)), bias=False)]
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
            inputs = outputs
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(inputs, 3, 4, 2, 1, bias=False), nn.Tanh())
        for layer in self.main:
            if isinstance(layer, nn.ConvTranspose2d):
                nn.init.normal_(layer.weight, std=1.2 * (4 * layer.weight.shape[0]) ** -0.5)
            if isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.weight, 1, 0.2)
                nn.init.normal_(layer.bias, 0, 0.2)
                layer.running_mean.normal_(0, 0.2)
                layer.running_var.uniform_(0.5, 1.5)

    def forward(self, z, label=None):
        """`label` is a mixture of the classes' embeddings."""
        if label is not None:
            z = torch.cat([z, label @ self.embed.weight], 1)
        return self.main(z[:, :, None, None])


# As `reference.py` has them, and on the grid of moods, between whose points a mood is interpolated.
MOOD = torch.tensor([[0.0, 0.0], [0.5, 1.0], [-0.5, 0.0], [-1.0, 0.5]])
PSI = torch.tensor([1.0, 0.7, 0.4, 1.0])


def write(folder, name, network, z, image):
    """Store a network's `metadata, tensors` and, beside them, PyTorch's pictures `image`."""
    convert.save(folder / f"{name}.model.safetensors", *network)
    image = ((image + 1) * 127.5).round().to(torch.uint8)
    print(f"{name}: {image.shape[2]} pixels, deviation {image.float().std():.1f} of 255")
    tensors = {"z": z, "mood": MOOD, "psi": PSI, "image": image.permute(0, 2, 3, 1).contiguous()}
    save_file(tensors, folder / f"{name}.safetensors", {"model": f"{name}.model.safetensors"})
    (folder / f"{name}.safetensors").chmod(0o644)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    torch.manual_seed(7)
    said = {"trained_on": "nothing", "licence": "CC0-1.0"}
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "network"
        generator = Generator(64, 0, 48, 8, [32, 40, 24, 20, 16]).eval()
        pickled(generator, file)
        network = convert.convert(file, "stylegan2", **said)
        z = torch.randn(4, 64)
        write(folder, "stylegan2", network, z, generator(z, None, PSI))
        off = convert_paint.paint(*network, convert_paint.map_w(*network, z)) - generator(z, None, torch.ones(4))
        assert off.abs().max() < 1e-3, "the form in which the program computes is another function"

        # One class of three, without noise, and its w follows the mood along random directions.
        generator = Generator(32, 3, 32, 2, [16, 16, 16], use_noise=False).eval()
        pickled(generator, file)
        network = convert.convert(file, "stylegan2-mood", **said, which=1)
        network[0]["mood"] = "valence,arousal; random directions in w"
        ways = torch.randn(2, 32)
        convert_paint.follow(network[1], ways)
        z, label = torch.randn(4, 32), torch.tensor([[0.0, 1.0, 0.0]]).expand(4, 3)
        image = generator.synthesis(generator.mapping(z, label, PSI) + MOOD @ ways).clamp(-1, 1)
        write(folder, "stylegan2-mood", network, z, image)

        def at_length(z):
            """z as the program scales it: of a Gaussian's length, shortened by truncation."""
            return F.normalize(z, dim=1) * z.shape[1] ** 0.5 * PSI[:, None]

        generator = Dcgan(100, [40, 24, 20, 16]).eval()
        torch.save(generator.state_dict(), file)
        z = torch.randn(4, 100)
        write(folder, "dcgan", convert.convert(file, "dcgan", **said), z, generator(at_length(z)))

        # Conditional, on the eight emotions.
        generator = Dcgan(24, [24, 16], classes=8, embedded=6).eval()
        torch.save({"epoch": 1, "generator": generator.state_dict()}, file, _use_new_zipfile_serialization=False)
        place = ((MOOD + 1) * 2).long()
        label = convert.convert_dcgan.class_weights()[place[:, 1], place[:, 0]]
        z = torch.randn(4, 24)
        write(folder, "dcgan-mood", convert.convert(file, "dcgan-mood", **said), z, generator(at_length(z), label))


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
