"""The network that hears beats: causal convolutions over hops, each looking twice as far back."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from features import INPUTS

CHANNELS, LAYERS, KERNEL = 40, 10, 3


class Layer(nn.Module):
    """A dilated causal convolution, an activation and a mix of channels, added to what came in."""

    def __init__(self, dilation):
        super().__init__()
        self.past = (KERNEL - 1) * dilation
        self.conv = nn.Conv1d(CHANNELS, CHANNELS, KERNEL, dilation=dilation)
        self.mix = nn.Conv1d(CHANNELS, CHANNELS, 1)
        nn.init.zeros_(self.mix.bias)
        with torch.no_grad():
            self.mix.weight *= 0.3

    def forward(self, x, drop):
        y = F.elu(self.conv(F.pad(x, (self.past, 0))))
        return x + self.mix(F.dropout1d(y, drop, self.training))


class BeatNetwork(nn.Module):
    """Inputs [N, INPUTS, hops] to logits [N, 2, hops]: a beat, a downbeat, `DELAY` before the end of the hop."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(INPUTS, CHANNELS, 1)
        self.layers = nn.ModuleList(Layer(1 << k) for k in range(LAYERS))
        self.last = nn.Conv1d(CHANNELS, 2, 1)

    def forward(self, x, drop=0.1):
        x = F.elu(self.first(x))
        for layer in self.layers:
            x = layer(x, drop)
        return self.last(F.elu(x))
