"""The network that hears beats: causal convolutions over hops, each looking twice as far back."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from features import HOP, INPUTS

CHANNELS, LAYERS, KERNEL = 40, 10, 3
SLOWEST, FASTEST, TEMPOS = 40.0, 240.0, 52  # beats per minute, and how many on a logarithmic scale
METRES = (2, 3, 4, 5, 6, 7)  # beats of a bar
# What is told of each hop: a beat, a downbeat, no tempo or which, no metre or which.
TOLD = {"beat": 1, "downbeat": 1, "tempo": 1 + TEMPOS, "metre": 1 + len(METRES)}
SHIPPED = [0] + list(range(2, 3 + TEMPOS))  # of these what the program reads: beats and tempos


def tempo_place(tempo):
    """Where among the tempos one lies, with fraction: 0 is the slowest."""
    return (TEMPOS - 1) * np.log(tempo / SLOWEST) / np.log(FASTEST / SLOWEST)


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
    """Inputs [N, INPUTS, hops] to logits [N, sum(TOLD), hops] of `DELAY` before the end of each hop."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(INPUTS, CHANNELS, 1)
        self.layers = nn.ModuleList(Layer(1 << k) for k in range(LAYERS))
        self.last = nn.Conv1d(CHANNELS, sum(TOLD.values()), 1)

    def forward(self, x, drop=0.1):
        x = F.elu(self.first(x))
        for layer in self.layers:
            x = layer(x, drop)
        return self.last(F.elu(x))


def told(logits):
    """Probabilities of a song's logits [sum(TOLD), hops]: beats, downbeats, tempos [1 + TEMPOS, hops], metres."""
    beat, downbeat, tempo, metre = logits.split(list(TOLD.values()))
    return beat[0].sigmoid(), downbeat[0].sigmoid(), tempo.softmax(0), metre.softmax(0)
